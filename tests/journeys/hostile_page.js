// What a hostile page tries, by every way a browser offers: arguments are Holdline's port, requests overheard at the
// rep's own console ([path, body] each), and how often all of it. Gives back every answer that could be read.
const [port, overheard, times, done] = arguments;
const read = [];
const base = `http://localhost:${port}`;
const attempts = [];
const attempt = (what, answer) =>
  attempts.push(Promise.resolve(answer).then(async (response) => {
    if (response && response.type !== "opaque") read.push(`${what}: ${response.status} ${await response.text()}`);
  }, () => {}));

const paths = ["/holdline", "/status/v1/picture", "/bridge/v1/hello", "/connector/v1"];
const ids = { orgId: "00D000000000001EAA", userId: "005000000000001AAA" };
const bodies = [
  ["/bridge/v1/hello", JSON.stringify({ protocol: { min: 1, max: 1 }, ...ids, instance: "hostile" })],
  ["/bridge/v1/prove", JSON.stringify({ challenge: "guessed", proof: "A".repeat(43) })],
  ["/bridge/v1/pair", JSON.stringify({ pairing: "guessed" })],
  ["/bridge/v1/poll", JSON.stringify({ session: "guessed" })],
  ["/bridge/v1/report", JSON.stringify({ session: "guessed", events: [{ seq: 1, event: { type: "logout" } }] })],
  ["/status/v1/requests", JSON.stringify({ status: "Offline" })],
  ["/status/v1/actions", JSON.stringify({ type: "quit" })],
  ...overheard,
];
for (let time = 0; time < times; time++) {
  for (const path of paths) {
    attempt(`GET ${path}`, fetch(base + path));
    attempt(`GET ${path} with credentials`, fetch(base + path, { credentials: "include" }));
    attempt(`GET ${path} no-cors`, fetch(base + path, { mode: "no-cors" }));
  }
  for (const [path, body] of bodies) {
    const headers = { "Content-Type": "application/json" };
    attempt(`POST ${path}`, fetch(base + path, { method: "POST", headers, body }));
    attempt(`POST ${path} as a form`, fetch(base + path, { method: "POST", body }));
    attempt(`POST ${path} no-cors`, fetch(base + path, { method: "POST", mode: "no-cors", body }));
    navigator.sendBeacon(base + path, body);
  }
}
for (const path of paths) {
  attempts.push(new Promise((ended) => {
    const socket = new WebSocket(`ws://localhost:${port}${path}`);
    socket.onopen = () => { read.push(`WebSocket ${path}: open`); ended(); };
    socket.onerror = ended;
  }));
  attempts.push(new Promise((ended) => {
    const script = document.createElement("script");
    script.onload = () => { read.push(`script ${path}: loaded`); ended(); };
    script.onerror = ended;
    script.src = base + path;
    document.body.append(script);
  }));
}
const form = document.createElement("form");
form.method = "post";
form.enctype = "text/plain";
form.action = `${base}/status/v1/requests`;
form.target = "hidden";
form.innerHTML = `<input name='{"status":"Offline","x":"' value='"}'>`;
const frame = document.createElement("iframe");
frame.name = "hidden";
document.body.append(frame, form);
form.submit();
Promise.all(attempts).then(() => done(read), (error) => done([`the attempts failed: ${error}`]));
