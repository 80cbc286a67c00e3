"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { test } = require("node:test");

const { PACKAGE } = require("../testing/tree.js");
const { TOPIC, makeTopic } = require("../scripts/push_topic.js");

const APEX = fs.readFileSync(path.join(PACKAGE, "scripts/push_topic.apex"), "utf8");

/** An org that has these topics, and notes what it is asked. */
async function anOrg(t, topics) {
  const asked = [];
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      asked.push([request.method, request.url.split("?")[0], body && JSON.parse(body)]);
      if (request.headers.authorization !== "Bearer token") {
        response.writeHead(401);
        return response.end('[{"errorCode":"INVALID_SESSION_ID"}]');
      }
      response.writeHead(request.method === "PATCH" ? 204 : 200);
      return response.end(request.method === "GET" ? JSON.stringify({ records: topics }) : "");
    });
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  t.after(() => server.close());
  return { asked, url: `http://localhost:${server.address().port}` };
}

test("the topic is made where there is none, and brought up to date where there is one", async (t) => {
  const without = await anOrg(t, []);
  assert.equal(await makeTopic(without.url, "token"), "made");
  assert.deepEqual(without.asked[1], ["POST", "/services/data/v62.0/sobjects/PushTopic", TOPIC]);
  const withOne = await anOrg(t, [{ Id: "0IF000000000001" }]);
  assert.equal(await makeTopic(withOne.url, "token"), "updated");
  assert.deepEqual(withOne.asked[1], ["PATCH", "/services/data/v62.0/sobjects/PushTopic/0IF000000000001", TOPIC]);
});

test("an org that refuses is quoted", async (t) => {
  const { url } = await anOrg(t, []);
  await assert.rejects(makeTopic(url, "another"), /401.*INVALID_SESSION_ID/);
});

test("Apex makes the same topic", () => {
  const said = (name) => new RegExp(`topic\\.${name} =\\s*([\\s\\S]*?);`).exec(APEX)[1];
  const text = (expression) => [...expression.matchAll(/'([^']*)'/g)].map(([, part]) => part).join("");
  assert.match(APEX, new RegExp(`name = '${TOPIC.Name}'`));
  for (const field of ["Query", "Description", "NotifyForFields"]) assert.equal(text(said(field)), TOPIC[field], field);
  for (const field of Object.keys(TOPIC).filter((name) => typeof TOPIC[name] === "boolean")) {
    assert.equal(said(field), String(TOPIC[field]), field);
  }
  assert.equal(Number(said("ApiVersion")), TOPIC.ApiVersion);
});

test("the topic is the one that Holdline subscribes to", () => {
  const settings = fs.readFileSync(path.join(PACKAGE, "../crates/companion/src/settings/streaming.rs"), "utf8");
  assert.match(settings, new RegExp(`DEFAULT_TOPIC: &str = "${TOPIC.Name}"`));
  assert.ok(TOPIC.Name.length <= 25);
  assert.ok(TOPIC.Description.length <= 400);
});
