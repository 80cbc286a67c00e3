"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { test } = require("node:test");

const prettier = require("prettier");

const { PACKAGE, files, text } = require("../testing/tree.js");

async function format(source, parser = "apex") {
  const options = await prettier.resolveConfig(`${PACKAGE}/package.json`);
  return prettier.format(source, { ...options, parser });
}

test("the script for the PushTopic is anonymous Apex, and formatted", async () => {
  const script = fs.readFileSync(`${PACKAGE}/scripts/push_topic.apex`, "utf8");
  assert.equal(await format(script, "apex-anonymous"), script);
});

for (const file of files().filter((name) => name.endsWith(".cls"))) {
  test(`${file} is Apex, and formatted (npm run format)`, async () => {
    assert.equal(await format(text(file)), text(file));
  });
}

test("what is no Apex would be seen", async () => {
  await assert.rejects(format("public class Broken { void broken() { Integer i = ; } }"));
});

test("nothing in Apex writes, and calls are read as the rep may read them", () => {
  const source = text("classes/HoldlineSetup.cls").replace(/\/\*[\s\S]*?\*\//g, "");
  assert.doesNotMatch(source, /\b(insert|update|upsert|delete|undelete|merge)\b/i);
  assert.match(source, /with sharing class HoldlineSetup/);
  assert.match(source, /FROM VoiceCall[\s\S]{0,120}?USER_MODE/);
});
