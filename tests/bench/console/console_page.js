// Before each page of the practice console: notes when it hears of the org's events and when its toolkit is
// called for Holdline, on the machine's clock. It changes nothing of either.
(() => {
  const notes = { heard: [], called: [], joined: [] };
  const waiting = new Set();
  const note = (kind, name) => {
    notes[kind].push([name, Date.now()]);
    waiting.forEach((look) => look());
  };
  window.bench = {
    notes,
    /** Gives the note of that number (from 0) of a kind, when it is there. */
    wait(kind, number, done) {
      const look = () => {
        if (notes[kind].length <= number) return;
        waiting.delete(look);
        done(notes[kind][number]);
      };
      waiting.add(look);
      look();
    },
  };

  const Source = window.EventSource;
  window.EventSource = class extends Source {
    constructor(...all) {
      super(...all);
      // The first listener, so that it hears before the page does.
      this.addEventListener("console", (message) => note("heard", JSON.parse(message.data).type));
    }
  };

  const fetch = window.fetch;
  window.fetch = (url, init) => {
    const method = /\/toolkit\/(\w+)\?source=bridge$/.exec(String(url));
    if (method) note("called", method[1]);
    return fetch.call(window, url, init);
  };

  window.addEventListener("pagehide", () => localStorage.setItem("bench-left", String(Date.now())));
  document.addEventListener("DOMContentLoaded", () => {
    const dot = document.getElementById("holdline-dot");
    new MutationObserver(() => note("joined", dot.dataset.kind ?? "")).observe(dot, { attributes: true });
  });
})();
