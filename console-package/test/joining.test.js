"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const { test } = require("node:test");

const {
  FakeHoldline, KEY, KEY_NAME, ORG, USER, loadFactory, makeConnected, makePartner, memoryStorage, until,
} = require("../testing/harness.js");

async function listen(t, options) {
  const holdline = await new FakeHoldline(options).listen();
  t.after(() => holdline.close());
  return holdline;
}

test("the script adds one function to its window and needs nothing of the browser to load", () => {
  assert.equal(typeof loadFactory(), "function");
});

test("it joins the one Holdline of all ports that serves its org and user, whatever the form of the ids", async (t) => {
  const foreign = http.createServer((_, response) => response.end("<h1>something else</h1>"));
  await new Promise((resolve) => foreign.listen(0, "localhost", resolve));
  t.after(() => foreign.close());
  const colleague = await listen(t, { userId: "005000000000002AAA", paired: KEY });
  const mine = await listen(t, { paired: KEY });
  const { partner, last } = makePartner(t, {
    ports: [foreign.address().port, colleague.port, mine.port],
    orgId: ORG.slice(0, 15),
  });
  partner.start();
  await until(() => last()?.state === "connected");
  assert.equal(colleague.hellos.length, 0);
  assert.deepEqual(mine.hellos[0].protocol, { min: 1, max: 1 });
  assert.equal(mine.hellos[0].key.id, "id-1");
});

test("where two answer as its own, it joins the one that knows its pairing key", async (t) => {
  const pretender = await listen(t, {});
  const mine = await listen(t, { paired: KEY });
  const { partner, last } = makePartner(t, { ports: [pretender.port, mine.port] });
  partner.start();
  await until(() => last()?.state === "connected");
  assert.equal(mine.sessions.size, 1);
});

test("an unpaired console shows the code, polls until the rep confirms, and keeps the key", async (t) => {
  const holdline = await listen(t, {});
  const { partner, storage, last } = makePartner(t, { ports: [holdline.port], storage: memoryStorage() });
  partner.start();
  await until(() => last()?.state === "pairing");
  assert.equal(last().pairingCode, "123456");
  assert.equal(holdline.hellos[0].key, undefined);
  await until(() => holdline.pairPolls.length === 1);
  holdline.decidePairing({ type: "waiting" });
  await until(() => holdline.pairPolls.length === 1, "the next pair poll");
  holdline.decidePairing({ type: "confirmed", pairingKey: "id-2.fresh" });
  await until(() => last().state === "connected");
  assert.equal(storage.kept.get(KEY_NAME), "id-2.fresh");
  assert.equal(holdline.hellos[1].key.id, "id-2");
});

test("a refused pairing waits for the rep, also when the page is looked at again", async (t) => {
  const holdline = await listen(t, {});
  let requests = 0;
  const { partner, last } = makePartner(t, {
    ports: [holdline.port],
    storage: memoryStorage(),
    fetch: (...args) => {
      requests += 1;
      return fetch(...args);
    },
  });
  partner.start();
  await until(() => holdline.pairPolls.length === 1);
  holdline.decidePairing({ type: "refused" });
  await until(() => last().state === "refused");
  assert.equal(last().code, "pairing_refused");
  assert.equal(last().canRetry, true);
  const before = requests;
  partner.visibilityChanged();
  // Had that woken it, its next request would have been made in the turn of the loop before this one.
  await new Promise(setImmediate);
  assert.equal(requests, before);
  partner.retry();
  await until(() => holdline.hellos.length === 2);
});

test("it works without storage, until the page is gone", async (t) => {
  const holdline = await listen(t, {});
  const storage = {
    getItem() { throw new Error("blocked"); },
    setItem() { throw new Error("blocked"); },
  };
  const { partner, last } = makePartner(t, { ports: [holdline.port], storage });
  partner.start();
  await until(() => holdline.pairPolls.length === 1);
  holdline.decidePairing({ type: "confirmed", pairingKey: "id-2.fresh" });
  await until(() => last().state === "connected");
});

for (const [what, identity, code] of [
  ["nobody is signed in", { orgId: undefined, userId: undefined }, "not_signed_in"],
  ["it serves another org", { orgId: "00D000000000002EAA" }, "other_org"],
  ["it serves another user", { userId: "005000000000002AAA" }, "other_user"],
]) {
  test(`a Holdline is there, but ${what}: said so, and joined as soon as that changes`, async (t) => {
    const holdline = await listen(t, { paired: KEY });
    Object.assign(holdline.identity, identity);
    const { partner, last } = makePartner(t, { ports: [holdline.port] });
    partner.start();
    await until(() => last()?.code === code);
    assert.equal(last().state, "looking");
    assert.equal(holdline.hellos.length, 0);
    Object.assign(holdline.identity, { orgId: ORG, userId: USER });
    await until(() => last().state === "connected");
  });
}

test("no common protocol is explained in Holdline's words", async (t) => {
  const holdline = await listen(t, { paired: KEY });
  holdline.refuse["/bridge/v1/hello"] = { status: 409, code: "protocol", detail: "Update the console package." };
  const { partner, last } = makePartner(t, { ports: [holdline.port] });
  partner.start();
  await until(() => last()?.state === "refused");
  assert.equal(last().code, "protocol");
  assert.equal(last().text, "Update the console package.");
});

test("where nobody answers it tells the browser's permission, the org's CSP and absence apart", async (t) => {
  const free = await new FakeHoldline().listen();
  const port = free.port;
  await free.close();
  let permission = "granted";
  const { partner, last } = makePartner(t, { ports: [port], networkPermission: async () => permission });
  partner.start();
  await until(() => last()?.code === "nobody");
  permission = "prompt";
  await until(() => last().code === "permission_prompt");
  permission = "denied";
  await until(() => last().code === "permission_denied");
  permission = "granted";
  partner.policyViolation({ blockedURI: "https://elsewhere.example" });
  await until(() => last().code === "nobody");
  partner.policyViolation({ blockedURI: `http://localhost:${port}/holdline` });
  await until(() => last().code === "blocked_by_csp");
});

test("while nobody is there it tries again ever more slowly, and never waits longer than 30 s", async (t) => {
  const pauses = [];
  let attempts = 0;
  const { partner } = makePartner(t, {
    ports: [47810],
    fetch: async () => {
      attempts += 1;
      throw new TypeError("Failed to fetch");
    },
    // The times as they are; its pauses, which no other timer is as long as, are over at once.
    timings: { firstRetry: 1000, lastRetry: 30000 },
    timers: {
      setTimeout: (run, ms) => {
        const isPause = ms !== 3000 && ms >= 1000;
        if (isPause) pauses.push(ms);
        return setTimeout(run, isPause ? 0 : ms);
      },
    },
  });
  partner.start();
  await until(() => pauses.length >= 8);
  partner.stop();
  assert.deepEqual(pauses.slice(0, 8), [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.ok(attempts >= 8, "each pause is followed by an attempt");
});

test("a page that becomes visible tries at once", async (t) => {
  const holdline = await new FakeHoldline({ paired: KEY }).listen();
  const port = holdline.port;
  await holdline.close();
  let visible = false;
  // With these times it would not try again by itself within the test.
  const { partner, last } = makePartner(t, {
    ports: [port],
    isVisible: () => visible,
    timings: { firstRetry: 3600000, lastRetry: 3600000 },
  });
  partner.start();
  await until(() => last()?.code === "nobody");
  const back = await new FakeHoldline({ paired: KEY }).listen(port);
  t.after(() => back.close());
  partner.visibilityChanged();
  assert.equal(back.hellos.length, 0);
  visible = true;
  await until(() => {
    partner.visibilityChanged();
    return last().state === "connected";
  });
});

test("a program that takes the connection and never answers does not keep it from Holdline", async (t) => {
  const silent = http.createServer(() => {});
  await new Promise((resolve) => silent.listen(0, "localhost", resolve));
  t.after(() => { silent.closeAllConnections(); silent.close(); });
  const holdline = await listen(t, { paired: KEY });
  const { partner, last } = makePartner(t, {
    ports: [silent.address().port, holdline.port],
    timings: { probeLimit: 3600000 },
  });
  partner.start();
  await until(() => last()?.state === "connected");
  assert.equal(holdline.sessions.size, 1);
});

test("a lost session is asked for again at once: forgotten by Holdline, or Holdline restarted", async (t) => {
  const { holdline, last } = await makeConnected(t);
  holdline.forgetSessions();
  await until(() => holdline.hellos.length === 2 && holdline.polls.length === 1);
  assert.equal(holdline.hellos[1].instance, holdline.hellos[0].instance, "the same page's life");
  const port = holdline.port;
  await holdline.close();
  await until(() => last().state === "looking");
  const restarted = await new FakeHoldline({ paired: KEY }).listen(port);
  t.after(() => restarted.close());
  await until(() => last().state === "connected");
});

test("a page that another one has replaced waits until it is looked at", async (t) => {
  const { holdline, partner, last } = await makeConnected(t);
  holdline.supersede();
  await until(() => last().code === "superseded");
  assert.equal(holdline.hellos.length, 1);
  partner.visibilityChanged();
  await until(() => last().state === "connected");
});

test("a page that is told so by a report's answer waits too", async (t) => {
  const { holdline, partner, last } = await makeConnected(t);
  holdline.sessions.clear();
  holdline.superseded = true;
  partner.event({ type: "logout" });
  await until(() => last().code === "superseded");
  assert.equal(holdline.hellos.length, 1);
});

test("a replaced page takes over when Holdline says that the one that leads is gone", async (t) => {
  const { holdline, last } = await makeConnected(t);
  holdline.supersede();
  await until(() => holdline.waits.length === 1);
  assert.equal(last().code, "superseded");
  holdline.sayFree(false);
  await until(() => holdline.waits.length === 1, "it waits on");
  assert.equal(holdline.hellos.length, 1);
  holdline.sayFree();
  await until(() => last().state === "connected");
});

test("a replaced page looks for Holdline again when that is gone itself", async (t) => {
  const { holdline, last } = await makeConnected(t);
  holdline.supersede();
  await until(() => holdline.waits.length === 1);
  await holdline.close();
  await until(() => last().state === "looking");
});

test("a page that is closed says so to Holdline, in a request that outlives it", async (t) => {
  const requests = [];
  const { holdline, partner } = await makeConnected(t, {
    fetch: (url, init) => {
      requests.push(init);
      return fetch(url, { ...init, keepalive: undefined });
    },
  });
  partner.leaving();
  await until(() => holdline.reports.some((report) => report.leaving === true));
  assert.equal(requests.at(-1).keepalive, true);
  const before = requests.length;
  partner.leaving();
  assert.equal(requests.length, before, "there is nobody to tell");
  // It does not come back by itself, to take the place from the page that has it now, but when it is shown again.
  holdline.forgetSessions();
  await new Promise(setImmediate);
  assert.equal(requests.length, before);
  partner.start();
  await until(() => holdline.hellos.length === 2);
});

test("the browser's own permission is asked by the names that browsers have given it", async (t) => {
  const free = await new FakeHoldline().listen();
  const port = free.port;
  await free.close();
  for (const [known, code] of [
    [{ "loopback-network": "denied", "local-network-access": "granted" }, "permission_denied"],
    [{ "local-network-access": "denied" }, "permission_denied"],
    [{ "loopback-network": "prompt" }, "permission_prompt"],
    [{}, "nobody"],
  ]) {
    const permissions = {
      query: async ({ name }) => {
        if (!known[name]) throw new TypeError(name);
        return { state: known[name] };
      },
    };
    const { partner, last } = makePartner(t, { ports: [port], navigator: { permissions } });
    partner.start();
    await until(() => last()?.code === code && true, code);
    partner.stop();
  }
});
