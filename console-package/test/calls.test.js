"use strict";

// The end of a conversation, read in the page: from the org's VoiceCall, or said by Salesforce Voice.

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { CASE, VOICE, VOICE_2, makeConnected, until } = require("../testing/harness.js");

const CLOSE = { type: "closeAgentWork", workId: VOICE.workId, voicePrefixes: ["0LQ"] };

async function ask(holdline, action) {
  const [id] = holdline.send(action);
  return until(() => holdline.outcome(id), `the outcome of ${action.type}`);
}

/** A page with two calls and a case, whose org says of each call what the test wants. */
async function inCalls(t, states, options = {}) {
  const asked = [];
  const readCalls = async (ids) => {
    asked.push([...ids]);
    return ids.map((id) => ({ id, hasEnded: false, vendorCallKey: null, ...states[id] }));
  };
  const made = await makeConnected(t, { readCalls, ...options });
  made.toolkit.works = [VOICE, VOICE_2, CASE];
  await ask(made.holdline, { type: "snapshot" });
  return { asked, ...made };
}

const ended = (holdline) => holdline.events.map(({ event }) => event).filter(({ type }) => type === "conversationEnded");

test("a snapshot asks how far the open calls are, and says which conversations have ended", async (t) => {
  const states = { [VOICE.workItemId]: { hasEnded: true } };
  const { asked, holdline } = await inCalls(t, states);
  assert.deepEqual(asked, [[VOICE.workItemId, VOICE_2.workItemId]]);
  assert.deepEqual(holdline.results[0].outcome.snapshot.conversationsEnded, [VOICE.workItemId]);
  await until(() => ended(holdline).length === 1);
  // It is not asked for again, and not told again.
  await ask(holdline, { type: "snapshot" });
  assert.deepEqual(asked[1], [VOICE_2.workItemId]);
  assert.equal(ended(holdline).length, 1);
});

test("nobody is asked while there is no call", async (t) => {
  const asked = [];
  const { holdline, toolkit } = await makeConnected(t, { readCalls: (ids) => asked.push(ids) });
  toolkit.works = [CASE];
  await ask(holdline, { type: "snapshot" });
  assert.deepEqual(asked, []);
});

test("Salesforce Voice's end of a call is that of the call with its key", async (t) => {
  const { holdline, partner } = await inCalls(t, { [VOICE_2.workItemId]: { vendorCallKey: "vendor-2" } });
  await partner.callEnded("vendor-1");
  assert.deepEqual(ended(holdline), []);
  await partner.callEnded("vendor-2");
  await until(() => ended(holdline).length === 1);
  assert.deepEqual(ended(holdline), [{ type: "conversationEnded", workItemId: VOICE_2.workItemId }]);
});

test("an end without a key, of a call without a key, is nobody's", async (t) => {
  const { holdline, partner } = await inCalls(t, {});
  for (const key of [undefined, null, ""]) await partner.callEnded(key);
  await ask(holdline, { type: "snapshot" });
  assert.deepEqual(ended(holdline), []);
});

for (const [what, readCalls] of [
  ["fails", async () => { throw new Error("no access"); }],
  ["throws", () => { throw new Error("no access"); }],
  ["says nothing of use", async () => "x"],
  ["says it of others", async () => [{ id: "0LQ000000000009AAA", hasEnded: true }, { hasEnded: true }]],
  ["never answers", () => new Promise(() => {})],
]) {
  test(`an org that ${what} has ended no conversation, and holds up no snapshot`, async (t) => {
    const { holdline } = await inCalls(t, {}, { readCalls, timings: { callsLimit: 20 } });
    assert.deepEqual(holdline.results[0].outcome.snapshot.conversationsEnded, []);
    assert.deepEqual(ended(holdline), []);
  });
}

test("a call is closed when the org says that its conversation has ended, and not before", async (t) => {
  const states = {};
  const { holdline, toolkit } = await inCalls(t, states);
  assert.equal((await ask(holdline, CLOSE)).code, "call_active");
  assert.equal(toolkit.count("closeAgentWork"), 0);
  states[VOICE.workItemId] = { hasEnded: true };
  assert.deepEqual(await ask(holdline, CLOSE), { type: "done" });
  assert.equal(toolkit.methods().at(-2), "getAgentWorks", "the last look is at the works");
});

test("each session is told once what the rep has set up", async (t) => {
  const setup = { statuses: [], channels: [], configuration: null };
  const { holdline, partner } = await makeConnected(t, { setup });
  await until(() => holdline.setups.length === 1);
  partner.event({ type: "logout" });
  await until(() => holdline.events.length === 1);
  assert.deepEqual(holdline.setups, [setup]);
  holdline.forgetSessions();
  await until(() => holdline.setups.length === 2);
});

test("words can be given by the org", async (t) => {
  const { states } = await makeConnected(t, { texts: { connected: "Verbunden." } });
  assert.equal(states.at(-1).text, "Verbunden.");
});
