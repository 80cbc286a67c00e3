"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { AVAILABLE, CASE, VOICE, VOICE_2, makeConnected, until } = require("../testing/harness.js");

const LOGOUT = { type: "logout", voicePrefixes: ["0LQ"], wrappingUp: [] };
const ARM = { type: "arm", voicePrefixes: ["0LQ"], expiresInMs: 3600000 };

function closed(work) {
  return { type: "workClosed", workId: work.workId, workItemId: work.workItemId };
}

function assigned(work) {
  return { type: "workAssigned", workId: work.workId, workItemId: work.workItemId };
}

/** Sends one command and waits for its outcome. */
async function ask(holdline, action) {
  const [id] = holdline.send(action);
  return until(() => holdline.outcome(id), `the outcome of ${action.type}`);
}

/** Arms and waits until the partner has taken stock of the open calls. */
async function armed({ holdline, toolkit, last }, action = ARM) {
  const asked = toolkit.count("getAgentWorks");
  const [id] = holdline.send(action);
  await until(() => last().armed && toolkit.count("getAgentWorks") > asked);
  // The partner is ready when it polls again and its question has been answered.
  await until(() => holdline.polls.length === 1);
  return id;
}

test("each action calls the toolkit's method with its arguments", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  const workId = VOICE.workId;
  for (const [action, expected] of [
    [{ type: "acceptAgentWork", workId }, ["acceptAgentWork", { workId }]],
    [{ type: "closeAgentWork", workId, voicePrefixes: ["0LQ"] }, ["closeAgentWork", { workId }]],
    [{ type: "declineAgentWork", workId }, ["declineAgentWork", { workId }]],
    [{ type: "declineAgentWork", workId, declineReason: "Lunch" },
      ["declineAgentWork", { workId, declineReason: "Lunch" }]],
    [{ type: "raiseAgentWorkFlag", workId, message: "Help" }, ["raiseAgentWorkFlag", { workId, message: "Help" }]],
    [{ type: "raiseAgentWorkFlag", workId }, ["raiseAgentWorkFlag", { workId }]],
    [{ type: "lowerAgentWorkFlag", workId }, ["lowerAgentWorkFlag", { workId }]],
    [{ type: "login", statusId: AVAILABLE }, ["login", { statusId: AVAILABLE }]],
    [{ type: "setServicePresenceStatus", statusId: AVAILABLE },
      ["setServicePresenceStatus", { statusId: AVAILABLE }]],
    [LOGOUT, ["logout"]],
  ]) {
    assert.deepEqual(await ask(holdline, action), { type: "done" });
    assert.deepEqual(toolkit.calls.at(-1), expected);
  }
});

test("a status that is not the rep's own word logs nobody in", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  const set = { type: "setServicePresenceStatus", statusId: AVAILABLE };
  // Logged out, the toolkit rejects or says nothing; an action without a word may not log in either.
  toolkit.statusId = null;
  assert.equal((await ask(holdline, { ...set, logIn: false })).code, "logged_out");
  assert.equal((await ask(holdline, set)).code, "logged_out");
  toolkit.getServicePresenceStatusId = async () => ({});
  assert.equal((await ask(holdline, set)).code, "logged_out");
  assert.equal(toolkit.count("setServicePresenceStatus"), 0);
  assert.deepEqual(await ask(holdline, { ...set, logIn: true }), { type: "done" });
  assert.equal(toolkit.count("setServicePresenceStatus"), 1);
});

test("a status is looked at immediately before another is set, and not after its time", async (t) => {
  const { holdline, toolkit, time } = await makeConnected(t);
  const set = { type: "setServicePresenceStatus", statusId: AVAILABLE, expiresInMs: 5000 };
  assert.deepEqual(await ask(holdline, set), { type: "done" });
  assert.deepEqual(toolkit.methods().slice(-2), ["getServicePresenceStatusId", "setServicePresenceStatus"]);
  toolkit.before.getServicePresenceStatusId = () => { time.offset += 6000; };
  assert.equal((await ask(holdline, set)).code, "expired");
  assert.equal(toolkit.count("setServicePresenceStatus"), 1);
});

test("commands are carried out in order, one at a time", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  let release;
  toolkit.before.login = () => new Promise((resolve) => { release = resolve; });
  const ids = holdline.send(
    { type: "login", statusId: AVAILABLE },
    { type: "acceptAgentWork", workId: VOICE.workId },
  );
  await until(() => release);
  assert.equal(toolkit.count("acceptAgentWork"), 0);
  release();
  await until(() => holdline.outcome(ids[1]));
  assert.deepEqual(holdline.results.map((result) => result.id), ids);
});

test("a rejection and an answer of false are the toolkit's refusals, with its words", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  toolkit.before.login = () => { throw new Error("No access to this status"); };
  assert.deepEqual(await ask(holdline, { type: "login", statusId: AVAILABLE }),
    { type: "refused", code: "toolkit", detail: "login: No access to this status" });
  toolkit.declines = false;
  const outcome = await ask(holdline, { type: "declineAgentWork", workId: VOICE.workId });
  assert.equal(outcome.code, "toolkit");
});

test("a toolkit that never settles does not hold up what comes after it", async (t) => {
  const { holdline, toolkit } = await makeConnected(t, { timings: { toolkitGrace: 10 } });
  toolkit.before.login = () => new Promise(() => {});
  assert.equal((await ask(holdline, { type: "login", statusId: AVAILABLE, expiresInMs: 50 })).code, "toolkit");
  assert.deepEqual(await ask(holdline, LOGOUT), { type: "done" });
});

test("an unknown action is refused as unsupported", async (t) => {
  const { holdline } = await makeConnected(t);
  assert.equal((await ask(holdline, { type: "danceAgentWork" })).code, "unsupported");
});

test("a snapshot gives works, status, workload and ended conversations", async (t) => {
  const { holdline, toolkit, partner } = await makeConnected(t);
  toolkit.works = [VOICE, CASE];
  partner.event({ type: "conversationEnded", workItemId: VOICE.workItemId });
  assert.deepEqual(await ask(holdline, { type: "snapshot" }), {
    type: "done",
    snapshot: {
      works: [VOICE, CASE],
      statusId: AVAILABLE,
      workload: { configuredCapacity: 5, currentWorkload: 1.25 },
      conversationsEnded: [VOICE.workItemId],
    },
  });
});

test("a snapshot of a logged-out rep has no status, and one without getAgentWorks is refused", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  toolkit.statusId = null;
  toolkit.before.getAgentWorkload = () => { throw new Error("not now"); };
  assert.deepEqual((await ask(holdline, { type: "snapshot" })).snapshot, { works: [], conversationsEnded: [] });
  toolkit.before.getAgentWorks = () => { throw new Error("not ready"); };
  assert.equal((await ask(holdline, { type: "snapshot" })).code, "toolkit");
});

test("a command is acted on once, however often it comes", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  await ask(holdline, { ...LOGOUT, id: "once" });
  holdline.send({ ...LOGOUT, id: "once" });
  await ask(holdline, { type: "snapshot" });
  assert.equal(toolkit.count("logout"), 1);
});

test("a command is not begun after its time, counted from the poll's answer", async (t) => {
  const { holdline, toolkit, time } = await makeConnected(t);
  toolkit.before.login = () => { time.offset += 6000; };
  const [, late] = holdline.send(
    { type: "login", statusId: AVAILABLE },
    { ...LOGOUT, expiresInMs: 5000 },
  );
  assert.equal((await until(() => holdline.outcome(late))).code, "expired");
  assert.equal(toolkit.count("logout"), 0);
});

test("a logout whose getAgentWorks outlasts its time is not carried out", async (t) => {
  const { holdline, toolkit, time } = await makeConnected(t);
  toolkit.before.getAgentWorks = () => { time.offset += 6000; };
  assert.equal((await ask(holdline, { ...LOGOUT, expiresInMs: 5000 })).code, "expired");
  assert.equal(toolkit.count("logout"), 0);
});

test("a withdrawn command is not begun and gets no answer", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  let release;
  toolkit.before.login = () => new Promise((resolve) => { release = resolve; });
  holdline.send({ type: "login", statusId: AVAILABLE }, { ...LOGOUT, id: "gone" });
  await until(() => release && holdline.polls.length === 1);
  holdline.withdraw("gone");
  await until(() => holdline.polls.length === 1);
  release();
  await ask(holdline, { type: "snapshot" });
  assert.equal(toolkit.count("logout"), 0);
  assert.equal(holdline.outcome("gone"), undefined);
});

test("an id in both lists of one answer is not carried out", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  holdline.push([{ id: "both", expiresInMs: 60000, action: LOGOUT }], ["both"]);
  await ask(holdline, { type: "snapshot" });
  assert.equal(toolkit.count("logout"), 0);
});

test("logout asks getAgentWorks immediately before", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  toolkit.works = [CASE];
  await ask(holdline, LOGOUT);
  assert.deepEqual(toolkit.methods().slice(-2), ["getAgentWorks", "logout"]);
});

test("logout is refused with call_active for a call, ringing or open, in either form of its id", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  for (const work of [VOICE, VOICE_2, { ...VOICE, workItemId: VOICE.workItemId.slice(0, 15) }]) {
    toolkit.works = [CASE, work];
    assert.equal((await ask(holdline, LOGOUT)).code, "call_active");
  }
  assert.equal(toolkit.count("logout"), 0);
});

test("a call in wrap-up that Holdline names does not stop the logout; any other does", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  toolkit.works = [VOICE, VOICE_2];
  const action = { ...LOGOUT, wrappingUp: [VOICE.workId.slice(0, 15)] };
  assert.equal((await ask(holdline, action)).code, "call_active");
  toolkit.works = [VOICE];
  assert.deepEqual(await ask(holdline, action), { type: "done" });
});

test("logout is refused for a call that is assigned while getAgentWorks is asked", async (t) => {
  const { holdline, toolkit, partner } = await makeConnected(t);
  toolkit.before.getAgentWorks = () => { partner.event(assigned(VOICE)); };
  assert.equal((await ask(holdline, LOGOUT)).code, "call_active");
  assert.equal(toolkit.count("logout"), 0);
});

test("logout is refused where getAgentWorks fails, and where nobody says what a call is", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  assert.equal((await ask(holdline, { type: "logout", wrappingUp: [] })).code, "unsupported");
  toolkit.before.getAgentWorks = () => { throw new Error("not ready"); };
  assert.equal((await ask(holdline, LOGOUT)).code, "toolkit");
  assert.equal(toolkit.count("logout"), 0);
});

test("armed, it logs out at the last voice WorkClosed and answers then", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner, last } = made;
  toolkit.works = [VOICE, VOICE_2, CASE];
  const id = await armed(made);
  partner.event(closed(CASE));
  toolkit.works = [VOICE_2];
  partner.event(closed(VOICE));
  await until(() => holdline.events.length === 2);
  assert.equal(toolkit.count("logout"), 0);
  assert.equal(last().armed, true);
  toolkit.works = [];
  partner.event(closed(VOICE_2));
  assert.deepEqual(await until(() => holdline.outcome(id)), { type: "done" });
  assert.deepEqual(toolkit.methods().slice(-2), ["getAgentWorks", "logout"]);
  assert.equal(last().armed, false);
});

test("armed, getAgentWorks may still list the call that has just closed", async (t) => {
  const made = await makeConnected(t);
  made.toolkit.works = [VOICE];
  const id = await armed(made);
  made.partner.event(closed(VOICE));
  assert.deepEqual(await until(() => made.holdline.outcome(id)), { type: "done" });
});

test("armed, another call that came in between wins: call_active, and it fires no more", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner } = made;
  toolkit.works = [VOICE];
  const id = await armed(made);
  toolkit.works = [VOICE_2];
  partner.event(closed(VOICE));
  assert.equal((await until(() => holdline.outcome(id))).code, "call_active");
  toolkit.works = [];
  partner.event(closed(VOICE_2));
  await ask(holdline, { type: "snapshot" });
  assert.equal(toolkit.count("logout"), 0);
});

test("armed, a call assigned while it asks wins too", async (t) => {
  const made = await makeConnected(t);
  made.toolkit.works = [VOICE];
  const id = await armed(made);
  made.toolkit.works = [];
  made.toolkit.before.getAgentWorks = () => { made.partner.event(assigned(VOICE_2)); };
  made.partner.event(closed(VOICE));
  assert.equal((await until(() => made.holdline.outcome(id))).code, "call_active");
  assert.equal(made.toolkit.count("logout"), 0);
});

test("an arm that was withdrawn does not fire", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner, last } = made;
  toolkit.works = [VOICE];
  const id = await armed(made);
  holdline.withdraw(id);
  await until(() => !last().armed);
  toolkit.works = [];
  partner.event(closed(VOICE));
  await ask(holdline, { type: "snapshot" });
  assert.equal(toolkit.count("logout"), 0);
  assert.equal(holdline.outcome(id), undefined);
});

test("an arm that is withdrawn while it asks getAgentWorks does not log out", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner } = made;
  toolkit.works = [VOICE];
  const id = await armed(made);
  let release;
  toolkit.before.getAgentWorks = () => new Promise((resolve) => { release = resolve; });
  toolkit.works = [];
  partner.event(closed(VOICE));
  await until(() => release);
  holdline.withdraw(id);
  await until(() => holdline.polls.length === 1);
  release();
  toolkit.before = {};
  await ask(holdline, { type: "snapshot" });
  assert.equal(toolkit.count("logout"), 0);
});

test("an arm that has expired says so at the call's end and does not log out", async (t) => {
  const made = await makeConnected(t);
  made.toolkit.works = [VOICE];
  const id = await armed(made, { ...ARM, expiresInMs: 1000 });
  made.toolkit.works = [];
  made.time.offset += 1001;
  made.partner.event(closed(VOICE));
  assert.equal((await until(() => made.holdline.outcome(id))).code, "expired");
  assert.equal(made.toolkit.count("logout"), 0);
});

test("an arm is refused where getAgentWorks fails: it would not know the last call", async (t) => {
  const { holdline, toolkit, last } = await makeConnected(t);
  toolkit.before.getAgentWorks = () => { throw new Error("not ready"); };
  assert.equal((await ask(holdline, ARM)).code, "toolkit");
  assert.equal(last().armed, false);
});

test("armed, it fires at the call's end also while Holdline is away", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner, last } = made;
  toolkit.works = [VOICE];
  await armed(made);
  await holdline.close();
  await until(() => last().state === "looking");
  toolkit.works = [];
  partner.event(closed(VOICE));
  await until(() => toolkit.count("logout") === 1);
});

test("a status chosen in the console while Holdline is away disarms", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner, last } = made;
  toolkit.works = [VOICE];
  await armed(made);
  await holdline.close();
  await until(() => last().state === "looking");
  partner.event({ type: "statusChanged", statusId: AVAILABLE });
  const asked = toolkit.count("getAgentWorks");
  toolkit.works = [];
  partner.event(closed(VOICE));
  // An arm that fires asks getAgentWorks before its first turn of the loop is over.
  await new Promise(setImmediate);
  assert.equal(toolkit.count("getAgentWorks"), asked);
  assert.equal(toolkit.count("logout"), 0);
});

test("a session that Holdline has ended disarms", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner, last } = made;
  toolkit.works = [VOICE];
  await armed(made);
  holdline.supersede();
  await until(() => last().code === "superseded");
  const asked = toolkit.count("getAgentWorks");
  toolkit.works = [];
  partner.event(closed(VOICE));
  // An arm that fires asks getAgentWorks before its first turn of the loop is over.
  await new Promise(setImmediate);
  assert.equal(toolkit.count("getAgentWorks"), asked);
});

test("a new session starts unarmed: Holdline decides anew", async (t) => {
  const made = await makeConnected(t);
  const { holdline, toolkit, partner, last } = made;
  toolkit.works = [VOICE];
  await armed(made);
  holdline.forgetSessions();
  await until(() => holdline.hellos.length === 2 && holdline.polls.length === 1);
  assert.equal(last().armed, false);
  toolkit.works = [];
  partner.event(closed(VOICE));
  await ask(holdline, { type: "snapshot" });
  assert.equal(toolkit.count("logout"), 0);
});

test("a command of an earlier session is not carried out in the next", async (t) => {
  const { holdline, toolkit } = await makeConnected(t);
  let release;
  toolkit.before.login = () => new Promise((resolve) => { release = resolve; });
  const [, old] = holdline.send({ type: "login", statusId: AVAILABLE }, LOGOUT);
  await until(() => release && holdline.polls.length === 1);
  holdline.forgetSessions();
  await until(() => holdline.hellos.length === 2 && holdline.polls.length === 1);
  release();
  assert.equal((await until(() => holdline.outcome(old))).code, "expired");
  assert.equal(toolkit.count("logout"), 0);
});

test("every kind of call counts, and a command that does not say which they are is not carried out", async (t) => {
  const own = { workId: "0Bz000000000005AAA", workItemId: "a01000000000005AAA", isEngaged: true };
  const { holdline, toolkit } = await makeConnected(t);
  toolkit.works = [own];
  const both = ["0LQ", "a01"];
  assert.equal((await ask(holdline, { ...LOGOUT, voicePrefixes: both })).code, "call_active");
  for (const voicePrefixes of [undefined, [], "0LQ", [""], ["0LQ", null], ["0L"]]) {
    assert.equal((await ask(holdline, { ...LOGOUT, voicePrefixes })).code, "unsupported");
    assert.equal((await ask(holdline, { ...ARM, voicePrefixes })).code, "unsupported");
  }
  assert.equal(toolkit.count("logout"), 0);
  assert.deepEqual(await ask(holdline, LOGOUT), { type: "done" });
});

test("an armed logout waits for the last call of every kind", async (t) => {
  const own = { workId: "0Bz000000000005AAA", workItemId: "a01000000000005AAA", isEngaged: true };
  const made = await makeConnected(t);
  const { holdline, toolkit, partner } = made;
  toolkit.works = [VOICE, own];
  const id = await armed(made, { ...ARM, voicePrefixes: ["0LQ", "a01"] });
  toolkit.works = [own];
  partner.event(closed(VOICE));
  await ask(holdline, { type: "snapshot" });
  assert.equal(holdline.outcome(id), undefined);
  toolkit.works = [];
  partner.event(closed(own));
  assert.deepEqual(await until(() => holdline.outcome(id)), { type: "done" });
  assert.equal(toolkit.count("logout"), 1);
});

test("a call is closed only when its conversation has ended, other work at once", async (t) => {
  const { holdline, toolkit, partner } = await makeConnected(t);
  toolkit.works = [VOICE, CASE];
  const close = (work) => ask(holdline, { type: "closeAgentWork", workId: work.workId, voicePrefixes: ["0LQ"] });
  assert.equal((await close(VOICE)).code, "call_active");
  assert.equal((await close({ workId: VOICE.workId.slice(0, 15) })).code, "call_active", "either form of its id");
  assert.deepEqual(await close(CASE), { type: "done" });
  assert.equal(toolkit.count("closeAgentWork"), 1);
  partner.event({ type: "conversationEnded", workItemId: VOICE.workItemId });
  assert.deepEqual(await close(VOICE), { type: "done" });
  assert.deepEqual(toolkit.calls.at(-1), ["closeAgentWork", { workId: VOICE.workId }]);
});

test("a work is not closed when it is not known what is open, or too late", async (t) => {
  const { holdline, toolkit, time } = await makeConnected(t);
  toolkit.before.getAgentWorks = () => { throw new Error("not ready"); };
  assert.equal((await ask(holdline, { type: "closeAgentWork", workId: CASE.workId, voicePrefixes: ["0LQ"] })).code, "toolkit");
  toolkit.before.getAgentWorks = () => { time.offset += 6000; };
  const late = { type: "closeAgentWork", workId: CASE.workId, voicePrefixes: ["0LQ"], expiresInMs: 5000 };
  assert.equal((await ask(holdline, late)).code, "expired");
  assert.equal(toolkit.count("closeAgentWork"), 0);
});
