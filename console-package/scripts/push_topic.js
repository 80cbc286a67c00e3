#!/usr/bin/env node
"use strict";

// Makes Holdline's PushTopic by REST, or brings it up to date, for administrators who run no anonymous Apex. The
// topic is the one that push_topic.apex makes.
//
//   HOLDLINE_TOKEN=... node scripts/push_topic.js https://acme.my.salesforce.com
//
// The token is an access token of somebody with the permission set Holdline Admin; `sf org display` shows one.

const TOPIC = {
  Name: "HoldlinePresence",
  Query:
    "SELECT Id, UserId, ServicePresenceStatusId, IsCurrentState, StatusStartDate, SystemModstamp " +
    "FROM UserServicePresence",
  ApiVersion: 62,
  Description: "Holdline: presence changes of reps. Each desktop subscribes to its own rep only.",
  NotifyForOperationCreate: true,
  NotifyForOperationUpdate: true,
  NotifyForOperationDelete: true,
  NotifyForOperationUndelete: false,
  NotifyForFields: "Referenced",
  IsActive: true,
};

/** Makes or updates the topic; resolves to "made" or "updated". */
async function makeTopic(org, token) {
  const query = encodeURIComponent(`SELECT Id FROM PushTopic WHERE Name = '${TOPIC.Name}'`);
  const { records } = await ask(org, token, "GET", `query?q=${query}`);
  if (records.length === 0) {
    await ask(org, token, "POST", "sobjects/PushTopic", TOPIC);
    return "made";
  }
  await ask(org, token, "PATCH", `sobjects/PushTopic/${records[0].Id}`, TOPIC);
  return "updated";
}

async function ask(org, token, method, path, body) {
  const response = await fetch(new URL(`/services/data/v62.0/${path}`, org), {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
    redirect: "error",
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Salesforce answered ${method} ${path} with ${response.status}: ${text}`);
  return text ? JSON.parse(text) : null;
}

async function main([org], token) {
  if (!org || !token) {
    throw new Error("Give the org's address, and an access token in HOLDLINE_TOKEN: see the top of this script.");
  }
  console.log(`The PushTopic ${TOPIC.Name} was ${await makeTopic(org, token)}.`);
}

if (require.main === module) {
  main(process.argv.slice(2), process.env.HOLDLINE_TOKEN).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { TOPIC, makeTopic };
