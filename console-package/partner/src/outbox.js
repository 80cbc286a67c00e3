/** Events until they are acknowledged, and answers until they are taken. */
function createOutbox() {
  let events = [];
  let results = [];
  let seq = 0;

  return {
    /** false when it is full; the event is not kept then. */
    addEvent: function (event) {
      if (events.length >= MOST_EVENTS) return false;
      seq += 1;
      events.push({ seq: seq, event: event });
      return true;
    },
    addResult: function (result) { results.push(result); },
    isEmpty: function () { return events.length === 0 && results.length === 0; },
    /** Answers go with the last of the events that came before them. */
    batch: function () {
      const first = events.slice(0, MOST_EVENTS_IN_A_REPORT);
      return { events: first, results: first.length === events.length ? results.slice() : [] };
    },
    /** How many of them Holdline has taken. */
    taken: function (batch, upTo) {
      const before = events.length + results.length;
      events = events.filter(function (numbered) { return !(numbered.seq <= upTo); });
      results = results.filter(function (result) { return batch.results.indexOf(result) < 0; });
      return before - events.length - results.length;
    },
  };
}
