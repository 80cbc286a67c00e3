// One call of a Salesforce Voice connector whose vendor has no queue, with the rep's real Holdline. Each step is told
// as a line of JSON. Environment: PORT, TOKEN.
import { HoldlineLink, VoiceGuard } from "../src/index.js";
import { Backend, results } from "./backend.js";

const say = (line) => console.log(JSON.stringify(line));
const STATES = [
  { name: "Available", kind: "routable" },
  { name: "Break", kind: "not_routable" },
  { name: "Offline", kind: "offline" },
];
const backend = new Backend();
let up;
const isUp = new Promise((resolve) => (up = resolve));
let set;
const isSet = new Promise((resolve) => (set = resolve));

const holdline = new HoldlineLink({
  token: process.env.TOKEN,
  ports: [Number(process.env.PORT)],
  name: "Voice connector",
  states: STATES,
  retryMs: 100,
  report: () => ({
    state: STATES.find(({ name }) => name === backend.state),
    nextState: null,
    contacts: backend.contacts,
  }),
  setState: async ({ id, state }) => {
    if (backend.hasContact()) return "refused";
    await backend.setState(state, false);
    set(id);
    return "done";
  },
  onUp: () => {
    up();
    void guard.holdlineIsBack();
  },
  onDown: ({ code }) => say({ down: code ?? null }),
});
// Long enough that only Holdline can be who sets it.
const guard = new VoiceGuard({ vendor: backend, results, holdline, holdlinesTurnMs: 60_000 });
backend.onContacts = () => guard.contactsChanged();
backend.onState = (name) => guard.stateWasSet(name);

const running = holdline.run();
await isUp;
const call = backend.call();
await holdline.report();
say({ step: "on a call" });
const result = await guard.setAgentStatus("Offline", { statusId: "0" }, true);
await holdline.report();
say({ step: "queued", by: guard.queued.by, state: backend.state, ...result });
const ending = backend.end(call);
await holdline.report();
const request = await isSet;
await ending;
say({ step: "set", by: "holdline", request, state: backend.state, dropped: backend.dropped });
await running; // until Holdline has said no for good
