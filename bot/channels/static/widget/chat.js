// The conversation as the page knows it: session, thread, what is on its way, who holds the pen.

import { Api, Refused } from "./api.js";
import { freshId, shelves } from "./storage.js";
import { follow, pause } from "./stream.js";
import { share } from "./tabs.js";
import { Thread } from "./thread.js";
import { Words } from "./words.js";

const TYPING_LASTS = 12000;
export const MOST_CHARACTERS = 10000;

/**
 * Tells its listeners what changed by events: "thread", "state", "words", "typing", "net", "arrived"
 * (detail: new messages of others), "anew", "phase".
 */
export class Chat extends EventTarget {
  constructor(options) {
    super();
    this.options = options;
    this.api = new Api(options.base);
    this.shelf = shelves(options.base, options.shop);
    this.thread = new Thread();
    this.state = { owner: "bot", language: "", promise: null, agent: null };
    this.phase = "idle"; // idle, starting, ready, failed
    this.connected = true;
    this.typing = false;
    this.isAnew = false;
    this.#listenToOtherTabs();
  }

  // -- beginning ---------------------------------------------------------------------------

  /** Fetch the words; and the thread, where this browser has one. */
  async wake() {
    this.#take(this.shelf.session.read());
    const language = this.session?.language || this.options.locale;
    await this.#learn(language);
    this.thread.pending = (this.shelf.outbox.read() ?? []).map((one) => ({ ...one, status: "waiting" }));
    if (this.session) await this.begin();
  }

  /** Go on with the conversation, or start one; does nothing while one is open. */
  async begin() {
    if (this.phase === "starting" || this.phase === "ready") return;
    this.#enter("starting");
    try {
      if (this.session) await this.#resume();
      if (!this.session) await this.#start();
      this.#enter("ready");
    } catch (error) {
      this.#enter("failed");
      pause(error instanceof Refused ? 60000 : 5000).then(() => this.phase === "failed" && this.begin());
      return;
    }
    this.#follow();
    this.#send();
  }

  async #resume() {
    try {
      const { messages, ...state } = await this.api.messages({ after: 0 });
      this.thread.add(messages);
      await this.#believe(state);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#forget({ anew: true });
    }
  }

  /** One tab starts; another that wanted to at the same moment goes on with what the first began. */
  #start() {
    const start = async () => {
      const other = this.shelf.session.read();
      if (!other) return this.#startAlone();
      this.#take(other);
      return this.#resume();
    };
    return navigator.locks ? navigator.locks.request(`${this.shelf.name}:start`, start) : start();
  }

  async #startAlone() {
    const { locale, country, product, order, shop } = this.options;
    const opening = { shop, locale, timezone: this.options.timezone, country, product, order, page: location.href };
    const { conversation, token, messages, ...state } = await this.api.start(opening);
    this.#take({ conversation, token, read: 0 });
    this.shelf.session.write(this.session);
    this.thread.add(messages);
    await this.#believe(state);
    this.#tell("thread");
  }

  /** The token opens nothing any more: what was said is gone, what is unsent goes along. */
  async #anew() {
    this.#forget({ anew: true });
    await this.begin();
  }

  #forget({ anew }) {
    this.#stopFollowing();
    this.#take(null);
    this.shelf.session.write(null);
    // Buttons of the old conversation mean nothing in a new one; their words still do.
    this.thread.pending = this.thread.pending.map((one) => (one.body.choice ? { ...one, body: { text: one.text } } : one));
    const unsent = this.thread.pending;
    this.thread.clear();
    this.thread.pending = anew ? unsent : [];
    this.state = { ...this.state, owner: "bot", promise: null, agent: null };
    this.isAnew = anew;
    this.phase = "idle";
    this.#keepOutbox();
    this.#tell("thread");
    this.#tell("state");
  }

  #take(session) {
    this.session = session;
    this.api.session = session;
  }

  // -- saying ------------------------------------------------------------------------------

  say(text) {
    this.#queue({ text, body: { text } });
  }

  choose(choice) {
    this.#queue({ text: choice.label, body: { choice: choice.id } });
  }

  submit(form, values) {
    const text = Object.values(values).filter(Boolean).join(", ");
    this.#queue({ text, body: { form: { form, values } } });
  }

  person() {
    this.#queue({ text: this.words.say("web.strip.person"), body: { person: true } });
  }

  retry(id) {
    this.thread.pending = this.thread.pending.map((one) => (one.id === id ? { ...one, status: "sending" } : one));
    this.#tell("thread");
    this.#send();
  }

  #queue(message) {
    this.thread.pending.push({ id: freshId(), at: new Date().toISOString(), status: "sending", ...message });
    this.#keepOutbox();
    this.#tell("thread");
    if (this.phase === "ready") this.#send();
    else this.begin();
  }

  async #send() {
    if (this.sending) return;
    this.sending = true;
    let failures = 0;
    try {
      for (;;) {
        const next = this.thread.pending.find((one) => one.status === "sending" || one.status === "waiting");
        if (!next || this.phase !== "ready") return;
        const done = await this.#sendOne(next);
        if (done === null) return;
        failures = done ? 0 : failures + 1;
        if (!done) await pause(Math.min(20000, 400 * 2 ** failures));
      }
    } finally {
      this.sending = false;
    }
  }

  /** True when it was said or refused, false when trying again is right, null when all begins anew. */
  async #sendOne(message) {
    try {
      const { person, ...body } = message.body;
      const { seq } = await (person ? this.api.person(message.id) : this.api.say({ id: message.id, ...body }));
      this.#mark(message.id, "sent");
      if (this.thread.last <= seq) this.#showTyping(["bot", "waiting"].includes(this.state.owner));
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) {
        this.#mark(message.id, "waiting");
        return false;
      }
      if (error.status === 401) {
        this.#anew(); // not awaited: it ends with sending, which is what runs here
        return null;
      }
      const words = { "too-many": "web.message.too_many", "too-large": "web.message.too_long", "text-too-long": "web.message.too_long" };
      this.#mark(message.id, "failed", words[error.kind] ?? "web.message.failed");
      return true;
    }
  }

  #mark(id, status, problem = null) {
    this.thread.pending = this.thread.pending.map((one) => (one.id === id ? { ...one, status, problem } : one));
    this.#keepOutbox();
    this.#tell("thread");
  }

  #keepOutbox() {
    const unsent = this.thread.pending.filter((one) => one.status !== "sent");
    this.shelf.outbox.write(unsent.length ? unsent : null);
  }

  // -- other wishes ------------------------------------------------------------------------

  async setLanguage(language) {
    await this.#learn(language);
    if (!this.session) {
      this.options.locale = language;
      return;
    }
    try {
      await this.#believe(await this.api.language(language));
    } catch {
      // The page speaks it already; the next message's language decides for the assistant.
    }
  }

  /** Delete the conversation; "open" while a person works on it, "failed" when it did not work. */
  async remove() {
    try {
      if (this.session) await this.api.remove();
    } catch (error) {
      if (error instanceof Refused && error.status === 409) return "open";
      if (!(error instanceof Refused && error.status === 401)) return "failed";
    }
    this.#forget({ anew: false });
    return "done";
  }

  get unread() {
    return this.session ? this.thread.unread(this.session.read ?? 0) : [];
  }

  /** The customer has seen everything that is here. */
  markRead() {
    if (!this.session || (this.session.read ?? 0) >= this.thread.last) return;
    this.session.read = this.thread.last;
    this.shelf.session.write(this.session);
    this.api.read(this.session.read).catch(() => null);
    this.#tell("state");
  }

  // -- hearing -----------------------------------------------------------------------------

  #follow() {
    this.#stopFollowing();
    this.following = new AbortController();
    const { signal } = this.following;
    share({
      name: `${this.shelf.name}:${this.session.conversation}`,
      lead: (tell, until) => follow({ api: this.api, after: () => this.thread.last, deliver: tell, signal: until }),
      hear: (kind, data, own) => signal.aborted || this.#hear(kind, data, own),
      signal,
    });
    window.addEventListener("pagehide", () => this.following?.abort(), { once: true });
    window.addEventListener("pageshow", (event) => event.persisted && this.phase === "ready" && this.#follow(), { signal });
  }

  #stopFollowing() {
    this.following?.abort();
    this.following = null;
  }

  #hear(kind, data, own) {
    if (kind === "message") this.#receive([data]);
    else if (kind === "state") this.#believe(data);
    else if (kind === "typing") this.#showTyping(data.on);
    else if (kind === "live") this.#connect(data);
    else if (kind === "gone" && own) this.#anew(); // the others hear of the new session through storage
  }

  #receive(messages) {
    const fresh = this.thread.add(messages);
    if (!fresh.length) return;
    this.#keepOutbox();
    const others = fresh.filter((one) => one.from !== "customer");
    if (others.length) this.#showTyping(false);
    this.#tell("thread");
    if (others.length) this.#tell("arrived", others);
  }

  async #believe(state) {
    const language = state.language !== this.state.language ? state.language : null;
    this.state = { ...this.state, ...state };
    if (state.owner === "team") this.#showTyping(false);
    this.#tell("state");
    if (language && language !== this.words?.language) await this.#learn(language).catch(() => null);
    if (this.session && this.session.language !== state.language) {
      this.session.language = state.language;
      this.shelf.session.write(this.session);
    }
  }

  #connect(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.#tell("net");
  }

  #showTyping(on) {
    clearTimeout(this.typingEnds);
    if (on) this.typingEnds = setTimeout(() => this.#showTyping(false), TYPING_LASTS);
    if (this.typing === on) return;
    this.typing = on;
    this.#tell("typing");
  }

  async #learn(language) {
    const { shop, timezone } = this.options;
    this.words = new Words(await this.api.ui({ shop, language, timezone }), timezone);
    this.#tell("words");
  }

  #listenToOtherTabs() {
    window.addEventListener("storage", (event) => {
      if (event.key !== this.shelf.name) return;
      const session = this.shelf.session.read();
      if (session?.conversation === this.session?.conversation) {
        if (session) this.#take(session); // read further over there
        this.#tell("state");
      } else if (session) {
        this.#forget({ anew: false });
        this.#take(session);
        this.shelf.session.write(session);
        this.begin();
      } else {
        this.#forget({ anew: false });
      }
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.phase === "ready") this.#catchUp();
    });
    window.addEventListener("online", () => this.#tell("net"));
    window.addEventListener("offline", () => this.#tell("net"));
  }

  async #catchUp() {
    try {
      const { messages, ...state } = await this.api.messages({ after: this.thread.last });
      this.#receive(messages);
      await this.#believe(state);
    } catch {
      // The stream will say what is the matter.
    }
  }

  #enter(phase) {
    this.phase = phase;
    this.#tell("phase");
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
