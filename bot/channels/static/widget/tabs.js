// Many tabs, one stream: the tab that holds the lock leads, the others listen to it.

/**
 * Share what one tab hears. `lead(tell, signal)` runs in one tab at a time; what it tells reaches
 * `hear(kind, data, own)` in every tab, its own included. Without locks or channels each tab is alone.
 */
export function share({ name, lead, hear, signal }) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  const tell = (kind, data) => {
    hear(kind, data, true);
    channel?.postMessage({ kind, data });
  };
  if (channel) {
    channel.onmessage = ({ data: told }) => hear(told.kind, told.data, false);
    signal.addEventListener("abort", () => channel.close(), { once: true });
  }
  const work = () => (signal.aborted ? null : lead(tell, signal));
  if (channel && navigator.locks) {
    navigator.locks.request(name, { signal }, work).catch(() => null); // aborted while waiting for the lock
  } else {
    work();
  }
}
