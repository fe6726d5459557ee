// Server-sent events that come back by themselves.
//
// live("/api/display/events", "display", { state(value) {}, lost() {}, found() {} })
// The first event of every connection, `hello`, names the version of the page's files: when it has changed, the page
// loads itself again, so that a display that hangs on a wall for years follows an update.

const lostAfterMs = 2000;
const retryMs = { first: 1000, most: 8000 };

export function live(url, event, { state, opened = () => {}, lost = () => {}, found = () => {} }) {
  let version;
  let isLost = false;
  let lostTimer;
  let retry = retryMs.first;

  function good() {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    retry = retryMs.first;
    if (isLost) {
      isLost = false;
      found();
    }
  }

  function bad() {
    if (isLost || lostTimer !== undefined) return;
    lostTimer = setTimeout(() => {
      isLost = true;
      lost();
    }, lostAfterMs);
  }

  function connect() {
    const source = new EventSource(url);
    source.addEventListener("hello", (message) => {
      const now = JSON.parse(message.data);
      if (version !== undefined && version !== now) location.reload();
      version = now;
      good();
      opened();
    });
    source.addEventListener(event, (message) => state(JSON.parse(message.data)));
    source.addEventListener("error", () => {
      bad();
      // A refused connection is tried again by the browser; an answer that is no stream ends it.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, retry);
      retry = Math.min(retry * 2, retryMs.most);
    });
  }
  connect();
}
