// Talks to the chat API. Nothing is kept here but the token that is sent with every call.

/** The server could not be reached: trying again is right. */
export class Unreached extends Error {}

/** The server said no, with a reason. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `HTTP ${status}`);
    this.status = status;
    this.kind = String(problem.type ?? "").split(":").pop();
  }
}

const PATIENCE = 15000;

export class Api {
  constructor(base) {
    this.base = base;
    this.session = null;
  }

  ui({ shop, language, timezone }) {
    return this.#call("GET", `chat/ui?${new URLSearchParams({ shop, language, timezone })}`);
  }

  start(opening) {
    return this.#call("POST", "chat/conversations", { body: opening });
  }

  say(body) {
    return this.#call("POST", this.#path("messages"), { body });
  }

  person(id) {
    return this.#call("POST", this.#path("handoff"), { body: { id } });
  }

  language(language) {
    return this.#call("POST", this.#path("language"), { body: { language } });
  }

  read(seq) {
    return this.#call("POST", this.#path("read"), { body: { seq } });
  }

  remove() {
    return this.#call("DELETE", this.#path());
  }

  /** News after a sequence number; `wait` seconds at most for the first. */
  messages({ after = 0, wait = 0, signal = null }) {
    const patience = PATIENCE + wait * 1000;
    return this.#call("GET", `${this.#path("messages")}?${new URLSearchParams({ after, wait })}`, { signal, patience });
  }

  /** The open response of the event stream. */
  async events({ after, signal }) {
    const headers = { ...this.#headers(), Accept: "text/event-stream", "Last-Event-ID": String(after) };
    return this.#answered(await this.#fetch(this.#path("events"), { headers, signal }));
  }

  /** A file of the widget's own folder. */
  async picture() {
    const response = await fetch(new URL("./pictures.json", import.meta.url), { credentials: "omit" });
    return response.json();
  }

  #path(end = "") {
    return `chat/conversations/${encodeURIComponent(this.session?.conversation ?? "none")}${end && `/${end}`}`;
  }

  #headers() {
    return this.session ? { Authorization: `Bearer ${this.session.token}` } : {};
  }

  async #call(method, path, { body = null, signal = null, patience = PATIENCE } = {}) {
    const headers = this.#headers();
    if (body !== null) headers["Content-Type"] = "application/json";
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), patience);
    const give = () => limit.abort();
    signal?.addEventListener("abort", give, { once: true });
    try {
      const options = { method, headers, signal: limit.signal, body: body === null ? undefined : JSON.stringify(body) };
      const response = await this.#answered(await this.#fetch(path, options));
      return response.status === 204 ? null : await response.json().catch(() => { throw new Unreached(path); });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", give);
    }
  }

  async #fetch(path, options) {
    try {
      return await fetch(new URL(path, this.base), { ...options, credentials: "omit", cache: "no-store" });
    } catch (error) {
      throw new Unreached(String(error));
    }
  }

  async #answered(response) {
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    // A proxy's own error page is the network's trouble, not an answer.
    if (response.status >= 500) throw new Unreached(`HTTP ${response.status}`);
    throw new Refused(response.status, problem ?? {});
  }
}
