// What the window shows, as `Seen` has it. Only what is visible counts; words, not attributes, wherever a
// rep reads words.
const shown = (selector, within = document) =>
  [...within.querySelectorAll(selector)].find((element) => element.checkVisibility()) ?? null;
const text = (selector, within = document) => shown(selector, within)?.innerText.trim() ?? null;
const texts = (selector, read) =>
  [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility()).map(read);
const without = (words, nothing) => (words === nothing ? null : words);

const PHASES = { 'No call': 'idle', 'On call': 'on_call', Ringing: 'ringing', 'Wrap-up': 'wrap_up' };
const heading = text('section[aria-label="Call"] h1');
const phase = heading?.startsWith('Unknown') ? 'unknown' : (PHASES[heading] ?? 'unknown');
const held = shown('[aria-labelledby="hold-title"]');
const presence = shown('[aria-labelledby="presence-title"]');
const phone = shown('[aria-labelledby="telephony-title"]');

let session = 'starting';
if (shown('footer')) session = 'signed_in';
else if (shown('.waiting')) session = 'signing_in';
else if (shown('form')) session = 'signed_out';

return {
  session,
  call: phase,
  presence: presence && without(text('.state', presence), 'Not known yet'),
  phone: phone && without(text('.state', phone), 'No phone'),
  next_state: (phone && text('.next', phone)?.replace(/^then /, '')) ?? null,
  held: held && {
    status: text('h2', held).replace(/ is held$/, ''),
    text: text('.reason', held),
  },
  pending: (presence && text('.pending', presence)?.match(/^Setting (.*), waiting/)?.[1]) ?? null,
  console: (text('footer') ?? '').includes('Console connected'),
  codes: texts('.pairing .code', (element) => element.innerText.replace(/\D/g, '')),
  problems: texts('article.problem', (element) => ({
    code: element.dataset.code,
    text: text('.text', element),
    remedy: text('.remedy', element),
  })),
  refusal: text('.failure p'),
};
