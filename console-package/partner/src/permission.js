// The names by which browsers ask whether a site may reach programs on this computer, newest first: Chromium 142
// had one name for the local network and this computer, later ones tell them apart.
const PERMISSIONS = ["loopback-network", "local-network-access"];

/**
 * The browser's local network access permission: "granted", "denied", "prompt", or "unknown" where the browser has
 * no such permission or does not tell.
 */
async function browserPermission() {
  const permissions = scope.navigator && scope.navigator.permissions;
  if (!permissions || !permissions.query) return "unknown";
  for (let i = 0; i < PERMISSIONS.length; i++) {
    try {
      const state = (await permissions.query({ name: PERMISSIONS[i] })).state;
      // A page that comes from this computer needs no permission, but the browser calls it undecided.
      return state === "prompt" && isFromThisComputer() ? "unknown" : state;
    } catch {
      // This browser does not know the name.
    }
  }
  return "unknown";
}

function isFromThisComputer() {
  const host = scope.location ? scope.location.hostname : "";
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]" || /\.localhost$/.test(host);
}
