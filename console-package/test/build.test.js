"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { PARTNER, PARTS, SCRIPT, join } = require("../scripts/build.js");

test("the script is what its sources make: edit partner/src, then `npm run build`", () => {
  assert.ok(fs.readFileSync(SCRIPT, "utf8") === join(), `${path.basename(SCRIPT)} is not current`);
});

test("every source is in the script", () => {
  const sources = fs.readdirSync(path.join(PARTNER, "src")).sort();
  assert.deepEqual(["about.js", ...PARTS].sort(), sources);
});
