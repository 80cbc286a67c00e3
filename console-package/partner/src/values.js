function nothing() {
  return null;
}

/** Of two Holdlines that are not ours, the one whose remedy is nearer. */
function nearest(one, other) {
  const order = ["not_signed_in", "other_org", "other_user"];
  return one && order.indexOf(one) < order.indexOf(other) ? one : other;
}

function cleanEvent(event) {
  const clean = { type: event.type };
  EVENT_TYPES[event.type].forEach(function (field) { clean[field] = event[field]; });
  if (event.type === "connectionError") clean.error = event.error ? wordsOf(event.error) : "";
  if (event.type === "logout" && event.reason) clean.reason = String(event.reason);
  if (event.type === "statusChanged") {
    if (event.statusName) clean.statusName = String(event.statusName);
    if (event.statusApiName) clean.statusApiName = String(event.statusApiName);
  }
  // Not its message, which is the rep's and the supervisor's own.
  if (event.type === "workFlagUpdated") clean.isFlagged = event.isFlagged === true;
  if (event.type === "workloadChanged") {
    const counts = ["configuredCapacity", "previousWorkload", "newWorkload"];
    if (!counts.every(function (field) { return isCount(event[field]); })) return null;
    counts.forEach(function (field) { clean[field] = event[field]; });
  }
  return clean;
}

/** getAgentWorks answers {works: JSON text} (seed 003's sample) or the list its text promises. */
function worksOf(answer) {
  let list = answer && answer.works !== undefined ? answer.works : answer;
  if (typeof list === "string") list = JSON.parse(list);
  if (!Array.isArray(list)) throw refusal("toolkit", "getAgentWorks gave no list.");
  return list.map(function (work) {
    if (!isId(work.workId) || !isId(work.workItemId)) throw refusal("toolkit", "getAgentWorks gave no ids.");
    return { workId: work.workId, workItemId: work.workItemId, isEngaged: Boolean(work.isEngaged) };
  });
}

function wordsOf(error) {
  let words = error && (error.detail || error.message || error.errorMessage);
  if (!words) words = typeof error === "string" ? error : JSON.stringify(error) || "no reason given";
  return String(words).slice(0, 300);
}

function isId(value) {
  return typeof value === "string" && /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(value);
}

/** A count of capacity, which may be a fraction. */
function isCount(value) {
  return typeof value === "number" && value >= 0 && value < 4294967295;
}

/** The case-sensitive 15 characters: the toolkit may hand out either form. */
function shortId(id) {
  return String(id).slice(0, 15);
}

function sameId(one, other) {
  return isId(one) && isId(other) && shortId(one) === shortId(other);
}

/** Whether a work item is a call, by its key prefix. */
function isVoice(id, prefixes) {
  return prefixes.some(function (prefix) { return String(id).indexOf(prefix) === 0; });
}

function isPrefix(value) {
  return typeof value === "string" && /^[A-Za-z0-9]{3}$/.test(value);
}

function createIdSet() {
  const ids = new Set();
  return {
    has: function (id) { return ids.has(id); },
    add: function (id) {
      ids.add(id);
      if (ids.size > MOST_IDS) ids.delete(ids.values().next().value);
    },
  };
}

function randomName() {
  let name = "";
  while (name.length < 24) name += Math.random().toString(36).slice(2, 10);
  return name.slice(0, 24);
}

function systemClock() {
  const wall = Date.now();
  return { mono: scope.performance ? scope.performance.now() : wall, wall: wall };
}
