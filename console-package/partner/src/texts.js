// What is shown to the rep, by code. In an org each is a custom label, Holdline_CODE, and can be translated.
const TEXTS = {
  // What the partner itself shows.
  connected: "Connected to Holdline.",
  pairing: "Compare this code with the one in Holdline and confirm it there.",
  nobody: "Looking for Holdline. Start it on this computer and sign in there.",
  not_signed_in: "Holdline is running, but nobody is signed in. Sign in there.",
  other_org: "Holdline on this computer is signed in to another Salesforce org. Sign in to this one there.",
  other_user: "Holdline on this computer belongs to another user. Sign in there as yourself.",
  blocked_by_csp:
    "This org does not allow the console to reach Holdline. Ask your administrator to add Holdline's " +
    "http://localhost addresses to CSP Trusted Sites (connect-src).",
  permission_denied:
    "The browser does not allow this site to reach programs on this computer. Allow local network access " +
    "for this site in the browser's site settings, or ask your administrator to.",
  permission_prompt: "The browser asks whether this site may reach programs on this computer: allow it.",
  no_crypto:
    "This page may not use the browser's Web Crypto, without which it cannot prove who it is. Open the console " +
    "by https; your administrator may have to turn on Lightning Web Security for Aura components.",
  impostor:
    "A program on this computer claims to be your Holdline and could not prove it. If it stays, tell your " +
    "administrator.",
  superseded: "Another console page of yours is connected to Holdline. This one takes over when you come back to it.",
  pairing_refused: "The pairing was refused in Holdline, or its code has expired. Pair again if you want to.",
  protocol: "This console's Holdline package and the Holdline on this computer are too far apart in version. " +
    "Ask your administrator which of the two to update.",

  // What the utility item adds.
  armed: "You will be logged out of Omni-Channel when this call ends.",
  bar_blocked: "Holdline: blocked",
  bar_connected: "Holdline",
  bar_looking: "Holdline: not found",
  bar_pairing: "Holdline: confirm the code",
  bar_refused: "Holdline: not connected",
  no_setup:
    "Salesforce did not say which presence statuses are yours. Ask your administrator to assign you the " +
    "permission set Holdline Rep, then try again.",
  pair_again: "Pair again",
  starting: "Starting.",
  title_blocked: "Blocked",
  title_connected: "Connected",
  title_looking: "Not connected",
  title_pairing: "Confirm the code",
  title_refused: "Not connected",
  try_again: "Try again",
};
