// jsforce against the practice org: OAuth, query, describe, records, streaming with replay.
// Arguments: the folder with node_modules, the org's address. Any failed assertion ends it with an error.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [folder, org] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const jsforce = require("jsforce");
const { StreamingExtension } = require("jsforce/lib/api/streaming");

const redirectUri = "http://localhost:47820/OauthRedirect";
const practice = async (method, path, body) => {
  const answer = await fetch(`${org}/practice/v1/${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
};

// A rep signs in.
const oauth2 = new jsforce.OAuth2({ loginUrl: org, clientId: "jsforce", redirectUri, useVerifier: true });
const asked = new URL(oauth2.getAuthorizationUrl({ scope: "api refresh_token id", state: "s t" }));
assert.equal((await fetch(asked)).status, 200);
const form = new URLSearchParams(asked.search);
form.set("user", "pat");
form.set("decision", "allow");
const allowed = await fetch(`${org}/services/oauth2/authorize`, { method: "POST", body: form, redirect: "manual" });
const back = new URL(allowed.headers.get("location"));
assert.equal(back.searchParams.get("state"), "s t");

await practice("PUT", "settings", { rotation: true });
const conn = new jsforce.Connection({ oauth2, version: "60.0" });
const refreshed = [];
conn.on("refresh", (token) => refreshed.push(token));
await conn.authorize(back.searchParams.get("code"));
assert.equal(conn.instanceUrl, org);
const me = await conn.identity();
assert.equal(me.username, "pat@practice.example");

// It reads.
const found = await conn.query("SELECT Id, Name FROM User WHERE Username = 'pat@practice.example'");
assert.equal(found.totalSize, 1);
assert.equal(found.records[0].Id, me.user_id);
const described = await conn.sobject("UserServicePresence").describe();
assert.ok(described.fields.some((field) => field.name === "ServicePresenceStatusId"));
assert.equal(described.createable, false);
const everything = await conn.describeGlobal();
assert.ok(everything.sobjects.some((object) => object.name === "AgentWork"));
const limits = await conn.limits();
assert.ok(limits.DailyApiRequests.Remaining > 0);
assert.ok(conn.limitInfo.apiUsage.used > 0, "it reads Sforce-Limit-Info");
await assert.rejects(conn.query("SELECT Nope FROM User"), { name: "INVALID_FIELD" });

// It writes records.
const topics = conn.sobject("PushTopic");
const made = await topics.create({
  Name: "Usp",
  Query: "SELECT Id, UserId, ServicePresenceStatusId, IsCurrentState FROM UserServicePresence",
  ApiVersion: 60.0,
});
assert.equal(made.success, true);
assert.equal((await topics.update({ Id: made.id, Description: "presence" })).success, true);
assert.equal((await topics.retrieve(made.id)).Description, "presence");
await assert.rejects(topics.create({ Name: "Work", Query: "SELECT Id FROM AgentWork", ApiVersion: 60.0 }), {
  name: "INVALID_TYPE",
});
const spare = await topics.create({ Name: "Spare", Query: "SELECT Id FROM UserServicePresence", ApiVersion: 60.0 });
assert.equal((await topics.destroy(spare.id)).success, true);
await assert.rejects(topics.retrieve(spare.id), { name: "NOT_FOUND" });

// It refreshes an expired session, with the same verifier sent again.
await practice("POST", "faults", { where: "rest", what: { kind: "expire_sessions" }, times: 1 });
await conn.query("SELECT Id FROM User");
assert.equal(refreshed.length, 1);

// It listens, and hears again what was there.
const status = async (label) => {
  const { statuses } = await practice("GET", "state");
  const { statusId } = statuses.find((one) => one.label === label);
  await practice("POST", "console/pat/toolkit/setServicePresenceStatus", { statusId });
};
const listen = async (position, count) => {
  const client = conn.streaming.createClient([new StreamingExtension.Replay("/topic/Usp", position)]);
  const events = [];
  let enough;
  const all = new Promise((resolve) => (enough = resolve));
  const subscription = client.subscribe("/topic/Usp", (event) => {
    events.push(event);
    if (events.length === count) enough();
  });
  await subscription;
  return { events, all, end: () => client.disconnect() };
};
const live = await listen(-1, 3);
await status("Available");
await status("Break");
await live.all;
live.end();
assert.deepEqual(live.events.map((event) => event.event.type), ["created", "updated", "created"]);
assert.equal(live.events[0].sobject.UserId, me.user_id);
const everythingAgain = await listen(-2, 3);
await everythingAgain.all;
everythingAgain.end();
assert.deepEqual(everythingAgain.events, live.events);
const rest = await listen(live.events[0].event.replayId, 2);
await rest.all;
rest.end();
assert.deepEqual(rest.events, live.events.slice(1));
await assert.rejects(listen(1_000_000_000, 1), /replayId \{1000000000\} you provided was invalid/);

// It signs out.
const token = conn.accessToken;
await conn.logout({ revoke: true });
const dead = await fetch(`${org}/services/data/v60.0/limits`, { headers: { Authorization: `Bearer ${token}` } });
assert.equal(dead.status, 401);
console.log("jsforce: all well");
process.exit(0);
