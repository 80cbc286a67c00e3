// What a telephony backend does: states, contacts, and a next state that waits for the end of the call.

const STATES = [
  { name: "Available", kind: "routable" },
  { name: "Break", kind: "not_routable" },
  { name: "Offline", kind: "offline" },
];

export class Backend {
  states = STATES;
  dropped = 0;
  #state = STATES[0];
  #since = Date.now();
  #nextState = null;
  #contacts = [];
  #calls = 0;
  #carriedOut = new Map();
  #listeners = new Set();

  constructor({ queue }) {
    this.queue = queue;
  }

  // The whole state, as Holdline is told at every change: so nothing depends on the order of messages.
  report() {
    return {
      state: this.#state,
      nextState: this.#nextState,
      contacts: this.#contacts.map((contact) => ({ ...contact })),
      sinceMs: this.#since,
    };
  }

  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  ring() {
    const id = `call-${++this.#calls}`;
    this.#contacts.push({ id, phase: "ringing", vendorCallKey: id });
    this.#changed();
    return id;
  }

  connect(id) {
    this.#move(id, "connected");
  }

  hangUp(id) {
    this.#move(id, "after_call_work");
  }

  finish(id) {
    this.#contacts = this.#contacts.filter((contact) => contact.id !== id);
    if (this.#contacts.length === 0 && this.#nextState) this.#turn(this.#nextState);
    this.#changed();
  }

  // The rep's own choice at the phone. During a call it waits as well: it is the same backend.
  choose(name) {
    this.#set(name, true);
  }

  // Holdline's request. Each id is carried out once; the same one again is answered the same.
  request({ id, state, enqueueNextState }) {
    if (!this.#carriedOut.has(id)) this.#carriedOut.set(id, { type: this.#set(state, enqueueNextState) });
    return this.#carriedOut.get(id);
  }

  #set(name, enqueue) {
    if (!STATES.some((state) => state.name === name)) return "refused";
    if (enqueue && this.#contacts.length > 0) {
      if (!this.queue) return "refused";
      this.#nextState = name === this.#state.name ? null : name;
      this.#changed();
      return "queued";
    }
    // Applied at once: an Offline tears down whoever is on the line (what enqueueNextState is there for).
    if (name === "Offline") {
      const alive = (contact) => contact.phase !== "after_call_work";
      this.dropped += this.#contacts.filter(alive).length;
      this.#contacts = this.#contacts.filter((contact) => !alive(contact));
    }
    this.#turn(name);
    this.#changed();
    return "done";
  }

  #turn(name) {
    this.#nextState = null;
    if (this.#state.name === name) return;
    this.#state = STATES.find((state) => state.name === name);
    this.#since = Date.now();
  }

  #move(id, phase) {
    for (const contact of this.#contacts) if (contact.id === id) contact.phase = phase;
    this.#changed();
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}
