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
