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
