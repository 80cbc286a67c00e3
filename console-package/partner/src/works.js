// ---- what is open ---------------------------------------------------------------------------------------

/**
 * The console's open works, from getAgentWorks and events. A work that an event has closed or declined
 * stays so, whatever an answer that is on its way still says; one assigned since getAgentWorks was asked
 * is open although the answer does not have it yet.
 */
function createWorks() {
  const open = new Map();
  const over = createIdSet();
  const ended = new Map();
  let turn = 0;

  return {
    turn: function () { return turn; },
    note: function (event) {
      turn += 1;
      if (event.type === "workAssigned" || event.type === "workAccepted") {
        const id = shortId(event.workId);
        if (!over.has(id)) open.set(id, { item: event.workItemId, turn: turn });
      } else if (event.type === "workClosed" || event.type === "workDeclined") {
        over.add(shortId(event.workId));
        open.delete(shortId(event.workId));
        ended.delete(shortId(event.workItemId));
      } else if (event.type === "conversationEnded") {
        ended.set(shortId(event.workItemId), event.workItemId);
      }
    },
    settle: function (asked, list) {
      const listed = createIdSet();
      list.forEach(function (work) {
        const id = shortId(work.workId);
        listed.add(id);
        if (!over.has(id) && !open.has(id)) open.set(id, { item: work.workItemId, turn: asked });
      });
      [...open.keys()].forEach(function (id) {
        if (!listed.has(id) && open.get(id).turn <= asked) open.delete(id);
      });
    },
    hasVoice: function (prefixes, except) {
      const spared = (except || []).map(shortId);
      return [...open.keys()].some(function (id) {
        return isVoice(open.get(id).item, prefixes) && spared.indexOf(id) < 0;
      });
    },
    /** Whether this is an open call whose conversation is not known to have ended. */
    isTalking: function (workId, prefixes) {
      const work = open.get(shortId(workId));
      return Boolean(work) && isVoice(work.item, prefixes) && !ended.has(shortId(work.item));
    },
    /** The work items of open calls whose conversation is not known to have ended. */
    talking: function (prefixes) {
      return [...open.values()].map(function (work) { return work.item; }).filter(function (item) {
        return isVoice(item, prefixes) && !ended.has(shortId(item));
      });
    },
    conversationsEnded: function () { return [...ended.values()]; },
  };
}
