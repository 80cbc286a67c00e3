"use strict";

// The utility item around the partner: events in, commands out, states shown.

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { SETUP, VoiceToolkit, labels, makeConnectedConsole, makeConsole } = require("../testing/console.js");
const { AVAILABLE, FakeHoldline, PHONE, Toolkit, VOICE, memoryStorage, until } = require("../testing/harness.js");
const { elements } = require("../testing/aura.js");

const WORK = { workId: VOICE.workId, workItemId: VOICE.workItemId };
const STATUS = { statusId: AVAILABLE, statusName: "Available", statusApiName: "Available" };

// Each event with what Salesforce's documentation gives it, and what leaves the page.
const EVENTS = [
  ["ConnectionError", { error: { message: "gone" } }, { type: "connectionError", error: "gone" }],
  ["LoginSuccess", { statusId: AVAILABLE }, { type: "loginSuccess", statusId: AVAILABLE }],
  ["Logout", { reason: "DuplicateLogin" }, { type: "logout", reason: "DuplicateLogin" }],
  ["Logout", {}, { type: "logout" }],
  ["StatusChanged", { ...STATUS, channels: "[]" }, { type: "statusChanged", ...STATUS }],
  ["WorkAccepted", WORK, { type: "workAccepted", ...WORK }],
  ["WorkAssigned", WORK, { type: "workAssigned", ...WORK }],
  ["WorkClosed", WORK, { type: "workClosed", ...WORK }],
  ["WorkDeclined", WORK, { type: "workDeclined", ...WORK }],
  ["WorkFlagUpdated", { workId: VOICE.workId, isFlagged: true, message: "Help", roleUpdatedBy: "AGENT",
    updatedBy: "005000000000009AAA" }, { type: "workFlagUpdated", workId: VOICE.workId, isFlagged: true }],
  ["WorkloadChanged", { configuredCapacity: 5, previousWorkload: 0, newWorkload: 5 },
    { type: "workloadChanged", configuredCapacity: 5, previousWorkload: 0, newWorkload: 5 }],
];

async function ask(holdline, action) {
  const [id] = holdline.send(action);
  return until(() => holdline.outcome(id), `the outcome of ${action.type}`);
}

test("all ten Omni-Channel events reach Holdline, with what may leave the page", async (t) => {
  const { holdline, item } = await makeConnectedConsole(t);
  for (const [event, params] of EVENTS) item.fire(`lightning:omniChannel${event}`, params);
  await until(() => holdline.events.length === EVENTS.length);
  assert.deepEqual(holdline.events.map(({ event }) => event), EVENTS.map(([, , sent]) => sent));
  const handled = [...elements(item.markup)].map(({ attributes }) => attributes.event).filter(Boolean);
  assert.equal(new Set(handled).size, 10);
  assert.deepEqual(new Set(EVENTS.map(([event]) => `lightning:omniChannel${event}`)), new Set(handled));
});

test("every action in the markup is one of the controller's", async (t) => {
  const { item } = await makeConnectedConsole(t);
  const named = [...elements(item.markup)].flatMap(({ attributes }) => Object.values(attributes))
    .map((value) => /^\{!c\.(\w+)\}$/.exec(value)?.[1]).filter(Boolean);
  assert.deepEqual([...new Set(named)].sort(), Object.keys(item.controller).sort());
});

test("toolkit methods are called with their documented arguments", async (t) => {
  const { holdline, toolkit } = await makeConnectedConsole(t);
  const workId = VOICE.workId;
  const voicePrefixes = ["0LQ"];
  for (const action of [
    { type: "acceptAgentWork", workId }, { type: "declineAgentWork", workId, declineReason: "Lunch" },
    { type: "raiseAgentWorkFlag", workId, message: "Help" }, { type: "lowerAgentWorkFlag", workId },
    { type: "closeAgentWork", workId, voicePrefixes }, { type: "login", statusId: AVAILABLE },
    { type: "setServicePresenceStatus", statusId: AVAILABLE, logIn: true }, { type: "snapshot" },
    { type: "logout", voicePrefixes, wrappingUp: [] },
  ]) {
    assert.equal((await ask(holdline, action)).type, "done", action.type);
  }
  assert.deepEqual([...new Set(toolkit.methods())].sort(), [
    "acceptAgentWork", "closeAgentWork", "declineAgentWork", "getAgentWorkload", "getAgentWorks",
    "getServicePresenceStatusId", "login", "logout", "lowerAgentWorkFlag", "raiseAgentWorkFlag",
    "setServicePresenceStatus",
  ]);
  const given = Object.fromEntries(toolkit.calls.map(([method, args]) => [method, args]));
  assert.deepEqual(given.declineAgentWork, { workId, declineReason: "Lunch" });
  assert.deepEqual(given.raiseAgentWorkFlag, { workId, message: "Help" });
  assert.equal(given.logout, undefined);
});

for (const [what, answer, outcome] of [
  ["true", async () => true, { type: "done" }],
  ["false", async () => false, { type: "refused", code: "toolkit", detail: "login said false." }],
  ["a rejection", async () => { throw new Error("No access"); },
    { type: "refused", code: "toolkit", detail: "login: No access" }],
  ["a rejection with a list, as Lightning's methods have it", () => Promise.reject([{ code: "GENERIC_ERROR" }]),
    { type: "refused", code: "toolkit", detail: 'login: [{"code":"GENERIC_ERROR"}]' }],
  ["an exception instead of a promise", () => { throw new TypeError("not ready"); },
    { type: "refused", code: "toolkit", detail: "login: not ready" }],
]) {
  test(`a toolkit that answers with ${what} is taken at its word`, async (t) => {
    const toolkit = new Toolkit();
    toolkit.login = answer;
    const { holdline } = await makeConnectedConsole(t, { toolkit });
    assert.deepEqual(await ask(holdline, { type: "login", statusId: AVAILABLE }), outcome);
  });
}

test("a toolkit that never answers does not keep the rep's events from Holdline", async (t) => {
  const toolkit = new Toolkit();
  toolkit.login = () => new Promise(() => {});
  const { holdline, item } = await makeConnectedConsole(t, { toolkit });
  holdline.send({ type: "login", statusId: AVAILABLE });
  item.fire("lightning:omniChannelWorkAssigned", WORK);
  await until(() => holdline.events.length === 1);
});

test("the list of works may be a text, as in the sample, or a list, as the documentation says", async (t) => {
  for (const answer of [{ works: JSON.stringify([VOICE]) }, { works: [VOICE] }, [VOICE]]) {
    const toolkit = new Toolkit();
    toolkit.getAgentWorks = async () => answer;
    const { holdline } = await makeConnectedConsole(t, { toolkit });
    assert.deepEqual((await ask(holdline, { type: "snapshot" })).snapshot.works, [VOICE]);
  }
});

test("Holdline is told what the rep has set up, as Apex gave it", async (t) => {
  const statuses = [{ id: AVAILABLE, label: "Available", developerName: "Available", channels: [PHONE] }];
  const setup = { ...SETUP, statuses };
  const { holdline } = await makeConnectedConsole(t, { apex: { mine: async () => setup } });
  await until(() => holdline.setups.length === 1);
  assert.deepEqual(holdline.setups[0].statuses, statuses);
});

test("a rep without the permission set is told so, and can try again", async (t) => {
  const holdline = await new FakeHoldline({ paired: null }).listen();
  t.after(() => holdline.close());
  const { apex, bar, item } = makeConsole(t, { ports: [holdline.port], apex: { mine: null } });
  await until(() => item.text().includes("permission set Holdline Rep"));
  assert.equal(bar.last("setUtilityHighlighted").highlighted, true);
  assert.equal(bar.last("setUtilityLabel").label, "Holdline: not connected");
  apex.mine = async () => SETUP;
  item.press("Try again");
  await until(() => holdline.hellos.length > 0);
});

test("the code opens the item, and the item closes when the rep has confirmed it", async (t) => {
  const holdline = await new FakeHoldline({}).listen();
  t.after(() => holdline.close());
  const { bar, item } = makeConsole(t, { ports: [holdline.port], storage: memoryStorage() });
  await until(() => item.text().includes("123 456"));
  assert.match(item.text(), /Confirm the code/);
  assert.equal(bar.count("openUtility"), 1);
  await until(() => holdline.pairPolls.length === 1);
  holdline.decidePairing({ type: "confirmed", pairingKey: "id-9.secret-9" });
  await until(() => item.text().includes("Connected to Holdline."));
  assert.equal(bar.count("minimizeUtility"), 1);
  assert.doesNotMatch(item.text(), /123 456/);
  assert.equal(bar.last("setUtilityHighlighted").highlighted, false);
});

test("a refused pairing is offered again", async (t) => {
  const holdline = await new FakeHoldline({}).listen();
  t.after(() => holdline.close());
  const { item } = makeConsole(t, { ports: [holdline.port], storage: memoryStorage() });
  await until(() => holdline.pairPolls.length === 1);
  holdline.decidePairing({ type: "refused" });
  await until(() => item.text().includes("The pairing was refused"));
  item.press("Pair again");
  await until(() => holdline.hellos.length === 2);
});

test("an armed logout is said", async (t) => {
  const { holdline, item, toolkit } = await makeConnectedConsole(t);
  toolkit.works = [VOICE];
  holdline.send({ type: "arm", voicePrefixes: ["0LQ"], expiresInMs: 3600000 });
  await until(() => item.text().includes("when this call ends"));
});

// What a browser does to a fetch in each of the three cases, and what the utility item then says.
const REFUSALS = [
  ["Holdline is not running", {}, "Looking for Holdline. Start it on this computer"],
  ["the org's CSP Trusted Sites lack Holdline's addresses", { violation: true }, "CSP Trusted Sites"],
  ["the browser's local network access was denied", { permission: "denied" }, "Allow local network access"],
  ["the browser's question is undecided", { permission: "prompt" }, "The browser asks whether"],
];

for (const [what, { permission, violation }, words] of REFUSALS) {
  test(`it tells which it is when ${what}`, async (t) => {
    let page = null;
    const refused = async (url) => {
      if (violation) page.document.dispatch("securitypolicyviolation", { blockedURI: url });
      throw new TypeError("Failed to fetch");
    };
    const navigator = permission && { permissions: { query: async () => ({ state: permission }) } };
    page = makeConsole(t, { ports: [47810], fetch: refused, navigator });
    await until(() => page.item.text().includes(words));
    for (const [, , others] of REFUSALS) {
      if (others !== words) assert.ok(!page.item.text().includes(others), page.item.text());
    }
    const blocked = Boolean(permission || violation);
    assert.equal(page.bar.last("setUtilityLabel").label, blocked ? "Holdline: blocked" : "Holdline: not found");
    assert.equal(page.bar.last("setUtilityHighlighted").highlighted, blocked);
    assert.ok(page.item.text().includes("Try again"));
  });
}

test("an older browser's name of the permission is understood", async (t) => {
  const query = async ({ name }) => {
    if (name !== "local-network-access") throw new TypeError(`${name} is not a valid enum value`);
    return { state: "denied" };
  };
  const { item } = makeConsole(t, {
    ports: [47810], fetch: async () => { throw new TypeError("no"); }, navigator: { permissions: { query } },
  });
  await until(() => item.text().includes("Allow local network access"));
});

test("a page from this computer, which needs no permission, is not sent to ask for one", async (t) => {
  let asked = false;
  const { item } = makeConsole(t, {
    ports: [47810],
    fetch: async () => { throw new TypeError("no"); },
    hostname: "localhost",
    navigator: { permissions: { query: async () => { asked = true; return { state: "prompt" }; } } },
  });
  await until(() => asked && item.text().includes("Start it on this computer"));
});

test("it works outside of a utility bar", async (t) => {
  const holdline = await new FakeHoldline({}).listen();
  t.after(() => holdline.close());
  const { bar, item } = makeConsole(t, { ports: [holdline.port], storage: memoryStorage() });
  bar.outside = true;
  await until(() => item.text().includes("123 456"));
});

test("the page asks before it is closed with a call, and only then", async (t) => {
  const { holdline, item, window } = await makeConnectedConsole(t);
  const leave = () => {
    const unload = { preventDefault() { this.asked = true; } };
    window.dispatch("beforeunload", unload);
    return Boolean(unload.asked);
  };
  assert.equal(leave(), false);
  item.fire("lightning:omniChannelWorkAssigned", WORK);
  assert.equal(leave(), true);
  item.fire("lightning:omniChannelWorkClosed", WORK);
  await until(() => holdline.events.length === 2);
  assert.equal(leave(), false);
});

test("Salesforce Voice's end of a call is read in the page, where the org has Voice", async (t) => {
  const voice = new VoiceToolkit();
  const calls = async ({ workItemIds }) =>
    workItemIds.map((id) => ({ id, hasEnded: false, vendorCallKey: "contact-1" }));
  const { holdline, item } = await makeConnectedConsole(t, {
    apex: { calls }, creatable: { "force:serviceCloudVoiceToolkitApi": voice },
  });
  item.fire("lightning:omniChannelWorkAccepted", WORK);
  voice.dispatch("CALL_ENDED", { type: "CALL_ENDED", detail: { callId: "another" } });
  voice.dispatch("CALL_ENDED", { type: "CALL_ENDED", detail: { callId: "contact-1" } });
  await until(() => holdline.events.length === 2);
  assert.deepEqual(holdline.events[1].event, { type: "conversationEnded", workItemId: VOICE.workItemId });
});

test("a page that becomes visible tries at once", async (t) => {
  let tries = 0;
  const { document } = makeConsole(t, {
    ports: [47810],
    fetch: async () => { tries += 1; throw new TypeError("no"); },
    // A hidden tab: what is to come in a second or later does not come.
    setTimeout: (callback, delay) => setTimeout(callback, delay >= 1000 ? 0x7fffffff : delay).unref(),
  });
  await until(() => tries === 1);
  document.dispatch("visibilitychange");
  await until(() => tries === 2);
});

test("an item that is destroyed listens to nothing and asks nobody any more", async (t) => {
  const voice = new VoiceToolkit();
  const { document, holdline, item, window } = await makeConnectedConsole(t, {
    creatable: { "force:serviceCloudVoiceToolkitApi": voice },
  });
  assert.ok(document.count() > 0 && window.count() > 0 && voice.count() > 0);
  item.destroy();
  assert.equal(document.count() + window.count() + voice.count(), 0);
  item.fire("lightning:omniChannelWorkAssigned", WORK);
  assert.equal(holdline.events.length, 0);
});

test("the labels are the words that the item shows", async (t) => {
  const { item } = await makeConnectedConsole(t);
  await until(() => item.text().includes(labels().Holdline_connected));
});
