"use strict";

const assert = require("node:assert/strict");
const { webcrypto } = require("node:crypto");
const { test } = require("node:test");

const { proofs } = require("../testing/fake_holdline.js");
const { FakeHoldline, KEY, KEY_NAME, makePartner, memoryStorage, until } = require("../testing/harness.js");

async function listen(t, options) {
  const holdline = await new FakeHoldline(options).listen();
  t.after(() => holdline.close());
  return holdline;
}

/** A partner whose requests are kept, to see what it tells whom. */
function watched(t, options) {
  const told = [];
  const made = makePartner(t, {
    ...options,
    fetch: (url, init) => {
      told.push(`${url} ${init.body || ""}`);
      return fetch(url, init);
    },
  });
  return { told, ...made };
}

test("the known answer, which crates/wire/src/proof.rs has too", () => {
  const hello = { orgId: "00D000000000001EAA", userId: "005000000000001AAA", instance: "page",
    key: { id: "id-1", nonce: "n1" } };
  assert.deepEqual(proofs("c2VjcmV0", 47810, hello, "n2"), {
    partner: "VPNdEyKv4q4i7Vkpo7EY5dOQH7DBH05JrGnziKWq554",
    desktop: "Hzbw3qSQlo21HrGNeNtXw-M_KAwD-JZX6WNfV2hzXUw",
  });
});

test("the key is told to nobody, and every hello has a nonce of its own", async (t) => {
  const holdline = await listen(t, { paired: KEY });
  const { told, partner, last } = watched(t, { ports: [holdline.port] });
  partner.start();
  await until(() => last()?.state === "connected");
  holdline.forgetSessions();
  await until(() => holdline.proofs.length === 2);
  assert.ok(!told.join().includes("secret-1"), "told the key");
  assert.notEqual(holdline.hellos[0].key.nonce, holdline.hellos[1].key.nonce);
  assert.match(holdline.hellos[0].key.nonce, /^[\w-]{16,64}$/);
});

test("who claims to be ours and cannot prove it is not joined, and said so", async (t) => {
  const impostor = await listen(t, { paired: KEY });
  impostor.impostor = true;
  const { told, partner, last } = watched(t, { ports: [impostor.port] });
  partner.start();
  await until(() => last()?.code === "impostor");
  assert.equal(impostor.polls.length, 0);
  assert.ok(!told.join().includes("secret-1"), "told the key");
});

test("an impostor does not keep it from Holdline, wherever it listens", async (t) => {
  const impostor = await listen(t, { paired: KEY });
  impostor.impostor = true;
  const holdline = await listen(t, { paired: KEY });
  const { partner, last } = makePartner(t, { ports: [impostor.port, holdline.port] });
  partner.start();
  await until(() => last()?.state === "connected");
  assert.equal(impostor.polls.length, 0);
});

test("a program that hands everything on to Holdline gets no session", async (t) => {
  const relay = await listen(t, { paired: KEY });
  // Holdline itself, heard through another port.
  relay.claimedPort = relay.port + 1;
  const { partner, states, storage } = makePartner(t, { ports: [relay.port] });
  partner.start();
  await until(() => states.some((state) => state.state === "pairing"));
  assert.equal(relay.sessions.size, 0);
  assert.equal(storage.kept.get(KEY_NAME), KEY, "the key is kept");
});

test("without Web Crypto it says so and what to do, and tells nothing", async (t) => {
  const holdline = await listen(t, { paired: KEY });
  const { partner, last } = makePartner(t, { ports: [holdline.port], crypto: { getRandomValues() {} } });
  partner.start();
  await until(() => last()?.code === "no_crypto");
  assert.match(last().text, /Lightning Web Security/);
  assert.equal(holdline.hellos.length, 0);
});

test("a key of another form is none", async (t) => {
  const holdline = await listen(t, {});
  const { partner, last } = makePartner(t, {
    ports: [holdline.port],
    storage: memoryStorage({ [KEY_NAME]: "from-before" }),
    crypto: webcrypto,
  });
  partner.start();
  await until(() => last()?.state === "pairing");
  assert.equal(holdline.hellos[0].key, undefined);
});
