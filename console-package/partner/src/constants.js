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
  // How long the org may take to say how far the calls are, before a snapshot goes without.
  callsLimit: 3000,
  // Holdline holds a poll for 20 s.
  pollLimit: 30000,
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
  workFlagUpdated: ["workId"],
  workloadChanged: [],
  conversationEnded: ["workItemId"],
};

// What a command may come to besides an answer: nothing is reported of it (now).
const WITHDRAWN = { withdrawn: true };
const ARMED = { armed: true };
