const APP = "holdline";
const PROTOCOL = { min: 1, max: 1 };
const VOICE_CALL_PREFIX = "0LQ";
const MOST_EVENTS = 1000;
const MOST_EVENTS_IN_A_REPORT = 200;
const MOST_IDS = 10000;
// Holdline cannot read it: bad request, too large, not JSON, not what is expected.
const UNREADABLE = [400, 413, 415, 422];

// Milliseconds. None of them decides anything about a call: they bound waiting for an answer.
const TIMINGS = {
  firstRetry: 1000,
  lastRetry: 30000,
  probeLimit: 3000,
  // After one port has answered as ours, how long others may still do so.
  probeGather: 200,
  answerLimit: 10000,
  // Holdline holds a poll for 20 s.
  pollLimit: 30000,
  // A leading page that has not heard Holdline for this long is gone or frozen.
  takeOver: 60000,
  // A toolkit promise that has not settled this long after its command's expiry frees the queue.
  toolkitGrace: 10000,
};

const EVENT_TYPES = {
  connectionError: [],
  loginSuccess: ["statusId"],
  logout: [],
  statusChanged: ["statusId"],
  workAccepted: ["workId", "workItemId"],
  workAssigned: ["workId", "workItemId"],
  workClosed: ["workId", "workItemId"],
  workDeclined: ["workId", "workItemId"],
  workloadChanged: [],
  conversationEnded: ["workItemId"],
};

const TEXTS = {
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
  superseded: "Another console page of yours is connected to Holdline. This one takes over when you come back to it.",
  pairing_refused: "The pairing was refused in Holdline, or its code has expired. Pair again if you want to.",
  protocol: "This console's Holdline package and the Holdline on this computer are too far apart in version. " +
    "Ask your administrator which of the two to update.",
};

// What a command may come to besides an answer: nothing is reported of it (now).
const WITHDRAWN = { withdrawn: true };
const ARMED = { armed: true };
