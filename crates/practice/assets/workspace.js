// The workspace: the call at hand, and what Omni-Channel has told this console.

import { action, byId, clock, el, redraw } from "./dom.js";

const MOST_EVENTS = 100;

// Made once: it is the dearest part of telling an event.
const TIME = new Intl.DateTimeFormat([], { timeStyle: "medium", hour12: false });

export class Workspace {
  constructor(org) {
    this.toolkit = org.toolkit("console");
  }

  show({ presence, works }) {
    const work = works.find((one) => one.phase !== null) ?? null;
    const record = byId("record");
    record.dataset.phase = work?.phase ?? "";
    redraw(record, [work, presence.status], () => (work ? this.call(work, presence) : [
      el("p", { className: "soft", textContent: "No call. A trainer can ring you." }),
    ]));
  }

  call(work, presence) {
    const since = { ringing: work.assignedAt, on_call: work.acceptedAt, wrap_up: work.endedAt }[work.phase];
    const title = { ringing: "Ringing", on_call: "On call", wrap_up: "After-conversation work" }[work.phase];
    const lines = [
      el("p", { className: "phase" }, title, clock(since)),
      el("p", { textContent: `Voice call from ${work.from}` }),
    ];
    if (work.phase === "wrap_up") {
      lines.push(el("p", { className: "soft" }, "It ends by itself in ", clock(work.wrapUpEndsAt, { until: true }), "."));
      lines.push(el("p", {}, action("All done", () => this.toolkit.closeAgentWork({ workId: work.workId }))));
    } else {
      lines.push(el("p", {
        className: "soft",
        textContent: `Presence says ${presence.status}. Omni-Channel has no status for a call: it shows only here, in AgentWork.`,
      }));
    }
    return lines;
  }

  happened(event) {
    const { type, ...fields } = event;
    const detail = fields.statusName ?? fields.reason ?? fields.workItemId ?? fields.error
      ?? (type === "workloadChanged" ? `${fields.previousWorkload} → ${fields.newWorkload}` : fields.statusId ?? "");
    const time = TIME.format(new Date());
    const list = byId("events");
    list.prepend(el("li", {},
      el("span", { className: "soft time", textContent: time }),
      el("span", { textContent: type }),
      el("span", { className: "soft", textContent: detail })));
    while (list.children.length > MOST_EVENTS) list.lastElementChild.remove();
    byId("events-empty").hidden = true;
  }
}
