// npm's cometd or faye as a listener, for bayeux_throughput.rs: prints how long so many messages took it, and how
// much CPU time.
//
// node bayeux_peer.cjs FOLDER cometd|faye URL CHANNEL MESSAGES
const { createRequire } = require('node:module');

const [folder, name, url, channel, messages] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);

let count = 0;
let began;
function hear() {
  began ??= { at: process.hrtime.bigint(), cpu: process.cpuUsage() };
  if (++count < Number(messages)) return;
  const cpu = process.cpuUsage(began.cpu);
  const seconds = Number(process.hrtime.bigint() - began.at) / 1e9;
  console.log(JSON.stringify({ seconds, cpu_seconds: (cpu.user + cpu.system) / 1e6 }));
  process.exit();
}

if (name === 'cometd') {
  load('cometd-nodejs-client').adapt();
  const { CometD } = load('cometd');
  const cometd = new CometD();
  cometd.unregisterTransport('websocket');
  cometd.unregisterTransport('callback-polling');
  cometd.configure({ url, logLevel: 'warn' });
  cometd.handshake((reply) => {
    if (!reply.successful) throw new Error(JSON.stringify(reply));
    cometd.subscribe(channel, hear);
  });
} else {
  const faye = load('faye');
  const client = new faye.Client(url, { timeout: 120 });
  client.disable('websocket');
  client.disable('eventsource');
  client.subscribe(channel, hear);
}
