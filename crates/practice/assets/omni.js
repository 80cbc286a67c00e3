// The Omni-Channel widget: status picker, workload, work.

import { action, attempt, byId, clock, el, redraw } from "./dom.js";

const PHASES = { queued: "Waiting", ringing: "Ringing", on_call: "On call", wrap_up: "Wrap-up" };

export class Omni {
  constructor(org) {
    this.org = org;
    this.toolkit = org.toolkit("console");
  }

  show(widget) {
    const { presence, statuses, workload, works, mayDecline, declineReasons } = widget;
    byId("presence-dot").dataset.kind = presence.kind;
    byId("presence-label").textContent = presence.status;
    redraw(byId("presence-since"), presence.since, () => [clock(presence.since)]);
    this.showStatuses(statuses, presence);
    const meter = byId("workload");
    meter.max = Math.max(1, workload.configuredCapacity);
    meter.value = workload.currentWorkload;
    byId("workload-text").textContent = `${workload.currentWorkload} of ${workload.configuredCapacity}`;
    redraw(byId("works"), [works, mayDecline, declineReasons], () =>
      works.map((work) => this.work(work, mayDecline, declineReasons)));
    byId("works-empty").hidden = works.length > 0;
  }

  showStatuses(statuses, presence) {
    redraw(byId("statuses"), [statuses, presence.statusId], () => [
      ...statuses.map((status) =>
        this.status(status.label, status.kind, status.statusId === presence.statusId, () =>
          this.toolkit.setServicePresenceStatus({ statusId: status.statusId }))),
      this.status("Offline", "logged_out", presence.statusId === null, () => this.toolkit.logout()),
    ]);
  }

  status(label, kind, chosen, choose) {
    const button = el("button", {
      type: "button",
      data: { focus: label },
      onclick: () => chosen || attempt(choose),
    });
    button.setAttribute("aria-pressed", String(chosen));
    const dot = el("span", { className: "dot", data: { kind } });
    const mark = el("span", { className: "check-mark", textContent: chosen ? "✓" : "" });
    dot.setAttribute("aria-hidden", "true");
    mark.setAttribute("aria-hidden", "true");
    button.append(dot, label, mark);
    return button;
  }

  work(work, mayDecline, declineReasons) {
    const { workId } = work;
    const name = work.from ? `Call from ${work.from}` : work.channel;
    const actions = work.status === "Assigned"
      ? [
        action("Accept", () => this.toolkit.acceptAgentWork({ workId }), { className: "primary", focus: `accept ${workId}` }),
        ...(mayDecline ? this.decline(work, name, declineReasons) : []),
      ]
      : [action("Close", () => this.toolkit.closeAgentWork({ workId }), { focus: `close ${workId}` })];
    actions.filter((part) => part.tagName === "BUTTON")
      .forEach((button) => button.setAttribute("aria-label", `${button.textContent}: ${name}`));
    return el("li", { className: "work", data: { phase: work.phase ?? "" } },
      el("p", { className: "title" }, name, clock(work.acceptedAt ?? work.assignedAt)),
      el("p", { className: "soft" }, describe(work)),
      el("div", { className: "actions" }, ...actions));
  }

  /** Decline, with the reasons of the presence configuration to choose from where it asks for one. */
  decline({ workId }, name, reasons) {
    const select = reasons.length === 0 ? null : el("select", { data: { focus: `reason ${workId}` } },
      ...reasons.map((reason) => el("option", { value: reason, textContent: reason })));
    select?.setAttribute("aria-label", `Reason to decline: ${name}`);
    const decline = () => this.toolkit.declineAgentWork(select ? { workId, declineReason: select.value } : { workId });
    return [action("Decline", decline, { focus: `decline ${workId}` }), ...(select ? [select] : [])];
  }
}

function describe(work) {
  const phase = PHASES[work.phase];
  const text = `${work.channel} · ${phase ? `${phase}, ` : ""}AgentWork ${work.status}`;
  return work.flag === null ? text : `${text} · flag raised`;
}
