#!/usr/bin/env node
"use strict";

// Joins partner/src into the one script that the console loads: a static resource is one file, and a Lightning
// page loads no modules. Nothing but the sources is in it, in this order, inside one function.

const fs = require("node:fs");
const path = require("node:path");

const PARTS = ["constants.js", "partner.js", "works.js", "outbox.js", "key.js", "http.js", "values.js"];

const PARTNER = path.join(__dirname, "../partner");
const SCRIPT = path.join(PARTNER, "holdline_partner.js");

/** The text of the joined script. */
function join() {
  const parts = PARTS.map((part) => indent(source(part)));
  return (
    `${source("about.js")}(function (scope) {\n  "use strict";\n\n${parts.join("\n")}\n` +
    "  scope.createHoldlinePartner = createHoldlinePartner;\n" +
    '})(typeof window === "object" ? window : globalThis);\n'
  );
}

function source(part) {
  return fs.readFileSync(path.join(PARTNER, "src", part), "utf8");
}

function indent(text) {
  return text.replace(/^(?=.)/gm, "  ");
}

if (require.main === module) fs.writeFileSync(SCRIPT, join());

module.exports = { PARTNER, PARTS, SCRIPT, join };
