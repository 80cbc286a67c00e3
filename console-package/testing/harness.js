"use strict";

// Loads the partner as Lightning would, with nothing of the browser but what it may use, and gives it a
// console toolkit whose answers a test controls.

const { webcrypto } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const { FakeHoldline, ORG, USER } = require("./fake_holdline.js");

const SOURCE = fs.readFileSync(path.join(__dirname, "../partner/holdline_partner.js"), "utf8");

/** Runs the script in a context of its own: the language, timers and a clock; no DOM, no Node, no fetch. */
function loadFactory(navigator, timers = { setTimeout }) {
  const window = { setTimeout: timers.setTimeout, clearTimeout, performance, btoa, crypto: webcrypto, navigator };
  vm.runInNewContext(SOURCE, { window });
  return window.createHoldlinePartner;
}

const VOICE = { workId: "0Bz000000000001AAA", workItemId: "0LQ000000000001AAA", isEngaged: true };
const VOICE_2 = { workId: "0Bz000000000002AAA", workItemId: "0LQ000000000002AAA", isEngaged: false };
const CASE = { workId: "0Bz000000000009AAA", workItemId: "500000000000009AAA", isEngaged: true };
const AVAILABLE = "0N5000000000001AAA";
const PHONE = "0N9000000000001AAA";

class Toolkit {
  constructor() {
    this.works = [];
    this.calls = [];
    this.statusId = AVAILABLE;
    this.before = {};
  }

  async did(method, args) {
    this.calls.push(args === undefined ? [method] : [method, structuredClone(args)]);
    if (this.before[method]) await this.before[method]();
  }

  methods() {
    return this.calls.map(([method]) => method);
  }

  count(method) {
    return this.methods().filter((name) => name === method).length;
  }

  async getAgentWorks() {
    const works = JSON.stringify(this.works);
    await this.did("getAgentWorks");
    return { works };
  }
  async getServicePresenceStatusId() {
    await this.did("getServicePresenceStatusId");
    if (!this.statusId) throw new Error("not logged in");
    return { statusId: this.statusId, statusName: "Available", statusApiName: "Available" };
  }
  async getAgentWorkload() {
    await this.did("getAgentWorkload");
    return { configuredCapacity: 5, currentWorkload: 1.25 };
  }
  async login(args) {
    await this.did("login", args);
    return true;
  }
  async logout(args) {
    await this.did("logout", args);
    return true;
  }
  async acceptAgentWork(args) {
    await this.did("acceptAgentWork", args);
    return true;
  }
  async closeAgentWork(args) {
    await this.did("closeAgentWork", args);
    return true;
  }
  async declineAgentWork(args) {
    await this.did("declineAgentWork", args);
    return this.declines !== false;
  }
  async raiseAgentWorkFlag(args) {
    await this.did("raiseAgentWorkFlag", args);
    return true;
  }
  async lowerAgentWorkFlag(args) {
    await this.did("lowerAgentWorkFlag", args);
    return true;
  }
  async setServicePresenceStatus(args) {
    await this.did("setServicePresenceStatus", args);
    return { statusId: args.statusId };
  }
}

function memoryStorage(entries = {}) {
  const kept = new Map(Object.entries(entries));
  return {
    kept,
    getItem: (name) => (kept.has(name) ? kept.get(name) : null),
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
}

const KEY = "id-1.secret-1";
const KEY_NAME = `holdline.pairing.${ORG.slice(0, 15)}.${USER.slice(0, 15)}`;

/** Waits for a condition; fails with its text. */
async function until(condition, what = condition.toString()) {
  const end = Date.now() + 10000;
  while (Date.now() < end) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited in vain for: ${what}`);
}

/** A partner with a toolkit, on the given ports; stopped when the test ends. */
function makePartner(test, options = {}) {
  const toolkit = options.toolkit || new Toolkit();
  const storage = options.storage || memoryStorage({ [KEY_NAME]: KEY });
  const states = [];
  const time = { offset: 0 };
  const partner = loadFactory(options.navigator, options.timers)({
    toolkit,
    crypto: options.crypto,
    fetch: options.fetch || fetch,
    storage,
    ports: options.ports,
    orgId: options.orgId || ORG,
    userId: options.userId || USER,
    show: (state) => states.push(state),
    isVisible: options.isVisible || (() => true),
    networkPermission: options.networkPermission,
    readCalls: options.readCalls,
    setup: options.setup,
    texts: options.texts,
    clock: () => ({ mono: performance.now() + time.offset, wall: Date.now() + time.offset }),
    timings: { firstRetry: 20, lastRetry: 80, probeGather: 20, ...options.timings },
  });
  test.after(() => partner.stop());
  return { partner, toolkit, storage, states, time, last: () => states[states.length - 1] };
}

/** A paired partner with an open session. */
async function makeConnected(test, options = {}) {
  const holdline = await new FakeHoldline({ paired: KEY }).listen();
  test.after(() => holdline.close());
  const made = makePartner(test, { ports: [holdline.port], ...options });
  made.partner.start();
  await until(() => holdline.polls.length > 0, "the first poll");
  return { holdline, ...made };
}

module.exports = {
  AVAILABLE, CASE, FakeHoldline, KEY, KEY_NAME, ORG, PHONE, Toolkit, USER, VOICE, VOICE_2,
  loadFactory, makeConnected, makePartner, memoryStorage, until,
};
