// What a Salesforce Voice connector does with setAgentStatus, so that no status change drops a call.
//
// Salesforce calls setAgentStatus(agentStatus, statusInfo, enqueueNextState). With the flag the status is to be
// applied after the call: by the vendor's own queue, else by Holdline's, else by this guard itself. An Offline never
// reaches the vendor while somebody is on the line, whatever the flag says: that would tear the call down.

/** Salesforce's error types for setAgentStatus. */
const INVALID_AGENT_STATUS = "INVALID_AGENT_STATUS";
const CAN_NOT_SET_AGENT_STATUS = "CAN_NOT_SET_AGENT_STATUS";

/** Salesforce's status id for Offline. */
const OFFLINE_ID = "0";

/** How long Holdline has for a state that it queued, before the guard applies it itself, milliseconds. */
const HOLDLINES_TURN_MS = 2000;

/** The base library reads `type`, and logs the message. */
export class StatusError extends Error {
  constructor(type, message) {
    super(message);
    this.type = type;
  }
}

export class VoiceGuard {
  #vendor;
  #results;
  #holdline;
  #turnMs;
  #queued = null;
  #timer = null;

  /**
   * @param {object} options
   * @param {object} options.vendor  the telephony system, see index.d.ts
   * @param {object} options.results the base library's classes: GenericResult, and SetAgentStateResult where it has it
   * @param {object} [options.holdline] a HoldlineLink
   */
  constructor({ vendor, results, holdline = null, holdlinesTurnMs = HOLDLINES_TURN_MS }) {
    if (typeof results?.GenericResult !== "function") throw new TypeError("results.GenericResult is missing");
    for (const method of ["resolve", "hasContact", "setState"]) {
      if (typeof vendor?.[method] !== "function") throw new TypeError(`vendor.${method} is missing`);
    }
    this.#vendor = vendor;
    this.#results = results;
    this.#holdline = holdline;
    this.#turnMs = holdlinesTurnMs;
  }

  /** The state that waits for the end of the call, or null. */
  get queued() {
    return this.#queued;
  }

  /**
   * For the connector's setAgentStatus.
   *
   * @returns a GenericResult, or a SetAgentStateResult whose isStatusSyncNeeded says that the vendor will be in that
   *   status only later
   * @throws {StatusError} INVALID_AGENT_STATUS: no such state; CAN_NOT_SET_AGENT_STATUS: the vendor refused
   */
  async setAgentStatus(agentStatus, statusInfo = {}, enqueueNextState = false) {
    const state = this.#state(agentStatus, statusInfo);
    const busy = this.#vendor.hasContact();
    if (busy && (enqueueNextState || state.offline)) return this.#enqueue(state);
    // A newer request replaces what waits.
    this.#forget();
    await this.#apply(state, false);
    return this.#result({ isStatusSyncNeeded: false });
  }

  /** The vendor's contacts have changed: call it after every change. */
  async contactsChanged() {
    if (this.#queued === null || this.#timer !== null || this.#vendor.hasContact()) return;
    if (this.#queued.by === "vendor") {
      this.#forget();
      return;
    }
    // Holdline goes first: it knows more. Where it does not come, nothing is lost.
    const wait = this.#queued.by === "holdline" ? this.#turnMs : 0;
    const turnIsOver = await new Promise((resolve) => {
      this.#timer = { id: setTimeout(resolve, wait, true), end: resolve };
    });
    if (!turnIsOver) return;
    this.#timer = null;
    await this.applyQueued();
  }

  /** Holdline has set this state at the vendor, or somebody has: what waits is done. */
  stateWasSet(name) {
    if (this.#queued?.state.name === name && !this.#vendor.hasContact()) this.#forget();
  }

  /** Applies what waits, unless a call has begun meanwhile. */
  async applyQueued() {
    const queued = this.#queued;
    if (queued === null || this.#vendor.hasContact()) return;
    this.#forget();
    await this.#apply(queued.state, false);
  }

  /** The link to Holdline is back: it is told again what waits. */
  async holdlineIsBack() {
    if (this.#queued?.by === "holdline") await this.#holdline.enqueue(this.#queued.state.name);
  }

  #state(agentStatus, statusInfo) {
    const offline = statusInfo?.statusId === OFFLINE_ID || /^offline$/i.test(agentStatus ?? "");
    const name = this.#vendor.resolve(agentStatus, statusInfo ?? {}, { offline });
    if (typeof name !== "string" || name === "") {
      throw new StatusError(INVALID_AGENT_STATUS, `The phone has no state for ${JSON.stringify(agentStatus)}.`);
    }
    return { name, offline };
  }

  async #enqueue(state) {
    this.#forget();
    if (this.#vendor.canEnqueue) {
      await this.#apply(state, true);
      this.#queued = { state, by: "vendor" };
    } else {
      // Kept here first: Holdline may be gone by the end of the call.
      this.#queued = { state, by: "guard" };
      if (this.#holdline !== null && (await this.#holdline.enqueue(state.name).catch(() => false))) {
        if (this.#queued?.state === state) this.#queued.by = "holdline";
      }
    }
    return this.#result({ isStatusSyncNeeded: true });
  }

  async #apply(state, enqueue) {
    let accepted;
    try {
      accepted = await this.#vendor.setState(state.name, enqueue);
    } catch (error) {
      throw new StatusError(CAN_NOT_SET_AGENT_STATUS, String(error?.message ?? error));
    }
    if (accepted === false) throw new StatusError(CAN_NOT_SET_AGENT_STATUS, `The phone refused ${state.name}.`);
  }

  #forget() {
    if (this.#timer !== null) {
      clearTimeout(this.#timer.id);
      this.#timer.end(false);
      this.#timer = null;
    }
    if (this.#queued?.by === "holdline") void this.#holdline.enqueue(null).catch(() => {});
    this.#queued = null;
  }

  #result({ isStatusSyncNeeded }) {
    const { GenericResult, SetAgentStateResult } = this.#results;
    if (typeof SetAgentStateResult === "function") {
      return new SetAgentStateResult({ success: true, isStatusSyncNeeded });
    }
    return new GenericResult({ success: true });
  }
}
