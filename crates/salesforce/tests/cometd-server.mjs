// npm's cometd-nodejs-server as an org's streaming endpoint. Added are only Salesforce's address, its replay
// extension, its filtered channel names, and the faults that a test asks for.
//
// node cometd-server.mjs FOLDER PORT EVENTS: prints its address as one JSON line. EVENTS are there already.
// POST /test/publish          one more event
// POST /test/expire           all sessions end by the server's own disconnect: 402 from now on
// POST /test/forget           no event is retained
// POST /test/fault            {"status", "headers", "times"} or {"deny": times} or {"none": times}
// GET  /test/state            {"handshakes", "sessions", "listening"}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const [folder, port, events] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const { createCometDServer } = require('cometd-nodejs-server');
const { AcknowledgedMessagesExtension } = require('cometd-nodejs-server/ack-extension');

const CHANNEL = '/topic/HoldlinePresence';
const cometd = createCometDServer({ timeout: 20_000, maxInterval: 30_000, browserCookiePath: '/' });
const channel = cometd.createServerChannel(CHANNEL);
channel.addListener('dummy', () => {}); // A channel without subscribers and listeners is swept away.

const history = [];
let first = 0;
const sessions = new Map();
const invalid = new WeakMap();
const state = { handshakes: 0 };
const fault = { status: 0, headers: {}, times: 0, deny: 0, none: 0 };

function publish() {
  const replayId = (history.at(-1)?.event.replayId ?? 0) + 3;
  const status = history.length % 2 ? '0N5000000000001' : '0N5000000000002';
  const sobject = { Id: `0NX00000000${String(1000 + history.length)}`, UserId: '005000000000001AAA',
    ServicePresenceStatusId: status, IsCurrentState: true };
  const data = { event: { createdDate: '2026-01-31T08:00:00.000Z', replayId, type: 'created' }, sobject };
  history.push(data);
  cometd.getServerChannel(CHANNEL)?.publish(null, data);
}
for (let made = 0; made < Number(events); made++) publish();

cometd.addListener('sessionAdded', (session) => {
  state.handshakes++;
  sessions.set(session.id, session);
});
cometd.addListener('sessionRemoved', (session) => sessions.delete(session.id));
cometd.policy = {
  canHandshake: (session, message, callback) => callback(null, !(fault.deny > 0 && fault.deny--)),
};
cometd.addExtension(new AcknowledgedMessagesExtension());
cometd.addExtension({
  incoming(server, session, message, callback) {
    if (message.channel !== '/meta/subscribe') return callback(undefined, true);
    message.subscription = [message.subscription].flat().map((name) => name.split('?')[0]);
    const position = message.ext?.replay?.[CHANNEL] ?? -1;
    const oldest = history[first]?.event.replayId ?? Infinity;
    const before = history[first - 1]?.event.replayId ?? 0;
    if (position >= 0 && position < before && position < oldest) {
      // The server would put an error of its own into the reply of a message that stops here.
      invalid.set(message.reply, position);
      return callback(undefined, true);
    }
    if (position !== -1) {
      for (const data of history.slice(first)) {
        if (data.event.replayId > position) session.deliver(null, CHANNEL, data);
      }
    }
    callback(undefined, true);
  },
  outgoing(server, sender, session, message, callback) {
    if (message.channel === '/meta/handshake') message.ext = { ...message.ext, replay: true };
    if (invalid.has(message)) {
      const position = invalid.get(message);
      message.successful = false;
      message.error = `400::The replayId {${position}} you provided was invalid. Please provide a valid ID`;
    }
    if (message.channel === '/meta/connect' && fault.none > 0) {
      // As the Java server does when it removes a session under a held connect.
      fault.none--;
      message.advice = { ...message.advice, reconnect: 'none' };
    }
    callback(undefined, message);
  },
});

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

async function test(request, response) {
  const action = request.url.slice('/test/'.length);
  if (action === 'publish') publish();
  if (action === 'expire') {
    for (const session of [...sessions.values()]) session.disconnect();
  }
  if (action === 'forget') first = history.length;
  if (action === 'fault') Object.assign(fault, await body(request));
  const listening = channel.subscribers.length + (cometd.getServerChannel(CHANNEL)?.subscribers.length ?? 0);
  response.end(JSON.stringify({ ...state, sessions: sessions.size, listening: listening > 0 }));
}

const server = createServer((request, response) => {
  if (request.url.startsWith('/test/')) return test(request, response);
  if (request.url === '/services/data') {
    response.setHeader('Content-Type', 'application/json');
    return response.end(JSON.stringify([{ version: '67.0', url: '/services/data/v67.0', label: 'x' }]));
  }
  if (fault.times > 0) {
    fault.times--;
    response.writeHead(fault.status, fault.headers);
    return response.end('no');
  }
  cometd.handle(request, response);
}).listen(Number(port), '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
// It ends with the test that started it.
process.stdin.resume().on('end', () => process.exit());
