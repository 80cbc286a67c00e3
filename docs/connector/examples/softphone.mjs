// A small softphone that joins Holdline: an example to read, to run and to copy from.
//
//   node --experimental-websocket softphone.mjs --port 47810 --token TOKEN [--user pat@acme.example]
//   node softphone.mjs --rest …             over REST instead of a WebSocket
//   node softphone.mjs --no-queue …         a backend that has no queue: Holdline's is used
//
// What happens at the phone is typed, one command a line: ring, connect ID, hangup ID, finish ID, miss ID,
// choose STATE, queue [STATE], cut, dial, dropped. Each is answered by one line of JSON.
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { Backend } from "./backend.mjs";
import { overRest } from "./rest.mjs";
import { overWebSocket } from "./websocket.mjs";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "47810" },
    token: { type: "string" },
    user: { type: "string" },
    rest: { type: "boolean", default: false },
    "no-queue": { type: "boolean", default: false },
  },
});

const backend = new Backend({ queue: !options["no-queue"] });
const registration = {
  protocol: { min: 1, max: 1 },
  name: "Example softphone",
  user: options.user,
  token: options.token,
  capabilities: { enqueueNextState: backend.queue },
  states: backend.states,
};
const say = (line) => console.log(JSON.stringify(line));

// Holdline may start after the phone, and may be restarted: dial again, but never after it has said no.
const dial = options.rest ? overRest : overWebSocket;
let link;
async function keepJoined() {
  for (;;) {
    link = dial(Number(options.port), registration, backend, say);
    const { dialAgain, why } = await link.ended;
    say({ link: "down", why });
    if (!dialAgain) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
keepJoined();

const commands = {
  ring: () => backend.ring(),
  connect: (id) => backend.connect(id),
  hangup: (id) => backend.hangUp(id),
  finish: (id) => backend.finish(id),
  miss: (id) => backend.finish(id),
  choose: (state) => backend.choose(state),
  queue: (state) => link.enqueue(state),
  cut: () => link.cut(),
  dial: () => void keepJoined(),
  dropped: () => backend.dropped,
};
createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const [word, ...rest] = line.trim().split(" ");
    try {
      say({ command: word, answer: (await commands[word](rest.join(" ") || undefined)) ?? null });
    } catch (error) {
      say({ command: word, error: String(error) });
    }
  })
  .on("close", () => process.exit(0));
