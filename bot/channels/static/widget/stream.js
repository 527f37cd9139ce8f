// Hears of news without missing or repeating any: an event stream, or long polls where none gets through.

import { Refused } from "./api.js";

const SILENCE = 40000; // the server's heartbeat is far shorter
const FIRST_BYTES = 8000; // a stream that a proxy holds back says nothing at all
const MOST_WAIT = 30000;
const POLLS_BEFORE_STREAM = 20;

/**
 * Follow a conversation until `signal` aborts. `after()` is the last seq that is here;
 * `deliver(kind, data)` takes "message", "state", "typing", "live" (true while connected) and
 * "gone" (the token opens nothing any more).
 */
export async function follow({ api, after, deliver, signal }) {
  let failures = 0;
  let silent = 0;
  let polls = 0;
  while (!signal.aborted) {
    const began = Date.now();
    try {
      if (polls > 0) {
        polls -= 1;
        await poll({ api, after, deliver, signal });
      } else {
        const heard = await stream({ api, after, deliver, signal });
        silent = heard ? 0 : silent + 1;
        if (silent >= 2) [polls, silent] = [POLLS_BEFORE_STREAM, 0];
        if (Date.now() - began < 1000) throw new Error("the stream ended at once");
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && [401, 403, 404].includes(error.status)) return deliver("gone", null);
      failures += 1;
      if (failures > 1 || !navigator.onLine) deliver("live", false);
      await pause(Math.min(MOST_WAIT, 500 * 2 ** failures) * (0.7 + Math.random() * 0.6), signal);
    }
  }
}

async function poll({ api, after, deliver, signal }) {
  const { messages, ...state } = await api.messages({ after: after(), wait: 25, signal });
  deliver("live", true);
  for (const message of messages) deliver("message", message);
  deliver("state", state);
}

async function stream({ api, after, deliver, signal }) {
  const stop = new AbortController();
  const give = () => stop.abort();
  signal.addEventListener("abort", give, { once: true });
  let heard = false;
  let watch = setTimeout(give, FIRST_BYTES);
  try {
    const response = await api.events({ after: after(), signal: stop.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parse = parser(deliver);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return heard;
      if (!heard) deliver("live", true);
      heard = true;
      clearTimeout(watch);
      watch = setTimeout(give, SILENCE);
      parse(value);
    }
  } catch (error) {
    if (stop.signal.aborted && !signal.aborted) return heard; // our own impatience: not a failure to report
    throw error;
  } finally {
    clearTimeout(watch);
    signal.removeEventListener("abort", give);
    stop.abort();
  }
}

function parser(deliver) {
  let rest = "";
  return (chunk) => {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      let name = "";
      let data = "";
      for (const line of block.split("\n")) {
        if (line.startsWith("event: ")) name = line.slice(7);
        else if (line.startsWith("data: ")) data += line.slice(6);
      }
      if (name) deliver(name, JSON.parse(data));
    }
  };
}

/** Wait, but not past the moment when the device is back online or the page is looked at again. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });
}
