// The panel's side of amazon-connect-streams' protocol: frames {event, data} by postMessage (telephony.md).

const DATES = new Set(["queueTimestamp", "snapshotTimestamp", "startTimestamp", "timestamp", "timeStamp"]);
/// Until the outer page has been heard of, milliseconds between two words to it.
const CALL_EVERY_MS = 500;

/// Times in the library's snapshots are dates.
export function revive(json) {
  return JSON.parse(json, (name, value) => (DATES.has(name) && typeof value === "number" ? new Date(value) : value));
}

export class Streams {
  /// `call(method, params)` carries a request out; `configured()` is told once somebody embeds this panel.
  constructor({ call, configured }) {
    this.call = call;
    this.configured = configured;
    this.acknowledges = true;
    this.id = crypto.randomUUID?.() ?? String(Math.random());
    this.known = false;
    addEventListener("message", (message) => {
      if (message.source === parent) this.hear(message.data ?? {});
    });
    // The panel speaks first.
    this.acknowledge();
    const calling = setInterval(() => {
      if (this.known) clearInterval(calling);
      else this.acknowledge();
    }, CALL_EVERY_MS);
  }

  tell(event, data) {
    parent.postMessage({ event, data }, "*");
  }

  acknowledge() {
    if (!this.acknowledges) return;
    this.tell("acknowledge", { id: this.id });
    // An outer page that has known an earlier panel in this frame does not configure a new one unasked.
    if (!this.known) this.tell("request_configure", {});
  }

  update({ snapshot, configuration }) {
    const localTimestamp = Date.now();
    const skew = snapshot.snapshotTimestamp - localTimestamp;
    this.tell("agent::update", { snapshot: { ...snapshot, localTimestamp, skew }, configuration });
  }

  async hear({ event, data }) {
    if (!this.acknowledges) return;
    switch (event) {
      case "configure":
        if (!this.known) this.configured();
        this.known = true;
        break;
      case "synchronize":
        this.acknowledge();
        break;
      case "broadcast":
        // Whoever listens in the outer page hears its own words back.
        this.tell(data.event, data.data);
        break;
      case "api_request":
        this.tell("api_response", await this.answer(data));
        break;
      default:
    }
  }

  async answer({ requestId, method, params }) {
    try {
      return { event: "api_response", requestId, data: await this.call(method, params), err: null };
    } catch (error) {
      const err = { type: error.code ?? "Error", message: error.message };
      return { event: "api_response", requestId, data: null, err: JSON.stringify(err) };
    }
  }
}
