/*
 * Holdline's partner inside the Salesforce console.
 *
 * Omni-Channel presence can only be written by a page of the console, so Holdline asks this script to do it.
 * It speaks the console bridge (docs/console-bridge.md) by fetch to http://localhost, and does what it is
 * asked through the console's own Omni-Channel toolkit (lightning:omniToolkitAPI, or the practice console's).
 *
 * A classic script: it adds one function, createHoldlinePartner, to the window it is loaded into, and works
 * under Lightning Locker (no AbortController, Headers or Worker, no DOM). It decides nothing about presence:
 * Holdline does. What it does decide is what must be decided here, next to the toolkit: it never logs out
 * while getAgentWorks shows a call, and it never carries out a command twice, late, or after its withdrawal.
 */
(function (scope) {
  "use strict";

  const APP = "holdline";
  const PROTOCOL = { min: 1, max: 1 };
  const VOICE_CALL_PREFIX = "0LQ";
  const MOST_EVENTS = 1000;
  const MOST_EVENTS_IN_A_REPORT = 200;
  const MOST_IDS = 10000;
  // Holdline cannot read it: bad request, too large, not JSON, not what is expected.
  const UNREADABLE = [400, 413, 415, 422];

  // Milliseconds. None of them decides anything about a call: they bound waiting for an answer.
  const TIMINGS = {
    firstRetry: 1000,
    lastRetry: 30000,
    probeLimit: 3000,
    // After one port has answered as ours, how long others may still do so.
    probeGather: 200,
    answerLimit: 10000,
    // How long the org may take to say how far the calls are, before a snapshot goes without.
    callsLimit: 3000,
    // Holdline holds a poll for 20 s.
    pollLimit: 30000,
    // A toolkit promise that has not settled this long after its command's expiry frees the queue.
    toolkitGrace: 10000,
  };

  const EVENT_TYPES = {
    connectionError: [],
    loginSuccess: ["statusId"],
    logout: [],
    statusChanged: ["statusId"],
    workAccepted: ["workId", "workItemId"],
    workAssigned: ["workId", "workItemId"],
    workClosed: ["workId", "workItemId"],
    workDeclined: ["workId", "workItemId"],
    workFlagUpdated: ["workId"],
    workloadChanged: [],
    conversationEnded: ["workItemId"],
  };

  // What a command may come to besides an answer: nothing is reported of it (now).
  const WITHDRAWN = { withdrawn: true };
  const ARMED = { armed: true };

  // What is shown to the rep, by code. In an org each is a custom label, Holdline_CODE, and can be translated.
  const TEXTS = {
    // What the partner itself shows.
    connected: "Connected to Holdline.",
    pairing: "Compare this code with the one in Holdline and confirm it there.",
    nobody: "Looking for Holdline. Start it on this computer and sign in there.",
    not_signed_in: "Holdline is running, but nobody is signed in. Sign in there.",
    other_org: "Holdline on this computer is signed in to another Salesforce org. Sign in to this one there.",
    other_user: "Holdline on this computer belongs to another user. Sign in there as yourself.",
    blocked_by_csp:
      "This org does not allow the console to reach Holdline. Ask your administrator to add Holdline's " +
      "http://localhost addresses to CSP Trusted Sites (connect-src).",
    permission_denied:
      "The browser does not allow this site to reach programs on this computer. Allow local network access " +
      "for this site in the browser's site settings, or ask your administrator to.",
    permission_prompt: "The browser asks whether this site may reach programs on this computer: allow it.",
    no_crypto:
      "This page may not use the browser's Web Crypto, without which it cannot prove who it is. Open the console " +
      "by https; your administrator may have to turn on Lightning Web Security for Aura components.",
    impostor:
      "A program on this computer claims to be your Holdline and could not prove it. If it stays, tell your " +
      "administrator.",
    superseded: "Another console page of yours is connected to Holdline. This one takes over when you come back to it.",
    pairing_refused: "The pairing was refused in Holdline, or its code has expired. Pair again if you want to.",
    protocol: "This console's Holdline package and the Holdline on this computer are too far apart in version. " +
      "Ask your administrator which of the two to update.",

    // What the utility item adds.
    armed: "You will be logged out of Omni-Channel when this call ends.",
    bar_blocked: "Holdline: blocked",
    bar_connected: "Holdline",
    bar_looking: "Holdline: not found",
    bar_pairing: "Holdline: confirm the code",
    bar_refused: "Holdline: not connected",
    no_setup:
      "Salesforce did not say which presence statuses are yours. Ask your administrator to assign you the " +
      "permission set Holdline Rep, then try again.",
    pair_again: "Pair again",
    starting: "Starting.",
    title_blocked: "Blocked",
    title_connected: "Connected",
    title_looking: "Not connected",
    title_pairing: "Confirm the code",
    title_refused: "Not connected",
    try_again: "Try again",
  };

  /**
   * Makes a partner; it does nothing until start().
   *
   * @param {object} options
   * @param {object} options.toolkit the console's Omni-Channel toolkit: methods as Salesforce documents them
   * @param {function} options.fetch the page's fetch
   * @param {Crypto} [options.crypto] the browser's Web Crypto; the window's own where none is given
   * @param {{getItem,setItem,removeItem}} options.storage keeps the pairing key of this browser
   * @param {number[]} options.ports Holdline's loopback ports, all of which are asked
   * @param {string} options.orgId the console's org, 15 or 18 characters
   * @param {string} options.userId the console's user, 15 or 18 characters
   * @param {function(object)} options.show is given every new state: {state: "looking" | "pairing" |
   *   "connected" | "refused", code, text, pairingCode, armed, canRetry}
   * @param {function(): boolean} [options.isVisible] whether the page is visible now
   * @param {function(): Promise<string>} [options.networkPermission] the browser's local network access
   *   permission: "granted", "denied", "prompt", or "unknown"; by default the browser is asked
   * @param {object} [options.setup] the rep's own presence set-up, which is told to Holdline as it is
   * @param {function(string[]): Promise<{id, hasEnded, vendorCallKey}[]>} [options.readCalls] asks the org how far
   *   calls are, by their work items' ids
   * @param {object} [options.texts] other words for those of TEXTS, by code
   * @param {string[]} [options.voicePrefixes] key prefixes of calls, until a command names others
   * @param {object} [options.timings] overrides of TIMINGS, for tests
   * @param {function(): {mono: number, wall: number}} [options.clock] milliseconds, for tests
   */
  function createHoldlinePartner(options) {
    const toolkit = options.toolkit;
    const crypto = options.crypto || scope.crypto;
    const clock = options.clock || systemClock;
    const timings = Object.assign({}, TIMINGS, options.timings);
    const texts = Object.assign({}, TEXTS, options.texts);
    const works = createWorks();
    let outbox = createOutbox();
    const key = createKey(options.storage, options.orgId, options.userId);
    const http = createHttp(options.fetch, timings);

    let instance = randomName();
    let voicePrefixes = options.voicePrefixes || [VOICE_CALL_PREFIX];
    let running = false;
    let retries = 0;
    let wakeUp = null;
    let awake = false;
    let forTheRep = false;
    let cspBlocked = false;
    let shown = null;
    let shownText = "";

    // The open session: {id, port, lost: Promise, lose: function}, or null.
    let session = null;
    // The last one that another page has replaced.
    let replaced = null;
    let reporting = false;
    const queue = [];
    let working = false;
    const seen = createIdSet();
    const withdrawn = createIdSet();
    const arms = new Map();

    return {
      /** Starts looking for Holdline; until stop(). */
      start: function () {
        if (running) return;
        running = true;
        refreshWorks();
        live();
      },
      /** Ends the partner: nothing is sent or carried out any more. */
      stop: stop,
      event: event,
      /** Salesforce Voice says that a call has ended; its own id of the call, which VoiceCall has as VendorCallKey. */
      callEnded: function (vendorCallKey) {
        return readCalls(vendorCallKey);
      },
      /** The rep asks to try, or to pair, again. */
      retry: function () {
        retries = 0;
        wake();
      },
      /** To be called at every visibilitychange: a page that is looked at again tries at once. */
      visibilityChanged: function () {
        if (options.isVisible && options.isVisible() && !session && !forTheRep) {
          retries = 0;
          wake();
        }
      },
      /** To be called at securitypolicyviolation with the event: tells a CSP refusal from an absent Holdline. */
      policyViolation: function (violation) {
        const blocked = String((violation && violation.blockedURI) || "");
        if (options.ports.some(function (port) { return blocked.indexOf("localhost:" + port) >= 0; })) {
          cspBlocked = true;
          if (shown && shown.state === "looking") look("blocked_by_csp");
        }
      },
      /**
       * To be called at pagehide: another page of the rep's may take over at once. The partner ends, so that a page
       * that is being closed does not say hello once more; start() begins anew where the page comes back (pageshow).
       */
      leaving: function () {
        if (session) {
          const body = JSON.stringify({ session: session.id, events: [], results: [], leaving: true });
          // Nobody will be here to read the answer.
          Promise.resolve(options.fetch("http://localhost:" + session.port + "/bridge/v1/report", {
            method: "POST", mode: "cors", credentials: "omit", redirect: "error", keepalive: true,
            headers: { "Content-Type": "application/json" }, body: body,
          })).catch(nothing);
        }
        stop();
      },
      /** To be called at beforeunload: asks before a page with a call is closed. */
      beforeUnload: function (unload) {
        if (!works.hasVoice(voicePrefixes)) return undefined;
        if (unload.preventDefault) unload.preventDefault();
        unload.returnValue = "A call is open in this console.";
        return unload.returnValue;
      },
    };

    function stop() {
      running = false;
      arms.clear();
      loseSession();
      wake();
    }

    // ---- finding and joining Holdline -------------------------------------------------------------------

    async function live() {
      while (running) {
        let lasted = false;
        let wait = true;
        try {
          const joined = await join(await find());
          if (joined.session) lasted = await serve(joined.port, joined.session);
          else wait = !(await pair(joined.port, joined.pairing, joined.code));
        } catch (error) {
          wait = await explain(error);
        }
        if (!running) break;
        if (lasted) {
          // A session that worked and was lost: Holdline was restarted, or signed in anew. Ask again at once.
          retries = 0;
          look("nobody");
        } else if (wait === "for the rep") {
          forTheRep = true;
          await pause(null);
          forTheRep = false;
        } else if (wait) {
          await pause(Math.min(timings.lastRetry, timings.firstRetry * Math.pow(2, retries++)));
        }
      }
    }

    /** All ports that answer as a Holdline of this org and user, or a problem that says who did answer. */
    function find() {
      return new Promise(function (resolve, reject) {
        let open = options.ports.length;
        let other = null;
        const mine = [];
        const settle = function () {
          if (mine.length > 0) resolve(mine);
          else reject(problem(0, other || "nobody"));
        };
        if (!shown) look("nobody");
        if (open === 0) settle();
        options.ports.forEach(function (port) {
          http.ask(port, "/holdline", null, timings.probeLimit).then(function (identity) {
            const whose = whoseIs(identity);
            if (whose === "mine") {
              mine.push(port);
              sleep(timings.probeGather).then(settle);
            } else if (whose) other = nearest(other, whose);
          }, function () {
            // Nobody, somebody else's program, or a refusal of the browser: explain() asks which.
          }).then(function () {
            open -= 1;
            if (open === 0) settle();
          });
        });
      });
    }

    function whoseIs(identity) {
      if (!identity || identity.app !== APP) return null;
      if (!identity.orgId || !identity.userId) return "not_signed_in";
      if (!sameId(identity.orgId, options.orgId)) return "other_org";
      return sameId(identity.userId, options.userId) ? "mine" : "other_user";
    }

    /**
     * Says hello at each port that claims to be ours. Where there are several, the one that knows our pairing
     * key is joined; a new pairing is only begun where none does. What does not prove that it knows the key is
     * not ours, whatever it says.
     */
    async function join(ports) {
      if (!canProve(crypto)) throw problem(0, "no_crypto");
      const secret = key.value();
      let pairing = null;
      let failure = null;
      for (let i = 0; i < ports.length; i++) {
        try {
          let welcome = await greet(ports[i], secret);
          // It knows the id, but says that our key is not the one it gave out.
          if (welcome === null) welcome = await greet(ports[i], null);
          if (welcome.session) return welcome;
          pairing = pairing || welcome;
        } catch (error) {
          failure = failure || error;
        }
      }
      if (pairing) return pairing;
      throw failure;
    }

    /** Says hello at a port: {port, session}, or {port, pairing, code}; null when our proof is refused. */
    async function greet(port, secret) {
      const hello = { protocol: PROTOCOL, orgId: options.orgId, userId: options.userId, instance: instance };
      const proof = createProof(crypto, secret, port, hello);
      if (proof) hello.key = proof.known;
      const welcome = await http.ask(port, "/bridge/v1/hello", hello, timings.answerLimit);
      if (welcome.type === "pairing") return { port: port, pairing: welcome.pairing, code: welcome.code };
      if (welcome.type !== "challenge" || !proof) throw problem(0, "protocol");
      const challenge = String(welcome.challenge);
      const own = await proof.answer(challenge);
      let proved;
      try {
        proved = await http.ask(port, "/bridge/v1/prove", { challenge: challenge, proof: own.proof },
          timings.answerLimit);
      } catch (error) {
        if (error.code === "unknown_key") return null;
        throw error;
      }
      if (!own.accepts(proved.proof)) throw problem(0, "impostor");
      return { port: port, session: proved.session };
    }

    /** Shows the code until the rep has decided in Holdline; true when a key was given. */
    async function pair(port, pairing, code) {
      display({ state: "pairing", code: "pairing", text: texts.pairing, pairingCode: code });
      while (running) {
        const answer = await http.ask(port, "/bridge/v1/pair", { pairing: pairing }, timings.pollLimit);
        if (answer.type === "confirmed") {
          key.keep(answer.pairingKey);
          return true;
        }
        if (answer.type !== "waiting") throw problem(0, "pairing_refused");
      }
      return false;
    }

    /** Shows why there is no session; returns how to wait: true, or "for the rep". */
    async function explain(error) {
      if (!running) return false;
      let code = (error && error.code) || "nobody";
      if (error && error.status === 401) return true;
      if (code === "superseded") {
        display({ state: "refused", code: code, text: texts[code], canRetry: true });
        await untilOurs();
        return false;
      }
      if (code === "pairing_refused") {
        display({ state: "refused", code: code, text: texts[code], canRetry: true });
        return "for the rep";
      }
      if (error && error.status > 0) {
        // Holdline's own words are for people and name the remedy.
        display({ state: "refused", code: code, text: error.detail || texts[code] || code, canRetry: true });
        if (code === "protocol") retries = Math.max(retries, 5);
        return true;
      }
      if (code === "nobody") {
        const permission = await networkPermission();
        if (cspBlocked) code = "blocked_by_csp";
        else if (permission === "denied") code = "permission_denied";
        else if (permission === "prompt") code = "permission_prompt";
      }
      look(code);
      return true;
    }

    /**
     * Another page leads: waits until this one is looked at or asked to, or Holdline says that the other has been
     * closed or has fallen silent. Holdline times it: hidden pages have no timers worth the name.
     */
    async function untilOurs() {
      const old = replaced;
      awake = false;
      const asked = pause(null);
      while (running && old) {
        const how = await Promise.race([asked, http.ask(old.port, "/bridge/v1/wait", { session: old.id },
          timings.pollLimit).then(function (answer) { return answer.free === true ? "free" : "wait on"; },
          // Holdline has left, or knows this session no more: whoever says hello leads.
          function () { return "free"; })]);
        if (how !== "wait on") break;
      }
      if (!old) await asked;
      wakeUp = null;
    }

    function networkPermission() {
      return Promise.resolve().then(options.networkPermission || browserPermission).catch(function () { return "unknown"; });
    }

    function look(code) {
      display({ state: "looking", code: code, text: texts[code] || code, canRetry: true });
    }

    function display(next) {
      const text = JSON.stringify(next);
      if (text === shownText) return;
      shown = next;
      shownText = text;
      options.show(next);
    }

    function displayConnected() {
      if (session) display({ state: "connected", code: "connected", text: texts.connected, armed: arms.size > 0 });
    }

    function pause(delay) {
      return new Promise(function (resolve) {
        let timer = null;
        const end = function (how) {
          wakeUp = null;
          awake = false;
          if (timer !== null) scope.clearTimeout(timer);
          resolve(how);
        };
        wakeUp = function () { end("woken"); };
        if (awake) wakeUp();
        else if (delay !== null) timer = scope.setTimeout(function () { end("over"); }, delay);
      });
    }

    function wake() {
      if (wakeUp) wakeUp();
      // Asked for while an attempt is under way: the attempt's failure is then followed by another at once.
      else if (!session) awake = true;
    }

    // ---- a session --------------------------------------------------------------------------------------

    /** Polls until the session is lost; true when it had worked and may be asked for again at once. */
    async function serve(port, id) {
      const mine = openSession(port, id);
      let worked = false;
      try {
        while (running && session === mine) {
          const answer = await Promise.race([
            http.ask(port, "/bridge/v1/poll", { session: id }, timings.pollLimit),
            mine.lost,
          ]);
          if (session !== mine) break;
          worked = true;
          retries = 0;
          take(answer, clock(), mine);
        }
      } catch (error) {
        if (session === mine) loseSession(error);
        if (!worked || error.code === "superseded") throw error;
      } finally {
        if (session === mine) loseSession();
      }
      return worked;
    }

    function openSession(port, id) {
      const mine = { id: id, port: port };
      mine.lost = new Promise(function (resolve, reject) {
        mine.lose = function (why) {
          if (why) reject(why);
          else resolve();
        };
      });
      mine.lost.catch(function () {});
      session = mine;
      awake = false;
      cspBlocked = false;
      // Holdline decides anew in a new session; what an earlier one has armed it cannot withdraw any more.
      arms.clear();
      displayConnected();
      refreshWorks();
      report();
      return mine;
    }

    /**
     * The session is over. What is armed stays so while Holdline is merely away: it was decided for the end of
     * this call, which does not wait. Where Holdline itself has ended the session it is void.
     */
    function loseSession(why) {
      const old = session;
      session = null;
      if (old && why && why.code === "superseded") replaced = old;
      if (why && why.status > 0) arms.clear();
      if (old) old.lose(why);
    }

    /** Takes a poll's answer: withdrawals first, so that an id in both lists is not carried out. */
    function take(answer, arrived, mine) {
      (answer.withdrawn || []).forEach(function (id) {
        withdrawn.add(id);
        arms.delete(id);
      });
      (answer.commands || []).forEach(function (command) {
        if (seen.has(command.id)) return;
        seen.add(command.id);
        queue.push({ id: command.id, action: command.action, expiresIn: command.expiresInMs, arrived: arrived,
          session: mine });
      });
      displayConnected();
      work();
    }

    // ---- commands ---------------------------------------------------------------------------------------

    /** Carries out the queue in order, one at a time. */
    async function work() {
      if (working) return;
      working = true;
      while (queue.length > 0) {
        const order = queue.shift();
        await answered(order, inTime);
      }
      working = false;
    }

    /** A toolkit that never answers doesn't hold up what comes after. */
    function inTime(order) {
      const limit = Math.min(order.expiresIn + timings.toolkitGrace, 0x7fffffff);
      return within(limit, carryOut(order), function () {
        return refusal("toolkit", "The console has not answered in time.");
      });
    }

    /** Does one thing and reports its outcome; a withdrawn command gets no answer. */
    async function answered(order, act) {
      let outcome;
      try {
        outcome = { type: "done" };
        const snapshot = await act(order);
        if (snapshot === ARMED) return;
        if (snapshot) outcome.snapshot = snapshot;
      } catch (error) {
        if (error === WITHDRAWN) return;
        outcome = { type: "refused", code: error.refusal || "toolkit", detail: error.detail || wordsOf(error) };
      }
      outbox.addResult({ id: order.id, outcome: outcome });
      report();
    }

    async function carryOut(order) {
      const action = order.action || {};
      mayBegin(order);
      switch (action.type) {
        case "acceptAgentWork":
          return nothing(await call("acceptAgentWork", { workId: action.workId }));
        case "arm":
          return arm(order);
        case "closeAgentWork":
          takePrefixes(action);
          return close(order);
        case "declineAgentWork":
          return nothing(await call("declineAgentWork", action.declineReason
            ? { workId: action.workId, declineReason: action.declineReason }
            : { workId: action.workId }));
        case "lowerAgentWorkFlag":
        case "raiseAgentWorkFlag":
          return nothing(await call(action.type, action.message
            ? { workId: action.workId, message: action.message }
            : { workId: action.workId }));
        case "login":
          return nothing(await call("login", { statusId: action.statusId }));
        case "logout":
          takePrefixes(action);
          return logOut(order, action.wrappingUp || []);
        case "setServicePresenceStatus":
          if (action.logIn !== true) await mustBeLoggedIn(order);
          return nothing(await call("setServicePresenceStatus", { statusId: action.statusId }));
        case "snapshot":
          return takeSnapshot();
        default:
          throw refusal("unsupported", "This console's Holdline package does not know " + action.type + ".");
      }
    }

    function mayBegin(order) {
      if (withdrawn.has(order.id)) throw WITHDRAWN;
      if (order.session !== session) throw refusal("expired", "The session it belongs to has ended.");
      if (isLate(order)) throw refusal("expired", "It came after its time.");
    }

    // Written so that a command without a time is late.
    function isLate(order) {
      return !(elapsed(order.arrived) <= order.expiresIn);
    }

    /** The last look at getAgentWorks, and the logout, with nothing but this check between them. */
    async function logOut(order, wrappingUp) {
      await askWorks();
      mayBegin(order);
      if (works.hasVoice(order.action.voicePrefixes, wrappingUp)) {
        throw refusal("call_active", "getAgentWorks shows a call.");
      }
      return nothing(await call("logout"));
    }

    /** Closes a work after a last look: a call only when its conversation has ended, because closing ends it. */
    async function close(order) {
      await readCalls();
      await askWorks();
      mayBegin(order);
      if (works.isTalking(order.action.workId, order.action.voicePrefixes)) {
        throw refusal("call_active", "The conversation of this work has not ended.");
      }
      return nothing(await call("closeAgentWork", { workId: order.action.workId }));
    }

    /** The last look at the status: setServicePresenceStatus logs in first, which only the rep may ask for. */
    async function mustBeLoggedIn(order) {
      // Without a status the toolkit rejects or gives none. Not to know is not to be logged in.
      const status = await call("getServicePresenceStatusId").catch(function () { return null; });
      mayBegin(order);
      if (!status || !isId(status.statusId)) {
        throw refusal("logged_out", "The rep is logged out of Omni-Channel.");
      }
    }

    /** Without knowing what a call is, nobody can be logged out safely. */
    function takePrefixes(action) {
      const prefixes = action.voicePrefixes;
      if (!Array.isArray(prefixes) || prefixes.length === 0 || !prefixes.every(isPrefix)) {
        throw refusal("unsupported", "It does not say which work items are calls.");
      }
      voicePrefixes = prefixes;
    }

    async function arm(order) {
      takePrefixes(order.action);
      arms.set(order.id, order);
      displayConnected();
      try {
        // Which calls are open decides which WorkClosed is the last.
        await askWorks();
      } catch (error) {
        if (!arms.delete(order.id)) return ARMED;
        displayConnected();
        throw error;
      }
      return ARMED;
    }

    /** A voice work was closed: fires every arm for which it was the last. */
    function fireArms(closed) {
      [...arms.values()].forEach(function (order) {
        const prefixes = order.action.voicePrefixes;
        if (!isVoice(closed.workItemId, prefixes) || works.hasVoice(prefixes)) return;
        // Whatever comes of it, it fires once.
        arms.delete(order.id);
        answered(order, fire);
      });
      displayConnected();
    }

    async function fire(order) {
      mayFire(order);
      await askWorks();
      mayFire(order);
      if (works.hasVoice(order.action.voicePrefixes)) {
        throw refusal("call_active", "Another call came before the logout.");
      }
      return nothing(await call("logout"));
    }

    // Unlike other commands, an armed one is carried out without a session too: its decision was taken for
    // the end of this call, which does not wait for Holdline.
    function mayFire(order) {
      if (withdrawn.has(order.id)) throw WITHDRAWN;
      if (isLate(order)) throw refusal("expired", "It was armed for too long.");
    }

    async function takeSnapshot() {
      const list = await askWorks();
      await readCalls();
      const snapshot = { works: list, conversationsEnded: works.conversationsEnded() };
      const status = await call("getServicePresenceStatusId").catch(function () { return null; });
      if (status && isId(status.statusId)) snapshot.statusId = status.statusId;
      const load = await call("getAgentWorkload").catch(function () { return null; });
      if (load && isCount(load.configuredCapacity) && isCount(load.currentWorkload)) {
        snapshot.workload = {
          configuredCapacity: load.configuredCapacity,
          currentWorkload: load.currentWorkload,
        };
      }
      return snapshot;
    }

    /** getAgentWorks, taken into account together with the events that came while it was asked. */
    async function askWorks() {
      const asked = works.turn();
      const list = worksOf(await call("getAgentWorks"));
      works.settle(asked, list);
      return list;
    }

    function refreshWorks() {
      askWorks().catch(function () {
        // Not logged in to Omni-Channel, or not ready: the next command or event asks again.
      });
    }

    /**
     * Asks the org how far the open calls are. A conversation that has ended is reported as an event; that nobody
     * can tell, or not in time, means that none is known to have ended.
     */
    async function readCalls(vendorCallKey) {
      const open = works.talking(voicePrefixes);
      if (!options.readCalls || open.length === 0) return;
      const nobodyKnows = function () { return []; };
      const asked = Promise.resolve(open).then(options.readCalls).catch(nobodyKnows);
      const calls = await within(timings.callsLimit, asked, nobodyKnows).catch(nobodyKnows);
      (Array.isArray(calls) ? calls : []).forEach(function (state) {
        const ended = state.hasEnded === true || (vendorCallKey && state.vendorCallKey === vendorCallKey);
        if (!ended) return;
        works.talking(voicePrefixes).forEach(function (item) {
          if (sameId(item, state.id)) event({ type: "conversationEnded", workItemId: item });
        });
      });
    }

    /** One method of the toolkit; a rejection and an answer of false are refusals. */
    async function call(method, args) {
      let answer;
      try {
        answer = await (args === undefined ? toolkit[method]() : toolkit[method](args));
      } catch (error) {
        throw refusal("toolkit", method + ": " + wordsOf(error));
      }
      if (answer === false) throw refusal("toolkit", method + " said false.");
      return answer;
    }

    function elapsed(since) {
      const now = clock();
      // One of the two clocks stops while the computer sleeps, the other can be set: the larger is the safe one.
      return Math.max(now.mono - since.mono, now.wall - since.wall);
    }

    // ---- events and reports -----------------------------------------------------------------------------

    /**
     * Something happened in the console: {type, …} as the bridge names it, the fields as Salesforce's event
     * has them. What is not such an event is not reported.
     *
     * @returns {boolean} whether it was taken
     */
    function event(happened) {
      if (!happened || !Object.prototype.hasOwnProperty.call(EVENT_TYPES, happened.type)) return false;
      if (!EVENT_TYPES[happened.type].every(function (field) { return isId(happened[field]); })) return false;
      const clean = cleanEvent(happened);
      if (!clean) return false;
      if (!outbox.addEvent(clean)) startOver();
      works.note(clean);
      if (clean.type === "workClosed") fireArms(clean);
      // A status chosen in the console while Holdline is away is the newer intent, and nobody can tell it.
      if (clean.type === "statusChanged" && !session) arms.clear();
      if (clean.type === "logout" || clean.type === "loginSuccess") refreshWorks();
      report();
      return true;
    }

    /** More has happened than is kept: like a page just loaded, after which Holdline asks for a snapshot. */
    function startOver() {
      // A new one, so that the acknowledgement of a report that is under way does not count for it.
      outbox = createOutbox();
      instance = randomName();
      loseSession();
    }

    /** Each session is told once what the rep has set up. */
    function owesSetup(mine) {
      return Boolean(options.setup) && !mine.toldSetup;
    }

    async function report() {
      if (reporting) return;
      reporting = true;
      let failures = 0;
      while (session && (!outbox.isEmpty() || owesSetup(session))) {
        const mine = session;
        const box = outbox;
        const batch = box.batch();
        try {
          const body = { session: mine.id, events: batch.events, results: batch.results };
          const news = owesSetup(mine);
          if (news) body.setup = options.setup;
          const answer = await http.ask(mine.port, "/bridge/v1/report", body, timings.answerLimit);
          mine.toldSetup = true;
          failures = box.taken(batch, answer.eventsTaken) > 0 || news ? 0 : failures + 1;
        } catch (error) {
          failures += 1;
          if ((error.status === 401 || error.code === "superseded") && session === mine) loseSession(error);
          // Sent again it would be refused again, and everything after it would wait behind it.
          if (UNREADABLE.indexOf(error.status) >= 0) startOver();
        }
        if (failures > 0 && session === mine) {
          const pauseFor = Math.min(timings.lastRetry, timings.firstRetry * Math.pow(2, failures - 1));
          await Promise.race([sleep(pauseFor), mine.lost.catch(function () {})]);
        }
      }
      reporting = false;
    }
  }

  // ---- what is open ---------------------------------------------------------------------------------------

  /**
   * The console's open works, from getAgentWorks and events. A work that an event has closed or declined
   * stays so, whatever an answer that is on its way still says; one assigned since getAgentWorks was asked
   * is open although the answer does not have it yet.
   */
  function createWorks() {
    const open = new Map();
    const over = createIdSet();
    const ended = new Map();
    let turn = 0;

    return {
      turn: function () { return turn; },
      note: function (event) {
        turn += 1;
        if (event.type === "workAssigned" || event.type === "workAccepted") {
          const id = shortId(event.workId);
          if (!over.has(id)) open.set(id, { item: event.workItemId, turn: turn });
        } else if (event.type === "workClosed" || event.type === "workDeclined") {
          over.add(shortId(event.workId));
          open.delete(shortId(event.workId));
          ended.delete(shortId(event.workItemId));
        } else if (event.type === "conversationEnded") {
          ended.set(shortId(event.workItemId), event.workItemId);
        }
      },
      settle: function (asked, list) {
        const listed = createIdSet();
        list.forEach(function (work) {
          const id = shortId(work.workId);
          listed.add(id);
          if (!over.has(id) && !open.has(id)) open.set(id, { item: work.workItemId, turn: asked });
        });
        [...open.keys()].forEach(function (id) {
          if (!listed.has(id) && open.get(id).turn <= asked) open.delete(id);
        });
      },
      hasVoice: function (prefixes, except) {
        const spared = (except || []).map(shortId);
        return [...open.keys()].some(function (id) {
          return isVoice(open.get(id).item, prefixes) && spared.indexOf(id) < 0;
        });
      },
      /** Whether this is an open call whose conversation is not known to have ended. */
      isTalking: function (workId, prefixes) {
        const work = open.get(shortId(workId));
        return Boolean(work) && isVoice(work.item, prefixes) && !ended.has(shortId(work.item));
      },
      /** The work items of open calls whose conversation is not known to have ended. */
      talking: function (prefixes) {
        return [...open.values()].map(function (work) { return work.item; }).filter(function (item) {
          return isVoice(item, prefixes) && !ended.has(shortId(item));
        });
      },
      conversationsEnded: function () { return [...ended.values()]; },
    };
  }

  /** Events until they are acknowledged, and answers until they are taken. */
  function createOutbox() {
    let events = [];
    let results = [];
    let seq = 0;

    return {
      /** false when it is full; the event is not kept then. */
      addEvent: function (event) {
        if (events.length >= MOST_EVENTS) return false;
        seq += 1;
        events.push({ seq: seq, event: event });
        return true;
      },
      addResult: function (result) { results.push(result); },
      isEmpty: function () { return events.length === 0 && results.length === 0; },
      /** Answers go with the last of the events that came before them. */
      batch: function () {
        const first = events.slice(0, MOST_EVENTS_IN_A_REPORT);
        return { events: first, results: first.length === events.length ? results.slice() : [] };
      },
      /** How many of them Holdline has taken. */
      taken: function (batch, upTo) {
        const before = events.length + results.length;
        events = events.filter(function (numbered) { return !(numbered.seq <= upTo); });
        results = results.filter(function (result) { return batch.results.indexOf(result) < 0; });
        return before - events.length - results.length;
      },
    };
  }

  /**
   * The pairing key of this browser, org and user; in memory only where the browser refuses storage.
   */
  function createKey(storage, orgId, userId) {
    const name = "holdline.pairing." + shortId(orgId) + "." + shortId(userId);
    let kept = null;
    return {
      /** Read anew each time: another page of this browser may have been paired meanwhile. */
      value: function () {
        try {
          return storage.getItem(name) || kept;
        } catch {
          return kept;
        }
      },
      keep: function (value) {
        kept = value;
        try {
          storage.setItem(name, value);
        } catch {
          // Blocked or full: the next page has to be paired again.
        }
      },
    };
  }

  // How this page and Holdline convince each other that both have the pairing key, and tell it to nobody:
  // SCRAM (RFC 5802) with SHA-256, as crates/wire/src/proof.rs has it. A key is "ID.SECRET"; the id is told.

  /**
   * What a hello at this port needs of the key; null when there is none that can be proven.
   *
   * @param {string|null} key the pairing key
   * @returns {{known: {id, nonce}, answer: function(string): Promise<{proof, accepts}>}|null} `answer` takes
   *   Holdline's challenge and gives our proof, and what tells whether Holdline's own is good
   */
  function createProof(crypto, key, port, hello) {
    const dot = key ? key.indexOf(".") : -1;
    if (dot < 1) return null;
    const secret = bytesOf(key.slice(dot + 1));
    const unique = base64url(crypto.getRandomValues(new Uint8Array(24)));
    const known = { id: key.slice(0, dot), nonce: unique };
    return {
      known: known,
      answer: async function (challenge) {
        // The port comes first: no program on another port can make this proof do for its own.
        const about = bytesOf(["holdline bridge 1", port, shortId(hello.orgId), shortId(hello.userId), known.id,
          unique, hello.instance, challenge].join("\n"));
        const own = await mac(crypto, secret, bytesOf("Holdline console"));
        const stored = new Uint8Array(await crypto.subtle.digest("SHA-256", own));
        const cover = await mac(crypto, stored, about);
        const desktop = await mac(crypto, await mac(crypto, secret, bytesOf("Holdline desktop")), about);
        const expected = base64url(desktop);
        return {
          proof: base64url(own.map(function (byte, at) { return byte ^ cover[at]; })),
          accepts: function (proof) { return proof === expected; },
        };
      },
    };
  }

  async function mac(crypto, key, text) {
    const usable = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", usable, text));
  }

  /** Whether this page has what proofs need; browsers give it to https pages and to localhost. */
  function canProve(crypto) {
    return Boolean(crypto && crypto.subtle && crypto.getRandomValues);
  }

  /** Of ASCII text, which all of this is. */
  function bytesOf(text) {
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    return bytes;
  }

  function base64url(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]);
    return scope.btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  // ---- helpers --------------------------------------------------------------------------------------------

  function createHttp(fetch, timings) {
    return {
      /** Asks Holdline; resolves to the answer's body, rejects with a problem ({status, code, detail}). */
      ask: function (port, path, body, limit) {
        const init = { method: "GET", mode: "cors", credentials: "omit", cache: "no-store", redirect: "error" };
        if (body) {
          init.method = "POST";
          init.headers = { "Content-Type": "application/json" };
          init.body = JSON.stringify(body);
        }
        const answer = Promise.resolve().then(function () {
          return fetch("http://localhost:" + port + path, init);
        }).then(function (response) {
          return response.text().then(function (text) { return read(response.status, text); });
        });
        return within(limit || timings.answerLimit, answer, function () { return problem(0, "nobody"); });
      },
    };
  }

  function read(status, text) {
    let body = null;
    try {
      body = JSON.parse(text);
    } catch {
      body = null;
    }
    if (status === 200 && body && typeof body === "object") return body;
    if (status === 200) throw problem(0, "nobody");
    throw problem(status, (body && body.code) || "bad_answer",
      (body && body.detail) || "Holdline answered with HTTP status " + status + ". It is asked again.");
  }

  /** The promise, or after the limit (milliseconds) a rejection with what `late` makes. */
  function within(limit, promise, late) {
    return new Promise(function (resolve, reject) {
      const timer = scope.setTimeout(function () { reject(late()); }, limit);
      promise.then(function (value) {
        scope.clearTimeout(timer);
        resolve(value);
      }, function (error) {
        scope.clearTimeout(timer);
        reject(error);
      });
    });
  }

  function sleep(delay) {
    return new Promise(function (resolve) { scope.setTimeout(resolve, delay); });
  }

  function problem(status, code, detail) {
    return { status: status, code: code || "nobody", detail: detail || "" };
  }

  function refusal(code, detail) {
    return { refusal: code, detail: detail };
  }

  // The names by which browsers ask whether a site may reach programs on this computer, newest first: Chromium 142
  // had one name for the local network and this computer, later ones tell them apart.
  const PERMISSIONS = ["loopback-network", "local-network-access"];

  /**
   * The browser's local network access permission: "granted", "denied", "prompt", or "unknown" where the browser has
   * no such permission or does not tell.
   */
  async function browserPermission() {
    const permissions = scope.navigator && scope.navigator.permissions;
    if (!permissions || !permissions.query) return "unknown";
    for (let i = 0; i < PERMISSIONS.length; i++) {
      try {
        const state = (await permissions.query({ name: PERMISSIONS[i] })).state;
        // A page that comes from this computer needs no permission, but the browser calls it undecided.
        return state === "prompt" && isFromThisComputer() ? "unknown" : state;
      } catch {
        // This browser does not know the name.
      }
    }
    return "unknown";
  }

  function isFromThisComputer() {
    const host = scope.location ? scope.location.hostname : "";
    return host === "localhost" || host === "127.0.0.1" || host === "[::1]" || /\.localhost$/.test(host);
  }

  function nothing() {
    return null;
  }

  /** Of two Holdlines that are not ours, the one whose remedy is nearer. */
  function nearest(one, other) {
    const order = ["not_signed_in", "other_org", "other_user"];
    return one && order.indexOf(one) < order.indexOf(other) ? one : other;
  }

  function cleanEvent(event) {
    const clean = { type: event.type };
    EVENT_TYPES[event.type].forEach(function (field) { clean[field] = event[field]; });
    if (event.type === "connectionError") clean.error = event.error ? wordsOf(event.error) : "";
    if (event.type === "logout" && event.reason) clean.reason = String(event.reason);
    if (event.type === "statusChanged") {
      if (event.statusName) clean.statusName = String(event.statusName);
      if (event.statusApiName) clean.statusApiName = String(event.statusApiName);
    }
    // Not its message, which is the rep's and the supervisor's own.
    if (event.type === "workFlagUpdated") clean.isFlagged = event.isFlagged === true;
    if (event.type === "workloadChanged") {
      const counts = ["configuredCapacity", "previousWorkload", "newWorkload"];
      if (!counts.every(function (field) { return isCount(event[field]); })) return null;
      counts.forEach(function (field) { clean[field] = event[field]; });
    }
    return clean;
  }

  /** getAgentWorks answers {works: JSON text} (seed 003's sample) or the list its text promises. */
  function worksOf(answer) {
    let list = answer && answer.works !== undefined ? answer.works : answer;
    if (typeof list === "string") list = JSON.parse(list);
    if (!Array.isArray(list)) throw refusal("toolkit", "getAgentWorks gave no list.");
    return list.map(function (work) {
      if (!isId(work.workId) || !isId(work.workItemId)) throw refusal("toolkit", "getAgentWorks gave no ids.");
      return { workId: work.workId, workItemId: work.workItemId, isEngaged: Boolean(work.isEngaged) };
    });
  }

  function wordsOf(error) {
    let words = error && (error.detail || error.message || error.errorMessage);
    if (!words) words = typeof error === "string" ? error : JSON.stringify(error) || "no reason given";
    return String(words).slice(0, 300);
  }

  function isId(value) {
    return typeof value === "string" && /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(value);
  }

  /** A count of capacity, which may be a fraction. */
  function isCount(value) {
    return typeof value === "number" && value >= 0 && value < 4294967295;
  }

  /** The case-sensitive 15 characters: the toolkit may hand out either form. */
  function shortId(id) {
    return String(id).slice(0, 15);
  }

  function sameId(one, other) {
    return isId(one) && isId(other) && shortId(one) === shortId(other);
  }

  /** Whether a work item is a call, by its key prefix. */
  function isVoice(id, prefixes) {
    return prefixes.some(function (prefix) { return String(id).indexOf(prefix) === 0; });
  }

  function isPrefix(value) {
    return typeof value === "string" && /^[A-Za-z0-9]{3}$/.test(value);
  }

  function createIdSet() {
    const ids = new Set();
    return {
      has: function (id) { return ids.has(id); },
      add: function (id) {
        ids.add(id);
        if (ids.size > MOST_IDS) ids.delete(ids.values().next().value);
      },
    };
  }

  function randomName() {
    let name = "";
    while (name.length < 24) name += Math.random().toString(36).slice(2, 10);
    return name.slice(0, 24);
  }

  function systemClock() {
    const wall = Date.now();
    return { mono: scope.performance ? scope.performance.now() : wall, wall: wall };
  }

  createHoldlinePartner.texts = TEXTS;
  scope.createHoldlinePartner = createHoldlinePartner;
})(typeof window === "object" ? window : globalThis);
