#!/usr/bin/env node
"use strict";

// Joins partner/src into the one script that the console loads: a static resource is one file, and a Lightning
// page loads no modules. Nothing but the sources is in it, in this order, inside one function. The static resource
// is a copy of it, and the custom labels are made from its words.

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const PARTS = [
  "constants.js", "texts.js", "partner.js", "works.js", "outbox.js", "key.js", "proof.js", "http.js",
  "permission.js", "values.js",
];

const TREE = path.join(__dirname, "../force-app/main/default");
const PARTNER = path.join(__dirname, "../partner");
const SCRIPT = path.join(PARTNER, "holdline_partner.js");
// Aura finds it as $Resource.holdlinePartner.
const RESOURCE = path.join(TREE, "staticresources/holdlinePartner.js");
const LABELS = path.join(TREE, "labels/CustomLabels.labels-meta.xml");

/** The text of the joined script. */
function join() {
  const parts = PARTS.map((part) => indent(source(part)));
  return (
    `${source("about.js")}(function (scope) {\n  "use strict";\n\n${parts.join("\n")}\n` +
    "  createHoldlinePartner.texts = TEXTS;\n  scope.createHoldlinePartner = createHoldlinePartner;\n" +
    '})(typeof window === "object" ? window : globalThis);\n'
  );
}

function source(part) {
  return fs.readFileSync(path.join(PARTNER, "src", part), "utf8");
}

function indent(text) {
  return text.replace(/^(?=.)/gm, "  ");
}

/** The partner's words, by code. */
function texts(script) {
  const window = {};
  vm.runInNewContext(script, { window });
  return window.createHoldlinePartner.texts;
}

/** The same words as custom labels, which an org's administrator can translate. */
function labels(words) {
  const entries = Object.keys(words).sort().map((code) => `    <labels>
        <fullName>Holdline_${code}</fullName>
        <categories>Holdline</categories>
        <language>en_US</language>
        <protected>false</protected>
        <shortDescription>Holdline: ${code.replace(/_/g, " ")}</shortDescription>
        <value>${escape(words[code])}</value>
    </labels>
`);
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<CustomLabels xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
    `${entries.join("")}</CustomLabels>\n`
  );
}

function escape(value) {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Every built file with its text. */
function built() {
  const script = join();
  return new Map([[SCRIPT, script], [RESOURCE, script], [LABELS, labels(texts(script))]]);
}

if (require.main === module) {
  for (const [file, text] of built()) fs.writeFileSync(file, text);
}

module.exports = { PARTNER, PARTS, built, join, texts };
