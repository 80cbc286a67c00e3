// The practice phone: its state, its calls, its own buttons.

import { action, attempt, byId, clock, el, redraw } from "./dom.js";

const STATES = ["Available", "Break", "Lunch", "Offline"];
const PHASES = { ringing: "Ringing", connected: "Connected", after_call_work: "After-call work" };

export class Phone {
  constructor(org) {
    this.org = org;
  }

  show({ phone, works }) {
    byId("phone-dot").dataset.kind = phone.state.kind;
    byId("phone-state").textContent = phone.state.name;
    const next = byId("phone-next");
    next.hidden = phone.nextState === null;
    next.textContent = phone.nextState === null ? "" : `Then ${phone.nextState}, when the call is over`;
    byId("phone-link").textContent = link(phone);
    redraw(byId("phone-contacts"), [phone.contacts, works], () =>
      phone.contacts.map((contact) => this.contact(contact, works.find((work) => work.callId === contact.id))));
    redraw(byId("phone-states"), phone.state.name, () => STATES.map((name) => this.state(name, phone.state.name === name)));
  }

  contact(contact, work) {
    const act = (name) => () => this.org.call(contact.id, name);
    const since = { ringing: work?.assignedAt, connected: work?.acceptedAt, after_call_work: work?.endedAt }[contact.phase];
    const buttons = {
      ringing: [action("Answer", act("accept"), { className: "primary" }), action("Decline", act("decline"))],
      connected: [action("Hang up", act("hangup"), { className: "danger" })],
      after_call_work: [action("Clear", act("finish"))],
    }[contact.phase];
    return el("div", { className: "contact" },
      el("p", { className: "title" }, PHASES[contact.phase], since ? clock(since) : null),
      el("p", { className: "soft", textContent: work?.from ?? contact.id }),
      el("div", { className: "actions" }, ...buttons));
  }

  state(name, chosen) {
    const button = el("button", {
      type: "button",
      textContent: name,
      data: { focus: name },
      onclick: () => attempt(() => this.org.setPhone(name, byId("phone-enqueue").checked)),
    });
    button.setAttribute("aria-pressed", String(chosen));
    return button;
  }
}

function link(phone) {
  if (phone.joined) return "joined to Holdline";
  if (phone.pairingCode) return `Holdline code ${phone.pairingCode}`;
  return "not joined to Holdline";
}
