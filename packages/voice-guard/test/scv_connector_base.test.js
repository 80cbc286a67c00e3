// The guard inside a connector made with the real @salesforce/scv-connector-base, unmodified: what Salesforce sends
// when, and what comes back.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createRequire } from "node:module";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";

import { VoiceGuard } from "../src/index.js";
import { Backend } from "./backend.js";

// The library runs in a page and says what it does on its console.
globalThis.window = new EventTarget();
console.error = () => {};
console.log = () => {};
const base = createRequire(import.meta.url)("@salesforce/scv-connector-base");

const OFFLINE = { agentStatus: "Offline", statusInfo: { statusId: "0", statusApiName: "Offline" } };
const ONLINE = { agentStatus: "Online", statusInfo: { statusId: "0N5A", statusApiName: "Available" } };

class Connector extends base.VendorConnector {
  constructor(guard) {
    super();
    this.guard = guard;
  }

  async init() {
    return new base.InitResult({ showLogin: false });
  }

  async getAgentConfig() {
    return new base.AgentConfigResult({ phones: [] });
  }

  async getCapabilities() {
    return new base.CapabilitiesResult({ hasPendingStatusChange: true });
  }

  async getActiveCalls() {
    return new base.ActiveCallsResult({ activeCalls: [] });
  }

  setAgentStatus(agentStatus, statusInfo, enqueueNextState) {
    return this.guard.setAgentStatus(agentStatus, statusInfo, enqueueNextState);
  }
}

/** Salesforce's side of the connector's channel. */
class Salesforce extends EventEmitter {
  static async loads(connector) {
    const { port1, port2 } = new MessageChannel();
    const salesforce = new Salesforce();
    salesforce.port = port1;
    salesforce.capabilities = null;
    port1.on("message", ({ type, payload }) => {
      if (type === "CONNECTOR_READY") salesforce.emit("ready", payload);
      if (type === "TELEPHONY_EVENT_DISPATCHED") {
        salesforce.emit(payload.telephonyEventType, payload.telephonyEventPayload);
      }
    });
    const ready = once(salesforce, "ready");
    base.initializeConnector(connector);
    const setUp = new Event("message");
    Object.assign(setUp, {
      data: { type: "SETUP_CONNECTOR", connectorConfig: {} },
      origin: "https://acme.lightning.force.com",
      ports: [port2],
    });
    window.dispatchEvent(setUp);
    [salesforce.capabilities] = await ready;
    return salesforce;
  }

  /** Sends setAgentStatus; what the library tells of its outcome. */
  async sets(status, enqueueNextState) {
    const told = Promise.race([
      once(this, "SET_AGENT_STATUS_RESULT").then(([result]) => result),
      once(this, "ERROR").then(([error]) => error),
    ]);
    this.port.postMessage({ type: "SET_AGENT_STATUS", ...status, enqueueNextState });
    return told;
  }
}

async function setUp() {
  const backend = new Backend();
  const guard = new VoiceGuard({ vendor: backend, results: base });
  backend.onContacts = () => guard.contactsChanged();
  backend.onState = (name) => guard.stateWasSet(name);
  const salesforce = await Salesforce.loads(new Connector(guard));
  return { backend, guard, salesforce };
}

test("the library takes the guard's results, and passes the flag on", async (t) => {
  const { backend, guard, salesforce } = await setUp();
  t.after(() => salesforce.port.close());
  assert.ok(JSON.stringify(salesforce.capabilities).includes("true"), "the capabilities were told");
  const id = backend.call();
  assert.deepEqual(await salesforce.sets(OFFLINE, true), { success: true });
  assert.deepEqual([backend.state, guard.queued.state.name], ["Available", "Offline"]);
  await backend.end(id);
  assert.deepEqual([backend.state, backend.dropped], ["Offline", 0]);
});

test("errors arrive as Salesforce's own", async (t) => {
  const { backend, salesforce } = await setUp();
  t.after(() => salesforce.port.close());
  const nonsense = { agentStatus: "Nonsense", statusInfo: null };
  assert.deepEqual(await salesforce.sets(nonsense, false), { message: "INVALID_AGENT_STATUS" });
  backend.refuses = true;
  const refused = { agentStatus: "Online", statusInfo: null };
  assert.deepEqual(await salesforce.sets(refused, false), { message: "CAN_NOT_SET_AGENT_STATUS" });
});

// What Salesforce sends to a connector when (telephony's documented table): nothing at all during calls.
const SENDS = [
  { when: "log in as offline", status: OFFLINE, then: "Offline" },
  { when: "log in as online", status: ONLINE, then: "Available" },
  { when: "outbound call made", call: true, then: "Available" },
  { when: "outbound call connected", call: true, then: "Available" },
  { when: "outbound call in after-conversation work", call: true, then: "Available" },
  { when: "the VoiceCall tab closed after after-conversation work", ends: true, status: ONLINE, then: "Available" },
  { when: "inbound call received, accepted, connected, in after-conversation work", call: true, then: "Available" },
  { when: "inbound call declined", ends: true, then: "Available" },
];

test("the table of what Salesforce sends when leads to these states and drops nothing", async (t) => {
  const { backend, guard, salesforce } = await setUp();
  t.after(() => salesforce.port.close());
  let call = null;
  for (const { when, status, call: calls, ends, then } of SENDS) {
    if (calls && call === null) call = backend.call();
    if (ends && call !== null) {
      await backend.end(call);
      call = null;
    }
    if (status) assert.deepEqual(await salesforce.sets(status, false), { success: true }, when);
    assert.deepEqual([backend.state, guard.queued, backend.dropped], [then, null, 0], when);
  }
});

test("a status chosen in each of these moments waits for its end", async (t) => {
  for (const { when, call: calls } of SENDS.filter(({ call }) => call)) {
    const { backend, salesforce } = await setUp();
    t.after(() => salesforce.port.close());
    assert.ok(calls);
    const call = backend.call();
    assert.deepEqual(await salesforce.sets(OFFLINE, true), { success: true }, when);
    assert.equal(backend.state, "Available", when);
    await backend.end(call);
    assert.deepEqual([backend.state, backend.dropped], ["Offline", 0], when);
  }
});
