"use strict";

// The Salesforce DX tree, as the tests read it.

const fs = require("node:fs");
const path = require("node:path");

const { XMLParser } = require("fast-xml-parser");

const PACKAGE = path.join(__dirname, "..");
const SOURCE = path.join(PACKAGE, "force-app/main/default");

/** Every file of the tree, its path from `force-app/main/default`. */
function files() {
  return fs
    .readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(SOURCE, path.join(entry.parentPath || entry.path, entry.name)))
    .sort();
}

function text(file) {
  return fs.readFileSync(path.join(SOURCE, file), "utf8");
}

/** A metadata file: `{type, element}`; repeated elements are lists, all values are texts. */
function metadata(file) {
  const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, ignoreDeclaration: true });
  const [[type, element]] = Object.entries(parser.parse(text(file)));
  return { type, element };
}

/** A list constant of ports in Rust. */
function portsOf(name) {
  const source = fs.readFileSync(path.join(PACKAGE, "../crates/wire/src/lib.rs"), "utf8");
  const [, list] = new RegExp(`${name}: \\[u16; \\d+\\] = \\[([\\d, ]+)\\]`).exec(source);
  return list.split(",").map(Number);
}

module.exports = { PACKAGE, SOURCE, files, metadata, portsOf, text };
