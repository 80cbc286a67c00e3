// A telephony system for tests. As seed 000 says, an Offline applied during a call tears the call down.

export class Backend {
  state = "Available";
  nextState = null;
  contacts = [];
  dropped = 0;
  refuses = false;
  onContacts = () => {};
  onState = () => {};
  #calls = 0;

  constructor({ canEnqueue = false } = {}) {
    this.canEnqueue = canEnqueue;
  }

  resolve(agentStatus, statusInfo, { offline }) {
    if (offline) return "Offline";
    const name = statusInfo.statusApiName ?? (agentStatus === "Online" ? "Available" : agentStatus);
    return ["Available", "Break"].includes(name) ? name : null;
  }

  hasContact() {
    return this.contacts.length > 0;
  }

  async setState(name, enqueue) {
    if (this.refuses) return false;
    if (enqueue && this.canEnqueue && this.hasContact()) {
      this.nextState = name;
      return true;
    }
    if (name === "Offline") {
      this.dropped += this.contacts.length;
      this.contacts = [];
    }
    this.state = name;
    this.nextState = null;
    this.onState(name);
    return true;
  }

  call() {
    const id = `call-${++this.#calls}`;
    this.contacts.push({ id, phase: "connected" });
    void this.onContacts();
    return id;
  }

  async end(id) {
    this.contacts = this.contacts.filter((contact) => contact.id !== id);
    if (!this.hasContact() && this.nextState !== null) {
      this.state = this.nextState;
      this.nextState = null;
      this.onState(this.state);
    }
    await this.onContacts();
  }
}

export const results = {
  GenericResult: class GenericResult {
    constructor({ success }) {
      this.success = success;
    }
  },
  SetAgentStateResult: class SetAgentStateResult {
    constructor({ success, isStatusSyncNeeded }) {
      this.success = success;
      this.isStatusSyncNeeded = isStatusSyncNeeded;
    }
  },
};
