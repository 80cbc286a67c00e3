// The way to the rep's Holdline: the connector API over REST (docs/connector/openapi.json), from a page or from Node.

const PORTS = [47810, 47811, 47812, 47813, 47814, 47815, 47816, 47817];
/** Answers that only a person can change. */
const FINAL = ["replaced", "revoked", "pairing_refused", "other_user", "rights", "unknown_token", "user_missing"];

export class HoldlineLink {
  #options;
  #base = null;
  #session = null;
  #stopped = new AbortController();
  #reporting = Promise.resolve();

  /**
   * @param {object} options
   * @param {string} options.token   from `holdlinectl phone token new --rights control`, or IT
   * @param {string} options.name    who made the phone
   * @param {string} [options.user]  the rep's Salesforce username
   * @param {object[]} options.states the phone's states: { name, kind }
   * @param {() => object} options.report the phone's whole state, see docs/connector
   * @param {(request) => Promise<string>} options.setState carries a request out: "done", "queued" or "refused"
   * @param {() => void} [options.onUp] the link is there (again)
   * @param {(error) => void} [options.onDown] the link is gone; error.code says why
   */
  constructor(options) {
    this.#options = { ports: PORTS, retryMs: 2000, onUp: () => {}, onDown: () => {}, ...options };
  }

  get isUp() {
    return this.#session !== null;
  }

  /** Keeps the link until stop(), or until Holdline has said no for good. */
  async run() {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#join();
        this.#options.onUp();
        await this.report();
        for (;;) await this.#serve();
      } catch (error) {
        this.#session = null;
        if (this.#stopped.signal.aborted) return;
        this.#options.onDown(error);
        if (FINAL.includes(error.code)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, this.#options.retryMs));
    }
  }

  async stop() {
    const session = this.#session;
    this.#stopped.abort();
    this.#session = null;
    if (session !== null) await this.#ask("DELETE", "session", session, undefined, null).catch(() => {});
  }

  /** After every change of the phone. One report at a time, the newest last. */
  report() {
    this.#reporting = this.#reporting.then(async () => {
      if (this.isUp) await this.#ask("PUT", "state", this.#session, this.#options.report()).catch(() => {});
    });
    return this.#reporting;
  }

  /** Uses Holdline's queue; null takes back. Whether Holdline has it. */
  async enqueue(state) {
    if (!this.isUp) return false;
    await this.#ask("PUT", "next-state", this.#session, state === null ? {} : { state });
    return true;
  }

  async #join() {
    const { token, name, user, states } = this.#options;
    this.#base = await this.#find();
    const joined = await this.#ask("POST", "sessions", token, {
      protocol: { min: 1, max: 1 },
      name,
      user,
      capabilities: { enqueueNextState: false },
      profile: "salesforce_voice",
      states,
    });
    if (joined.type !== "registered") throw failure("unknown_token", "Holdline does not know this token.");
    this.#session = joined.session;
  }

  /** The port where Holdline answers; whose it is, registering finds out. */
  async #find() {
    for (const port of this.#options.ports) {
      const base = `http://localhost:${port}/connector/v1`;
      const there = await fetch(`${base}/requests`, { signal: this.#stopped.signal }).catch(() => null);
      if (there === null) continue;
      const said = await there.json().catch(() => null);
      if (said?.code === "unknown_session") return base;
    }
    throw failure("absent", "No Holdline answers on this computer.");
  }

  async #serve() {
    const { requests } = await this.#ask("GET", "requests", this.#session);
    for (const request of requests) {
      const type = await this.#options.setState(request).catch(() => "refused");
      await this.report();
      await this.#ask("POST", "answers", this.#session, { id: request.id, outcome: { type } });
    }
  }

  async #ask(method, path, key, body, signal = this.#stopped.signal) {
    const headers = { Authorization: `Bearer ${key}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(`${this.#base}/${path}`, { method, headers, body: JSON.stringify(body), signal });
    const text = await answer.text();
    const said = text === "" ? null : JSON.parse(text);
    if (!answer.ok) throw failure(said?.code, said?.detail);
    return said;
  }
}

function failure(code = "failed", detail = "Holdline could not answer.") {
  return Object.assign(new Error(detail), { code });
}
