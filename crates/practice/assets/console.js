// The practice console: one rep's page, driven by the org's event stream.

import { byId, tick } from "./dom.js";
import { Holdline } from "./holdline.js";
import { Omni } from "./omni.js";
import { Org } from "./org.js";
import { Phone } from "./phone.js";
import { Trainer } from "./trainer.js";
import { Workspace } from "./workspace.js";

const rep = decodeURIComponent(location.pathname.split("/").pop());
const org = new Org(rep);
const holdline = new Holdline(org);
const workspace = new Workspace(org);
const parts = [new Omni(org), workspace, new Phone(org), new Trainer(org)];

const TOGETHER_MS = 20;

let asking = false;
let again = false;

/** Reads everything anew; what changes meanwhile makes it read once more. */
async function refresh() {
  again = true;
  if (asking) return;
  asking = true;
  while (again) {
    // A call's step is several events, which come together.
    await new Promise((done) => setTimeout(done, TOGETHER_MS));
    again = false;
    // Where it fails the event stream says so, and everything is read again when that is back.
    const widget = await org.widget().catch(() => null);
    if (widget) parts.forEach((part) => part.show(widget));
  }
  asking = false;
}

function lost(text) {
  byId("banner").textContent = text;
  byId("banner").hidden = !text;
}

const events = org.events();
let orgId = null;

events.addEventListener("hello", (message) => {
  const hello = JSON.parse(message.data);
  // Another org at the same address: nothing on this page is true any more.
  if (orgId !== null && orgId !== hello.orgId) return location.reload();
  orgId = hello.orgId;
  lost("");
  document.title = `${hello.name} · Service Console (practice)`;
  byId("who-name").textContent = hello.name;
  byId("who-initials").textContent = hello.name.split(" ").map((word) => word[0]).join("").slice(0, 2);
  holdline.begin(hello);
  return refresh();
});

events.addEventListener("console", (message) => {
  const event = JSON.parse(message.data);
  holdline.happened(event);
  workspace.happened(event);
  refresh();
});

events.addEventListener("phone", refresh);

events.addEventListener("error", () => {
  holdline.happened({ type: "connectionError", error: "the practice org's event stream broke" });
  lost("The practice org does not answer. This page connects again as soon as it does.");
});

setInterval(tick, 1000);
