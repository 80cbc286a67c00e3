// The practice phone as a Contact Control Panel: seen and used by the rep, and steered by whoever embeds it.

import { Streams, revive } from "./streams.js";

const WORDS = {
  AfterCallWork: "After call work",
  Busy: "On contact",
  CallingCustomer: "Calling customer",
  MissedCallAgent: "Missed call",
  PendingBusy: "Incoming call",
};
const PHASES = { connecting: "Connecting", connected: "Connected", ended: "After call work" };

const byId = (id) => document.getElementById(id);
const embedded = parent !== window;

async function api(method, params, streams) {
  const answer = await fetch(`/ccp-v2/api/${method}?streams=${streams}`, { method: "POST", body: JSON.stringify(params ?? {}) });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(body.detail ?? answer.statusText), { code: body.code });
  return body;
}

const streams = embedded
  ? new Streams({ call: (method, params) => api(method, params, true), configured: () => follow(true) })
  : null;
if (!embedded) follow(false);

function follow(inSomebodysPage) {
  const events = new EventSource(`/ccp-v2/events?embedded=${inSomebodysPage}`);
  events.addEventListener("update", ({ data }) => {
    const update = revive(data);
    if (streams) streams.acknowledges = update.acknowledges;
    if (update.acknowledges) streams?.update(update);
    draw(update.snapshot, update.configuration.agentStates);
  });
  events.addEventListener("ended", () => {
    events.close();
    streams?.tell("auth_fail", {});
    if (streams) streams.acknowledges = false;
    byId("state").textContent = "Signed out";
    byId("next").hidden = true;
    byId("states").replaceChildren();
    byId("contacts").replaceChildren();
  });
}

function draw({ state, nextState, contacts }, states) {
  byId("state").textContent = WORDS[state.name] ?? state.name;
  byId("state").dataset.type = state.type;
  byId("next").hidden = !nextState;
  byId("next").textContent = nextState ? `Next status: ${nextState.name}` : "";
  byId("contacts").replaceChildren(...contacts.map(contactOf));
  byId("states").replaceChildren(
    ...states.map(({ name }) => {
      const enqueueNextState = contacts.length > 0;
      const chosen = name === (nextState?.name ?? state.name);
      return button(name, () => api("putAgentState", { state: { name }, enqueueNextState }, false), { chosen });
    }),
  );
}

function contactOf({ contactId, state, connections }) {
  const act = (method) => () => api(method, { contactId }, false);
  const onHold = connections.some(({ state }) => state.type === "hold");
  const inbound = connections.some(({ type }) => type === "inbound");
  const buttons = {
    connecting: inbound
      ? [button("Accept call", act("acceptContact"), { primary: true }), button("Reject call", act("rejectContact"))]
      : [button("End call", act("destroyConnection"), { danger: true })],
    connected: [
      onHold ? button("Resume", act("resumeConnection")) : button("Hold", act("holdConnection")),
      button("End call", act("destroyConnection"), { danger: true }),
    ],
    ended: [button("Close contact", act("clearContact"))],
  }[state.type];
  const card = document.createElement("div");
  card.className = "contact";
  const title = document.createElement("p");
  title.textContent = onHold ? "On hold" : (PHASES[state.type] ?? state.type);
  card.append(title, ...(buttons ?? []));
  return card;
}

function button(text, act, { chosen, primary, danger } = {}) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.className = primary ? "primary" : danger ? "danger" : "";
  if (chosen !== undefined) made.setAttribute("aria-pressed", String(chosen));
  made.onclick = () => {
    byId("failed").textContent = "";
    act().catch((error) => {
      byId("failed").textContent = error.message;
    });
  };
  return made;
}
