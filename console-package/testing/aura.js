"use strict";

// As much of Aura as the utility item uses: its markup is read, its controller and helper are run as they are, with
// a component, $A and a window of the test's. What Aura itself does to a page, only a real org shows.

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const { XMLParser } = require("fast-xml-parser");

const { SOURCE } = require("./tree.js");

/** A component's markup: a tree of `{tag, attributes, children}` and texts. */
function readMarkup(bundle) {
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: "",
    parseAttributeValue: false, trimValues: true });
  const source = fs.readFileSync(path.join(SOURCE, `aura/${bundle}/${bundle}.cmp`), "utf8");
  const [component] = parser.parse(source).filter((node) => node["aura:component"]);
  return toElement(component);
}

function toElement(node) {
  if (node["#text"] !== undefined) return String(node["#text"]);
  const [tag] = Object.keys(node).filter((key) => key !== ":@");
  return { tag, attributes: node[":@"] || {}, children: node[tag].map(toElement) };
}

function* elements(element) {
  yield element;
  for (const child of element.children) if (typeof child === "object") yield* elements(child);
}

/** The object in parentheses that an Aura file is. */
function readScript(bundle, file, context) {
  const name = path.join(SOURCE, `aura/${bundle}/${bundle}${file}.js`);
  return vm.runInContext(fs.readFileSync(name, "utf8"), context, { filename: name });
}

/**
 * One instance of a bundle.
 *
 * @param {string} bundle its name
 * @param {object} org what the test decides: `apex` (server actions by name: functions), `components` (by aura:id),
 *   `creatable` (components by descriptor, for $A.createComponent), `labels`, `window` and `document`
 */
function createComponent(bundle, org) {
  const markup = readMarkup(bundle);
  const all = [...elements(markup)];
  const values = {};
  for (const { attributes } of all.filter(({ tag }) => tag === "aura:attribute")) {
    values[attributes.name] = attributes.type === "Boolean" ? attributes.default === "true" : attributes.default;
  }
  let valid = true;
  const component = {
    get(expression) {
      const [provider, name, ...rest] = expression.split(".");
      if (provider === "c") return action(name, org.apex);
      return rest.reduce((value, key) => value?.[key], values[name]);
    },
    set(expression, value) {
      const [provider, name, ...rest] = expression.split(".");
      if (provider !== "v" || rest.length > 0 || !(name in values)) throw new Error(`cannot set ${expression}`);
      values[name] = value;
    },
    find(id) {
      const declared = all.find(({ attributes }) => attributes["aura:id"] === id);
      if (!declared) throw new Error(`no component has the aura:id ${id}`);
      return org.components[id];
    },
    isValid: () => valid,
  };
  const $A = {
    get: (name) => label(name, org.labels),
    getCallback: (callback) => callback,
    enqueueAction: (queued) => queued.run(),
    createComponent(descriptor, attributes, callback) {
      const made = org.creatable?.[descriptor];
      if (made) callback(made, "SUCCESS", null);
      else callback(null, "ERROR", `No component named markup://${descriptor} found`);
    },
  };
  const context = vm.createContext({ $A, Promise, document: org.document, window: org.window });
  const controller = readScript(bundle, "Controller", context);
  const helper = readScript(bundle, "Helper", context);

  /** Runs what an attribute like `{!c.onRetry}` names. */
  function run(attribute, event) {
    const [, name] = /^\{!c\.(\w+)\}$/.exec(attribute) || [];
    if (typeof controller[name] !== "function") throw new Error(`${attribute} is no action of the controller`);
    return controller[name](component, event, helper);
  }

  return {
    component,
    controller,
    markup,
    /** Loads what ltng:require names and tells the component, as Aura does when it is on the page. */
    load() {
      const required = all.find(({ tag }) => tag === "ltng:require");
      const [, resource] = /^\{!\$Resource\.(\w+)\}$/.exec(required.attributes.scripts);
      const script = path.join(SOURCE, `staticresources/${resource}.js`);
      vm.runInContext(fs.readFileSync(script, "utf8"), context, { filename: script });
      run(required.attributes.afterScriptsLoaded);
    },
    /** Fires an application event to the component's own handler of it. */
    fire(event, params) {
      const handler = all.find(({ tag, attributes }) => tag === "aura:handler" && attributes.event === event);
      if (!handler) throw new Error(`the component has no handler of ${event}`);
      run(handler.attributes.action, { getParam: (name) => params[name] });
    },
    destroy() {
      const handler = all.find(({ tag, attributes }) => tag === "aura:handler" && attributes.name === "destroy");
      run(handler.attributes.action);
      valid = false;
    },
    /** Presses the button with these words. */
    press(words) {
      const button = visible(markup, evaluate).find(({ tag, attributes }) =>
        tag === "lightning:button" && evaluate(attributes.label) === words);
      if (!button) throw new Error(`there is no button ${words}`);
      run(button.attributes.onclick);
    },
    /** The words that are shown. */
    text: () => words(markup, evaluate).join(" "),
    evaluate,
    run,
  };

  function evaluate(text) {
    const [, expression] = /^\{!(.*)\}$/.exec(text) || [];
    if (!expression) return text;
    return expression.startsWith("$Label.") ? label(expression, org.labels) : component.get(expression);
  }
}

function label(name, labels) {
  const [, code] = /^\$Label\.c\.(\w+)$/.exec(name) || [];
  if (!(code in labels)) throw new Error(`there is no label ${name}`);
  return labels[code];
}

/** An action of the Apex controller, which answers as a server does: later. */
function action(name, apex) {
  let params = {};
  let callback = () => {};
  return {
    setBackground() {},
    setCallback(_, given) { callback = given; },
    setParams(given) { params = given; },
    async run() {
      let response;
      try {
        if (!apex[name]) throw new Error(`You do not have access to the Apex class named ${name}`);
        const value = await apex[name](params);
        response = { getState: () => "SUCCESS", getReturnValue: () => value, getError: () => [] };
      } catch (error) {
        response = { getState: () => "ERROR", getReturnValue: () => undefined, getError: () => [error] };
      }
      callback(response);
    },
  };
}

/** The elements that are on the page. */
function visible(element, evaluate) {
  if (element.tag === "aura:if" && !evaluate(element.attributes.isTrue)) return [];
  return [element, ...element.children.filter((child) => typeof child === "object")
    .flatMap((child) => visible(child, evaluate))];
}

function words(element, evaluate) {
  if (typeof element === "string") return [evaluate(element)].filter((word) => word && typeof word === "string");
  if (element.tag === "aura:if" && !evaluate(element.attributes.isTrue)) return [];
  const own = element.tag === "lightning:button" ? [evaluate(element.attributes.label)] : [];
  return [...own, ...element.children.flatMap((child) => words(child, evaluate))];
}

module.exports = { createComponent, elements, readMarkup };
