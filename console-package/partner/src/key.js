/**
 * The pairing key of this browser, org and user, and when a page of it last heard Holdline; in memory only
 * where the browser refuses storage.
 */
function createKey(storage, orgId, userId) {
  const name = "holdline.pairing." + shortId(orgId) + "." + shortId(userId);
  let kept = null;
  return {
    /** Tells other pages of this browser that this one is heard by Holdline. */
    heard: function (wall) {
      try {
        storage.setItem(name + ".heard", String(wall));
      } catch {
        // Then a page that was replaced waits until it is looked at.
      }
    },
    /** When a page of this browser last heard Holdline; null when nobody knows. */
    lastHeard: function () {
      try {
        return Number(storage.getItem(name + ".heard")) || null;
      } catch {
        return null;
      }
    },
    /** Read anew each time: another page of this browser may have been paired meanwhile. */
    value: function () {
      try {
        return storage.getItem(name) || kept;
      } catch {
        return kept;
      }
    },
    keep: function (value) {
      kept = value;
      try {
        storage.setItem(name, value);
      } catch {
        // Blocked or full: the next page has to be paired again.
      }
    },
  };
}
