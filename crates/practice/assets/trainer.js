// The trainer's strip: calls from outside, and how the phone connector behaves.

import { attempt, byId } from "./dom.js";

export class Trainer {
  constructor(org) {
    this.org = org;
    this.call = null;
    const press = (id, act) => byId(id).addEventListener("click", () => attempt(act));
    press("trainer-ring", () => org.ring(byId("trainer-from").value || "+1 555 0100"));
    press("trainer-hangup", () => org.call(this.call.callId, "hangup"));
    press("trainer-finish", () => org.call(this.call.callId, "finish"));
    const connector = byId("trainer-connector");
    connector.addEventListener("change", () => attempt(() => org.changeSettings({ connector: connector.value })));
    attempt(async () => {
      connector.value = (await org.settings()).connector;
    });
  }

  show({ works }) {
    this.call = works.find((work) => work.callId !== null) ?? null;
    byId("trainer-hangup").disabled = !this.call || this.call.phase === "wrap_up";
    byId("trainer-finish").disabled = !this.call || this.call.status !== "Opened";
  }
}
