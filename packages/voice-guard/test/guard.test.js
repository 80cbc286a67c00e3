// The guard alone: queues, replacements, errors.
import assert from "node:assert/strict";
import { test } from "node:test";

import { VoiceGuard } from "../src/index.js";
import { Backend, results } from "./backend.js";

const OFFLINE = { statusId: "0", statusApiName: "Offline" };
const BREAK = { statusId: "0N5000000000001", statusApiName: "Break" };

function setUp({ canEnqueue = false, holdline = null, ...more } = {}) {
  const backend = new Backend({ canEnqueue });
  const guard = new VoiceGuard({ vendor: backend, results, holdline, holdlinesTurnMs: 5, ...more });
  backend.onContacts = () => guard.contactsChanged();
  backend.onState = (name) => guard.stateWasSet(name);
  return { backend, guard };
}

test("without a contact a state is set at once, with the flag too", async () => {
  for (const flag of [false, true]) {
    const { backend, guard } = setUp();
    const result = await guard.setAgentStatus("Break", BREAK, flag);
    assert.ok(result instanceof results.SetAgentStateResult);
    assert.deepEqual({ ...result }, { success: true, isStatusSyncNeeded: false });
    assert.equal(backend.state, "Break");
  }
});

test("with the flag the vendor's own queue is used, where it has one", async () => {
  const { backend, guard } = setUp({ canEnqueue: true });
  const id = backend.call();
  const result = await guard.setAgentStatus("Offline", OFFLINE, true);
  assert.deepEqual({ ...result }, { success: true, isStatusSyncNeeded: true });
  assert.deepEqual([backend.state, backend.nextState], ["Available", "Offline"]);
  await backend.end(id);
  assert.deepEqual([backend.state, backend.dropped, guard.queued], ["Offline", 0, null]);
});

test("without one the state waits for the end of the call, and no call is dropped", async () => {
  const { backend, guard } = setUp();
  const id = backend.call();
  await guard.setAgentStatus("Offline", OFFLINE, true);
  assert.deepEqual([backend.state, guard.queued.by], ["Available", "guard"]);
  await backend.end(id);
  assert.deepEqual([backend.state, backend.dropped], ["Offline", 0]);
});

test("an Offline during a call waits even without the flag", async () => {
  const { backend, guard } = setUp();
  const id = backend.call();
  await guard.setAgentStatus("Offline", OFFLINE, false);
  assert.equal(backend.state, "Available");
  await backend.end(id);
  assert.deepEqual([backend.state, backend.dropped], ["Offline", 0]);
});

test("the newest request counts", async () => {
  const { backend, guard } = setUp();
  const id = backend.call();
  await guard.setAgentStatus("Offline", OFFLINE, true);
  await guard.setAgentStatus("Break", BREAK, true);
  await backend.end(id);
  assert.equal(backend.state, "Break");

  const other = setUp();
  const call = other.backend.call();
  await other.guard.setAgentStatus("Offline", OFFLINE, true);
  await other.guard.setAgentStatus("Break", BREAK, false);
  await other.backend.end(call);
  assert.equal(other.backend.state, "Break");
});

test("what waits is not applied inside the next call", async () => {
  const { backend, guard } = setUp({ holdline: { enqueue: async () => true }, holdlinesTurnMs: 50 });
  const first = backend.call();
  await guard.setAgentStatus("Offline", OFFLINE, true);
  const ending = backend.end(first); // Holdline's turn begins
  const second = backend.call();
  await ending;
  assert.deepEqual([backend.state, backend.dropped], ["Available", 0]);
  await backend.end(second);
  assert.equal(backend.state, "Offline");
});

test("Holdline's queue is asked, gets its turn, and is taken back", async () => {
  const asked = [];
  const holdline = { enqueue: async (state) => (asked.push(state), true) };
  const { backend, guard } = setUp({ holdline, holdlinesTurnMs: 60_000 });
  const id = backend.call();
  await guard.setAgentStatus("Offline", OFFLINE, true);
  assert.equal(guard.queued.by, "holdline");
  const ending = backend.end(id);
  await backend.setState("Offline", true); // Holdline sets it
  await ending; // and nobody waits for the rest of its turn
  assert.equal(guard.queued, null);
  assert.deepEqual(asked, ["Offline", null]);

  const again = backend.call();
  await guard.setAgentStatus("Break", BREAK, true);
  await guard.holdlineIsBack();
  assert.deepEqual(asked.slice(2), ["Break", "Break"]);
  await guard.setAgentStatus("Break", BREAK, false);
  assert.equal(asked.at(-1), null);
  await backend.end(again);
});

test("a Holdline that fails is no reason to forget", async () => {
  const holdline = { enqueue: async () => Promise.reject(new Error("gone")) };
  const { backend, guard } = setUp({ holdline });
  const id = backend.call();
  const result = await guard.setAgentStatus("Offline", OFFLINE, true);
  assert.deepEqual([result.success, guard.queued.by], [true, "guard"]);
  await backend.end(id);
  assert.equal(backend.state, "Offline");
});

test("a status the phone does not have, and a phone that refuses, are Salesforce's errors", async () => {
  const { backend, guard } = setUp();
  await assert.rejects(guard.setAgentStatus("Nonsense", { statusApiName: "Nonsense" }, false), {
    type: "INVALID_AGENT_STATUS",
  });
  backend.refuses = true;
  await assert.rejects(guard.setAgentStatus("Break", BREAK, false), { type: "CAN_NOT_SET_AGENT_STATUS" });
  backend.setState = () => Promise.reject(new Error("500"));
  await assert.rejects(guard.setAgentStatus("Break", BREAK, false), { type: "CAN_NOT_SET_AGENT_STATUS" });
});

test("an older base library gets the class it knows", async () => {
  const { GenericResult } = results;
  const { guard } = setUp({ results: { GenericResult } });
  const result = await guard.setAgentStatus("Break", BREAK, false);
  assert.ok(result instanceof GenericResult);
  assert.deepEqual({ ...result }, { success: true });
  assert.throws(() => new VoiceGuard({ vendor: new Backend(), results: {} }), TypeError);
  assert.throws(() => new VoiceGuard({ vendor: {}, results }), TypeError);
});
