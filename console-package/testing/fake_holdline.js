"use strict";

// A small Holdline on a real socket: identity, hello, pairing, long polls and reports, as docs/console-bridge.md
// says, under the control of a test.

const { createHash, createHmac } = require("node:crypto");
const http = require("node:http");

const ORG = "00D000000000001EAA";
const USER = "005000000000001AAA";

class FakeHoldline {
  constructor({ orgId = ORG, userId = USER, paired = null } = {}) {
    this.identity = { app: "holdline", protocols: { bridge: { min: 1, max: 1 } }, orgId, userId };
    this.pairingKey = paired;
    this.hellos = [];
    this.challenges = new Map();
    this.proofs = [];
    /** Claims to be ours without having the key. */
    this.impostor = false;
    this.sessions = new Set();
    this.polls = [];
    this.pairPolls = [];
    this.waits = [];
    this.pending = { commands: [], withdrawn: [] };
    this.reports = [];
    this.setups = [];
    this.events = [];
    this.results = [];
    this.taken = 0;
    this.acknowledge = true;
    this.refuse = {};
    this.nextId = 1;
    this.server = http.createServer((request, response) => this.serve(request, response));
  }

  async listen(port = 0) {
    await new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "localhost", resolve);
    });
    this.port = this.server.address().port;
    return this;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Forgets all sessions, as a restarted Holdline does. */
  forgetSessions() {
    this.sessions.clear();
    this.polls.splice(0).forEach((answer) => answer(401, { code: "unknown_session", detail: "" }));
  }

  /** Another page of the rep leads now. */
  supersede() {
    this.sessions.clear();
    this.superseded = true;
    this.polls.splice(0).forEach((answer) => answer(409, { code: "superseded", detail: "" }));
  }

  /** Answers the pages that wait for their turn. */
  sayFree(free = true) {
    this.waits.splice(0).forEach((answer) => answer(200, { free }));
  }

  send(...actions) {
    const commands = actions.map(({ id, expiresInMs = 60000, ...action }) => ({
      id: id || `c${this.nextId++}`,
      expiresInMs,
      action,
    }));
    this.push(commands, []);
    return commands.map((command) => command.id);
  }

  withdraw(...ids) {
    this.push([], ids);
  }

  push(commands, withdrawn) {
    this.pending.commands.push(...commands);
    this.pending.withdrawn.push(...withdrawn);
    this.flush();
  }

  flush() {
    if (this.polls.length === 0) return;
    if (this.pending.commands.length + this.pending.withdrawn.length === 0) return;
    const answer = this.polls.shift();
    answer(200, this.pending);
    this.pending = { commands: [], withdrawn: [] };
  }

  decidePairing(answer) {
    if (answer.pairingKey) this.pairingKey = answer.pairingKey;
    this.pairPolls.splice(0).forEach((reply) => reply(200, answer));
  }

  outcome(id) {
    const found = this.results.find((result) => result.id === id);
    return found && found.outcome;
  }

  serve(request, response) {
    const answer = (status, body) => {
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(body));
    };
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const refusal = this.refuse[request.url];
      if (refusal) return answer(refusal.status, refusal);
      const text = Buffer.concat(chunks).toString();
      return this.route(request.url, text ? JSON.parse(text) : null, answer);
    });
  }

  route(url, body, answer) {
    if (url === "/holdline") return answer(200, this.identity);
    if (url === "/bridge/v1/hello") return this.hello(body, answer);
    if (url === "/bridge/v1/prove") return this.prove(body, answer);
    if (url === "/bridge/v1/pair") return this.pairPolls.push(answer);
    if (url === "/bridge/v1/wait") return this.waits.push(answer);
    if (!this.sessions.has(body.session) && this.superseded) {
      return answer(409, { code: "superseded", detail: "" });
    }
    if (!this.sessions.has(body.session)) return answer(401, { code: "unknown_session", detail: "" });
    if (url === "/bridge/v1/poll") {
      this.polls.push(answer);
      return this.flush();
    }
    if (url === "/bridge/v1/report") return this.report(body, answer);
    return answer(404, { code: "bad_request", detail: url });
  }

  hello(body, answer) {
    this.hellos.push(body);
    if (body.key && (this.impostor || (this.pairingKey && this.pairingKey.split(".")[0] === body.key.id))) {
      const challenge = `n${this.hellos.length}`;
      this.challenges.set(challenge, body);
      return answer(200, { type: "challenge", challenge });
    }
    return answer(200, { type: "pairing", pairing: `p${this.hellos.length}`, code: "123456" });
  }

  prove(body, answer) {
    const hello = this.challenges.get(body.challenge);
    this.challenges.delete(body.challenge);
    if (!hello) return answer(401, { code: "unknown_session", detail: "" });
    this.proofs.push(body.proof);
    const secret = this.impostor ? "guessed" : this.pairingKey.split(".")[1];
    const right = proofs(secret, this.claimedPort || this.port, hello, body.challenge);
    if (body.proof !== right.partner && !this.impostor) return answer(401, { code: "unknown_key", detail: "" });
    const session = `s${this.hellos.length}`;
    this.forgetSessions();
    this.sessions = new Set([session]);
    this.superseded = false;
    if (hello.instance !== this.instance) this.taken = 0;
    this.instance = hello.instance;
    return answer(200, { session, protocol: 1, proof: right.desktop });
  }

  report(body, answer) {
    this.reports.push(body);
    if (body.setup) this.setups.push(body.setup);
    if (this.acknowledge) {
      for (const numbered of body.events) {
        if (numbered.seq <= this.taken) continue;
        this.events.push({ instance: this.instance, ...numbered });
        this.taken = numbered.seq;
      }
      this.results.push(...body.results);
    }
    return answer(200, { eventsTaken: this.taken });
  }
}

/** Its own reckoning of RFC 5802, by Node's crypto, so that two agree who were written apart. */
function proofs(secret, port, hello, challenge) {
  const about = ["holdline bridge 1", port, hello.orgId.slice(0, 15), hello.userId.slice(0, 15), hello.key.id,
    hello.key.nonce, hello.instance, challenge].join("\n");
  const own = mac(secret, "Holdline console");
  const cover = mac(createHash("sha256").update(own).digest(), about);
  return {
    partner: Buffer.from(own.map((byte, at) => byte ^ cover[at])).toString("base64url"),
    desktop: mac(mac(secret, "Holdline desktop"), about).toString("base64url"),
  };
}

function mac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}

module.exports = { FakeHoldline, ORG, USER, proofs };
