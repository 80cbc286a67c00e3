// The practice org, as this console uses it.

export class Org {
  constructor(rep) {
    this.rep = rep;
    this.console = `/practice/v1/console/${encodeURIComponent(rep)}`;
  }

  /** The event stream; an open stream is an open console. */
  events() {
    return new EventSource(`${this.console}/events`);
  }

  /** Everything the widget shows. */
  widget() {
    return ask("GET", this.console);
  }

  /** The Omni-Channel toolkit, as lightning:omniToolkitAPI offers it; `source` names the caller in the log. */
  toolkit(source) {
    const toolkit = {};
    for (const method of METHODS) {
      toolkit[method] = async (args = {}) =>
        (await ask("POST", `${this.console}/toolkit/${method}?source=${source}`, args)).result;
    }
    return toolkit;
  }

  /** A method of the console package's Apex class, HoldlineSetup. */
  apex(method, params = {}) {
    return ask("POST", `${this.console}/apex/${method}`, params);
  }

  setPhone(state, enqueue) {
    return ask("POST", `/practice/v1/phones/${encodeURIComponent(this.rep)}/state`, { state, enqueue });
  }

  ring(from) {
    return ask("POST", "/practice/v1/calls", { rep: this.rep, from });
  }

  call(callId, act) {
    return ask("POST", `/practice/v1/calls/${encodeURIComponent(callId)}/${act}`, {});
  }

  settings() {
    return ask("GET", "/practice/v1/settings");
  }

  changeSettings(settings) {
    return ask("PUT", "/practice/v1/settings", settings);
  }
}

const METHODS = [
  "acceptAgentWork", "closeAgentWork", "declineAgentWork", "getAgentWorks", "getAgentWorkload",
  "getServicePresenceStatusChannels", "getServicePresenceStatusId", "login", "logout", "lowerAgentWorkFlag",
  "raiseAgentWorkFlag", "setServicePresenceStatus",
];

async function ask(method, path, body) {
  const init = { method, cache: "no-store" };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Error("The practice org does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const problem = answer?.error ?? answer;
  throw new Error(problem?.detail ?? `The practice org answered with HTTP status ${response.status}.`);
}
