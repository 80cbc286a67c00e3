"use strict";

// A console page with the utility item in it: what Salesforce has around the component, under a test's control.

const { webcrypto } = require("node:crypto");

const { createComponent } = require("./aura.js");
const { FakeHoldline, KEY, KEY_NAME, ORG, Toolkit, USER, memoryStorage, until } = require("./harness.js");
const { metadata } = require("./tree.js");

const SETUP = { orgId: ORG, userId: USER, statusesAreOwn: true, statuses: [], channels: [], configuration: null };

/** The labels as the package brings them. */
function labels() {
  const { element } = metadata("labels/CustomLabels.labels-meta.xml");
  return Object.fromEntries(element.labels.map(({ fullName, value }) => [fullName, value]));
}

/** Something with listeners, as window and document have them. */
class Listened {
  constructor() {
    this.listeners = new Map();
  }
  addEventListener(type, listener) {
    this.listeners.set(type, [...(this.listeners.get(type) || []), listener]);
  }
  removeEventListener(type, listener) {
    this.listeners.set(type, (this.listeners.get(type) || []).filter((other) => other !== listener));
  }
  dispatch(type, event) {
    return (this.listeners.get(type) || []).map((listener) => listener(event));
  }
  count() {
    return [...this.listeners.values()].flat().length;
  }
}

/** lightning:utilityBarAPI; `outside`: the component is on no utility bar, and every call is rejected. */
class UtilityBar {
  constructor() {
    this.calls = [];
    this.outside = false;
    for (const method of ["minimizeUtility", "openUtility", "setUtilityHighlighted", "setUtilityLabel"]) {
      this[method] = async (args) => {
        this.calls.push([method, structuredClone(args)]);
        if (this.outside) throw new Error("The utility bar is not available.");
        return true;
      };
    }
  }
  last(method) {
    return this.calls.filter(([name]) => name === method).at(-1)?.[1];
  }
  count(method) {
    return this.calls.filter(([name]) => name === method).length;
  }
}

/** force:serviceCloudVoiceToolkitApi. */
class VoiceToolkit extends Listened {
  addTelephonyEventListener(type, listener) {
    this.addEventListener(type, listener);
  }
  removeTelephonyEventListener(type, listener) {
    this.removeEventListener(type, listener);
  }
}

/** A page whose utility item has been loaded; ended with the test. */
function makeConsole(test, options = {}) {
  const window = new Listened();
  const storage = options.storage || memoryStorage({ [KEY_NAME]: KEY });
  Object.assign(window, {
    setTimeout: options.setTimeout || setTimeout, clearTimeout, performance, fetch: options.fetch || fetch,
    crypto: webcrypto, btoa, localStorage: storage, location: { hostname: options.hostname || "org.lightning.force.com" },
    navigator: options.navigator || {},
  });
  const document = Object.assign(new Listened(), { visibilityState: "visible" });
  const toolkit = options.toolkit || new Toolkit();
  const bar = new UtilityBar();
  const apex = { mine: async () => SETUP, calls: async () => [], ...options.apex };
  const item = createComponent("holdlinePartner", {
    apex, document, labels: labels(), window, creatable: options.creatable,
    components: { omniToolkit: toolkit, utilityBar: bar },
  });
  item.component.set("v.ports", options.ports.join(","));
  test.after(() => item.component.isValid() && item.destroy());
  item.load();
  return { apex, bar, document, item, storage, toolkit, window };
}

/** One that is paired and connected. */
async function makeConnectedConsole(test, options = {}) {
  const holdline = await new FakeHoldline({ paired: KEY }).listen();
  test.after(() => holdline.close());
  const made = makeConsole(test, { ports: [holdline.port], ...options });
  await until(() => holdline.polls.length > 0, "the first poll");
  return { holdline, ...made };
}

module.exports = { SETUP, UtilityBar, VoiceToolkit, labels, makeConnectedConsole, makeConsole };
