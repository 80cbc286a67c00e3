"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { AVAILABLE, FakeHoldline, KEY, Toolkit, VOICE, makeConnected, makePartner, until } = require("../testing/harness.js");

const WORK = { workId: VOICE.workId, workItemId: VOICE.workItemId };
const LOAD = { type: "workloadChanged", configuredCapacity: 5, previousWorkload: 0.5, newWorkload: 5 };

test("events are numbered from 1 and reported as the bridge names them", async (t) => {
  const { holdline, partner } = await makeConnected(t);
  const events = [
    { type: "loginSuccess", statusId: AVAILABLE },
    { type: "statusChanged", statusId: AVAILABLE, statusName: "Available", statusApiName: "Available" },
    { type: "workAssigned", ...WORK },
    { type: "workAccepted", ...WORK },
    LOAD,
    { type: "conversationEnded", workItemId: VOICE.workItemId },
    { type: "workClosed", ...WORK },
    { type: "workDeclined", ...WORK },
    { type: "workFlagUpdated", workId: WORK.workId, isFlagged: true },
    { type: "workFlagUpdated", workId: WORK.workId, isFlagged: false },
    { type: "connectionError", error: "gone" },
    { type: "logout", reason: "OmniSupervisorLogout" },
    { type: "logout" },
  ];
  for (const event of events) assert.equal(partner.event(event), true);
  await until(() => holdline.events.length === events.length);
  assert.deepEqual(holdline.events.map((numbered) => numbered.event), events);
  assert.deepEqual(holdline.events.map((numbered) => numbered.seq), events.map((_, index) => index + 1));
});

test("what is no Omni-Channel event is not reported", async (t) => {
  const { holdline, partner } = await makeConnected(t);
  for (const event of [
    null, {}, { type: "toString" }, { type: "workAssigned" }, { type: "workAssigned", ...WORK, workId: "x" },
    { type: "workloadChanged", configuredCapacity: "many" }, { type: "statusChanged", statusId: null },
  ]) {
    assert.equal(partner.event(event), false);
  }
  partner.event(LOAD);
  await until(() => holdline.events.length === 1);
  assert.equal(holdline.events[0].event.type, "workloadChanged");
});

test("the console's own additions to an event stay in the console", async (t) => {
  const { holdline, partner } = await makeConnected(t);
  partner.event({ type: "statusChanged", statusId: AVAILABLE, channels: "[]", customer: "Ada" });
  await until(() => holdline.events.length === 1);
  assert.deepEqual(holdline.events[0].event, { type: "statusChanged", statusId: AVAILABLE });
});

test("events are sent again until they are acknowledged", async (t) => {
  const { holdline, partner } = await makeConnected(t);
  holdline.acknowledge = false;
  partner.event({ type: "workAssigned", ...WORK });
  await until(() => holdline.reports.length >= 2);
  partner.event({ type: "workAccepted", ...WORK });
  holdline.acknowledge = true;
  await until(() => holdline.events.length === 2);
  assert.deepEqual(holdline.events.map((numbered) => numbered.seq), [1, 2]);
});

test("what happens while a report is under way follows at once", async (t) => {
  const { holdline, partner } = await makeConnected(t, { timings: { firstRetry: 3600000 } });
  for (const type of ["workAssigned", "workAccepted", "workClosed"]) {
    const before = holdline.events.length;
    partner.event({ type, ...WORK });
    partner.event(LOAD);
    await until(() => holdline.events.length === before + 2);
  }
});

test("answers are sent again in the next session when a report was lost", async (t) => {
  const { holdline } = await makeConnected(t);
  holdline.refuse["/bridge/v1/report"] = { status: 503, code: "busy", detail: "" };
  const [id] = holdline.send({ type: "snapshot" });
  await until(() => holdline.polls.length === 1);
  holdline.forgetSessions();
  await until(() => holdline.hellos.length === 2);
  holdline.refuse = {};
  await until(() => holdline.outcome(id));
});

test("an unknown session in a report's answer makes it say hello again", async (t) => {
  const { holdline, partner } = await makeConnected(t);
  holdline.sessions.clear();
  partner.event({ type: "workAssigned", ...WORK });
  await until(() => holdline.hellos.length === 2 && holdline.events.length === 1);
  assert.equal(holdline.events[0].seq, 1);
});

test("what happened while Holdline was away is reported when it is back", async (t) => {
  const away = await new FakeHoldline({ paired: KEY }).listen();
  const port = away.port;
  await away.close();
  const { partner, last } = makePartner(t, { ports: [port] });
  partner.start();
  await until(() => last()?.code === "nobody");
  partner.event({ type: "workAssigned", ...WORK });
  partner.event({ type: "workAccepted", ...WORK });
  const holdline = await new FakeHoldline({ paired: KEY }).listen(port);
  t.after(() => holdline.close());
  await until(() => holdline.events.length === 2);
});

test("a thousand events are kept; after more it starts over, like a page just loaded", async (t) => {
  const away = await new FakeHoldline({ paired: KEY }).listen();
  const port = away.port;
  await away.close();
  const { partner, last } = makePartner(t, { ports: [port] });
  partner.start();
  await until(() => last()?.code === "nobody");
  for (let count = 0; count < 1000; count++) partner.event(LOAD);
  const holdline = await new FakeHoldline({ paired: KEY }).listen(port);
  t.after(() => holdline.close());
  await until(() => holdline.events.length === 1000);
  assert.equal(holdline.reports[0].events.length <= 200, true);

  holdline.acknowledge = false;
  for (let count = 0; count < 1001; count++) partner.event(LOAD);
  await until(() => holdline.hellos.length === 2);
  assert.notEqual(holdline.hellos[1].instance, holdline.hellos[0].instance);
  holdline.acknowledge = true;
  partner.event({ type: "workAssigned", ...WORK });
  await until(() => holdline.events.at(-1).event.type === "workAssigned");
  const fresh = holdline.events.filter((numbered) => numbered.instance === holdline.hellos[1].instance);
  assert.equal(fresh[0].seq, 1);
  assert.ok(fresh.length <= 1000);
});

test("a report that Holdline cannot read does not block what comes after it", async (t) => {
  const { holdline, partner } = await makeConnected(t);
  holdline.refuse["/bridge/v1/report"] = { status: 400, code: "bad_request", detail: "no" };
  partner.event(LOAD);
  await until(() => holdline.hellos.length === 2);
  holdline.refuse = {};
  await until(() => holdline.polls.length === 1);
  partner.event({ type: "workAssigned", ...WORK });
  await until(() => holdline.events.length === 1);
  assert.equal(holdline.events[0].event.type, "workAssigned");
});

test("closing the page is only asked about while a call is open", async (t) => {
  const { partner } = await makeConnected(t);
  const unload = () => {
    const event = { prevented: false, preventDefault() { this.prevented = true; } };
    const answer = partner.beforeUnload(event);
    assert.equal(Boolean(answer), event.prevented);
    return event.prevented;
  };
  assert.equal(unload(), false);
  partner.event({ type: "workAssigned", ...WORK });
  assert.equal(unload(), true);
  partner.event({ type: "workClosed", ...WORK });
  assert.equal(unload(), false);
});

test("a call that was open when the page was loaded counts too", async (t) => {
  const toolkit = new Toolkit();
  toolkit.works = [VOICE];
  const { partner } = await makeConnected(t, { toolkit });
  await until(() => partner.beforeUnload({}) !== undefined);
});

test("after stop nothing is carried out", async (t) => {
  let read = 0;
  const { holdline, partner, toolkit } = await makeConnected(t, {
    fetch: async (...args) => {
      const response = await fetch(...args);
      const text = await response.text();
      return { status: response.status, text: async () => { read += 1; return text; } };
    },
  });
  partner.stop();
  const before = read;
  holdline.send({ type: "login", statusId: AVAILABLE });
  await until(() => read > before, "the poll's answer");
  await new Promise(setImmediate);
  assert.equal(toolkit.count("login"), 0);
});
