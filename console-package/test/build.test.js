"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { PARTNER, PARTS, built, join, texts } = require("../scripts/build.js");
const { text } = require("../testing/tree.js");

for (const [file, expected] of built()) {
  test(`${path.basename(file)} is what its sources make: edit partner/src, then \`npm run build\``, () => {
    assert.ok(fs.readFileSync(file, "utf8") === expected, `${file} is not current`);
  });
}

test("the org gets the same file, byte for byte, that the practice console loads", () => {
  const resource = fs.readFileSync(path.join(PARTNER, "../force-app/main/default/staticresources/holdlinePartner.js"));
  assert.ok(resource.equals(fs.readFileSync(path.join(PARTNER, "holdline_partner.js"))));
});

test("every source is in the script", () => {
  const sources = fs.readdirSync(path.join(PARTNER, "src")).sort();
  assert.deepEqual(["about.js", ...PARTS].sort(), sources);
});

test("the utility item has a label for each of the partner's words, and no other", () => {
  const helper = text("aura/holdlinePartner/holdlinePartnerHelper.js");
  const used = [...helper.matchAll(/^ +(\w+): \$A\.get\("\$Label\.c\.Holdline_(\w+)"\)/gm)];
  for (const [, code, label] of used) assert.equal(code, label);
  assert.deepEqual(used.map(([, code]) => code), Object.keys(texts(join())).sort());
});
