// Talks to the server: the session's cookie goes by itself, every change carries its token.

let csrf = "";

export function setCsrf(token) {
  csrf = token;
}

// A refusal of the server: `status`, `kind` (the end of its type) and the whole body.
export class Refused extends Error {
  constructor(status, body) {
    super(body.detail ?? `HTTP ${status}`);
    this.status = status;
    this.kind = String(body.type ?? "").split(":").pop();
    this.body = body;
  }
}

export async function call(method, path, body) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  const response = await fetch(`/team${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);

// A new id for a message; browsers give randomUUID to pages behind TLS and on loopback only.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// Live news. Calls `on.inbox`, `on.thread`, `on.state(connected)` and `on.ended()` when signed out.
export class News {
  constructor(on) {
    this.on = on;
    this.wait = 1000;
  }

  follow(filter, conversation) {
    this.asked = { filter, conversation };
    this.open();
  }

  open() {
    this.stop();
    const query = new URLSearchParams({ filter: this.asked.filter });
    if (this.asked.conversation) query.set("conversation", this.asked.conversation);
    const source = new EventSource(`/team/events?${query}`);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = 1000;
      this.on.state(true);
    });
    source.addEventListener("inbox", (event) => this.on.inbox(JSON.parse(event.data)));
    source.addEventListener("thread", (event) => this.on.thread(JSON.parse(event.data)));
    source.addEventListener("error", () => this.lost(source));
  }

  // The browser tries again by itself after a cut, but not after a refusal.
  async lost(source) {
    if (source !== this.source) return;
    this.on.state(false);
    if (source.readyState !== EventSource.CLOSED) return;
    try {
      await get("/session");
    } catch (error) {
      if (error.status === 401) return this.on.ended();
    }
    this.timer = setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(30_000, this.wait * 2);
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
