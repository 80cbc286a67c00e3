// The connector API over REST with a long poll (docs/connector/openapi.json).

export function overRest(port, registration, backend, say) {
  const base = `http://127.0.0.1:${port}/connector/v1`;
  const leaving = new AbortController();
  let session = registration.token;

  async function ask(method, path, body) {
    const answer = await fetch(`${base}/${path}`, {
      method,
      headers: {
        ...(session && { Authorization: `Bearer ${session}` }),
        ...(body && { "Content-Type": "application/json" }),
      },
      body: body && JSON.stringify(body),
      signal: leaving.signal,
    });
    const text = await answer.text();
    const said = text ? JSON.parse(text) : null;
    if (answer.ok) return said;
    throw Object.assign(new Error(`${said.code}: ${said.detail}`), { code: said.code });
  }

  // One report at a time and the newest state last, so that none overtakes another.
  let reporting = Promise.resolve();
  const tell = () => (reporting = reporting.then(() => ask("PUT", "state", backend.report())).catch(() => {}));

  async function join() {
    let joined = await ask("POST", "sessions", registration);
    while (joined.type === "pairing") {
      say({ link: "pairing", code: joined.code });
      let pairing;
      do pairing = await ask("POST", "pairings", { pairing: joined.pairing });
      while (pairing.type === "waiting");
      if (pairing.type === "refused") throw Object.assign(new Error("not paired"), { code: "pairing_refused" });
      session = registration.token = pairing.token; // kept for next time
      joined = await ask("POST", "sessions", registration);
    }
    session = joined.session;
    say({ link: "up", rights: joined.rights });
  }

  async function serve() {
    let forget = () => {};
    try {
      await join();
      forget = backend.onChange(tell);
      tell();
      for (;;) {
        const { requests } = await ask("GET", "requests");
        for (const request of requests) {
          const outcome = backend.request(request);
          await reporting;
          await ask("POST", "answers", { id: request.id, outcome });
        }
      }
    } catch (error) {
      // Only what passes is worth dialling again unasked.
      const passes = [undefined, "not_signed_in", "unknown_session", "shutting_down"].includes(error.code);
      return { dialAgain: passes || error.name === "AbortError", why: String(error.message) };
    } finally {
      forget();
      await reporting;
      session = registration.token;
    }
  }
  return {
    ended: serve(),
    enqueue: (state) => ask("PUT", "next-state", { state }),
    cut: () => leaving.abort(),
  };
}
