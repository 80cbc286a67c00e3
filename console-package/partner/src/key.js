/**
 * The pairing key of this browser, org and user; in memory only where the browser refuses storage.
 */
function createKey(storage, orgId, userId) {
  const name = "holdline.pairing." + shortId(orgId) + "." + shortId(userId);
  let kept = null;
  return {
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
