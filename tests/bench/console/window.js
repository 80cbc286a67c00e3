// In Holdline's window: notes when another call phase has been drawn, on the machine's clock. Drawn is the end of
// the first frame after the page has changed: the message is posted in it and comes after it was painted.
const heading = () => document.querySelector('section[aria-label="Call"] h1')?.textContent.trim() ?? "";
const bench = { drawn: heading(), at: 0, look: null };
let seen = heading();
new MutationObserver(() => {
  const now = heading();
  if (now === seen) return;
  seen = now;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      Object.assign(bench, { drawn: now, at: Date.now() });
      bench.look?.();
    };
    port2.postMessage(null);
  });
}).observe(document.body, { subtree: true, childList: true, characterData: true });
/** Gives the time at which this heading was drawn, when it is. */
bench.wait = (wanted, done) => {
  bench.look = () => {
    if (bench.drawn !== wanted) return;
    bench.look = null;
    done(bench.at);
  };
  bench.look();
};
window.bench = bench;
