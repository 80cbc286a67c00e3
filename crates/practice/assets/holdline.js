// The utility bar's item of Holdline's partner: the same script that runs in a real Salesforce console.

import { byId } from "./dom.js";

const SHORT = { looking: "not found", pairing: "confirm the code", connected: "connected", refused: "not connected" };

export class Holdline {
  constructor(org) {
    this.org = org;
    this.partner = null;
    const item = byId("holdline-item");
    item.addEventListener("click", () => this.open(byId("holdline-panel").hidden));
    byId("holdline-retry").addEventListener("click", () => this.partner?.retry());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !byId("holdline-panel").hidden) {
        this.open(false);
        item.focus();
      }
    });
    const visible = () => this.partner?.visibilityChanged();
    document.addEventListener("visibilitychange", visible);
    window.addEventListener("focus", visible);
    document.addEventListener("securitypolicyviolation", (event) => this.partner?.policyViolation(event));
    window.addEventListener("beforeunload", (event) => this.partner?.beforeUnload(event));
    window.addEventListener("pagehide", () => this.partner?.leaving());
    window.addEventListener("pageshow", (event) => event.persisted && this.partner?.start());
  }

  /** The console is open, for the first time or again: a new partner, of which Holdline asks for a snapshot. */
  async begin({ orgId, userId, holdlinePorts }) {
    this.partner?.stop();
    // Where the org does not answer, its event stream breaks, too, and begins anew.
    const setup = await this.org.apex("mine").catch(() => undefined);
    this.partner?.stop();
    this.partner = window.createHoldlinePartner({
      toolkit: this.org.toolkit("bridge"),
      fetch: (url, init) => window.fetch(url, init),
      storage: window.localStorage,
      ports: holdlinePorts,
      orgId,
      userId,
      setup,
      show: (state) => this.show(state),
      isVisible: () => document.visibilityState === "visible",
      readCalls: (workItemIds) => this.org.apex("calls", { workItemIds }),
    });
    this.partner.start();
  }

  happened(event) {
    // In an org it is the Voice Toolkit that says so, and Apex that tells which conversation it was.
    if (event.type === "conversationEnded") this.partner?.callEnded();
    else this.partner?.event(event);
  }

  show(state) {
    byId("holdline-dot").dataset.kind = state.state;
    byId("holdline-short").textContent = SHORT[state.state];
    byId("holdline-text").textContent = state.text;
    const code = byId("holdline-code");
    code.hidden = !state.pairingCode;
    code.textContent = state.pairingCode ? `${state.pairingCode.slice(0, 3)} ${state.pairingCode.slice(3)}` : "";
    byId("holdline-armed").hidden = !state.armed;
    const retry = byId("holdline-retry");
    retry.hidden = !state.canRetry;
    retry.textContent = state.code === "pairing_refused" ? "Pair again" : "Try again";
    // A code nobody sees is never confirmed.
    if (state.state === "pairing") this.open(true);
    if (state.state === "connected" && this.wasPairing) this.open(false);
    this.wasPairing = state.state === "pairing";
  }

  open(open) {
    byId("holdline-panel").hidden = !open;
    byId("holdline-item").setAttribute("aria-expanded", String(open));
  }
}
