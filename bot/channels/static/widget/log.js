// The thread on the screen: days, who speaks, bubbles, cards, buttons, and what is on its way.

import { card, drawing } from "./cards.js";
import { h, hidden, icon } from "./dom.js";
import { pieces } from "./pieces.js";

const TOGETHER = 5 * 60000; // messages of one speaker this close have one heading
const FEW = 3; // this many buttons stand under each other, as the answers to a question

export class Log {
  constructor(chat) {
    this.chat = chat;
    this.items = h("div", { class: "nd-items" });
    this.pending = h("div", { class: "nd-items", "aria-live": "off" });
    this.typing = h("div", { class: "nd-items" });
    this.element = h("div", { class: "nd-log", role: "log", "aria-live": "polite", tabindex: "0" }, this.items, this.pending, this.typing);
    this.newer = h("button", { type: "button", class: "nd-newer", onclick: () => this.toEnd() });
    this.newer.hidden = true;
    this.stuck = true; // to the end, as long as nobody scrolls up
    this.element.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.element);
    this.drawn = 0;
    this.act = {
      submit: (form, values) => chat.submit(form, values),
      person: () => chat.person(),
      picture: (picture) => this.#picture(picture),
    };
  }

  /** Draw everything anew: after a change of language, or when a message came out of order. */
  redraw() {
    this.element.setAttribute("aria-live", "off");
    this.element.setAttribute("aria-label", this.chat.words.say("web.log.label"));
    this.newer.textContent = this.chat.words.say("web.log.newer");
    this.items.replaceChildren();
    this.drawn = 0;
    this.before = null;
    if (this.chat.isAnew) this.items.append(h("p", { class: "nd-day" }, this.chat.words.say("web.anew")));
    this.update();
    requestAnimationFrame(() => this.element.setAttribute("aria-live", "polite"));
  }

  /** Draw what is new. */
  update() {
    const atEnd = this.stuck;
    const fresh = this.chat.thread.messages.filter((one) => one.seq > this.drawn);
    for (const message of fresh) this.#append(message);
    this.#drop();
    this.#drawPending();
    this.element.classList.toggle("top", this.chat.thread.messages.length <= 1 && !this.chat.thread.pending.length);
    if (atEnd || fresh.some((one) => one.from === "customer")) this.toEnd();
    else if (fresh.length) this.newer.hidden = false;
  }

  /** Whether something that is drawn stands before something that came later. */
  get isBehind() {
    return this.items.querySelectorAll("[data-seq]").length !== this.chat.thread.messages.filter((one) => one.seq <= this.drawn).length;
  }

  showTyping() {
    const dots = h("span", { class: "nd-typing" }, h("i"), h("i"), h("i"), hidden(this.chat.words.say("web.typing")));
    this.typing.replaceChildren(...(this.chat.typing ? [dots] : []));
    if (this.stuck) this.toEnd();
  }

  /** To the newest message; at first contact to the beginning, which says what this is. */
  toEnd() {
    this.element.scrollTop = this.element.classList.contains("top") ? 0 : this.element.scrollHeight;
    this.newer.hidden = true;
    this.stuck = true;
  }

  #noteScroll() {
    const left = this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight;
    this.stuck = left < 60 || this.element.classList.contains("top");
    if (left < 60) this.newer.hidden = true;
  }

  #append(message) {
    const { words } = this.chat;
    const day = words.dayKey(message.at);
    if (!this.before || this.before.day !== day) {
      const name = words.day(message.at);
      this.items.append(h("div", { class: "nd-day" }, words.isToday(message.at) ? words.say("web.day.today", { day: name }) : name));
      this.before = null;
    }
    const who = message.from === "agent" ? `agent ${message.agent ?? ""}` : message.from;
    const together = this.before && this.before.who === who && new Date(message.at) - this.before.at < TOGETHER;
    const parts = message.kind === "event" || message.from === "system" ? this.#event(message) : this.#said(message, together);
    this.items.append(h("div", { class: "nd-items", "data-seq": message.seq }, parts));
    this.before = { day, who, at: new Date(message.at) };
    this.drawn = message.seq;
  }

  #event(message) {
    return message.text ? h("div", { class: "nd-day", lang: message.language || null, dir: "auto" }, message.text) : null;
  }

  #said(message, together) {
    const { words } = this.chat;
    const time = words.time(message.at);
    if (message.from === "customer") return [bubble(message.text, "me", { you: words.say("web.from.you") }, h("time", { datetime: message.at }, time))];
    const person = message.from === "agent";
    const name = person ? message.agent || words.say("web.from.team") : words.say("web.from.assistant");
    const heading =
      !together &&
      h("div", { class: "nd-from" }, icon(person ? "person" : "lamp", 14), h("span", {}, name, " · ", h("time", { datetime: message.at }, time)));
    const drawn = message.card && card(message.card, words, this.act);
    const isForm = message.card?.kind === "form";
    return [
      heading,
      message.text && bubble(message.text, "", { lang: message.language }),
      drawn && h("div", { class: `nd-msg wide ${isForm ? "nd-ask" : ""}`, lang: message.language || null }, drawn),
      message.choices?.length ? this.#choices(message) : null,
    ];
  }

  #choices(message) {
    const { words } = this.chat;
    const stack = message.choices.length <= FEW;
    const button = (choice) => {
      const person = stack && choice.label === words.say("web.strip.person");
      const press = () => this.chat.choose(choice);
      return h(
        "button",
        { type: "button", class: `nd-choice ${person ? "quiet" : ""}`, onclick: press, dir: "auto" },
        person && icon("person"),
        choice.label,
        stack && icon("right", 16, "flip"),
      );
    };
    return h(
      "div",
      { class: `nd-ask nd-choices ${stack ? "stack" : ""}`, role: "group", lang: message.language || null },
      message.choices.map(button),
      stack && h("p", { class: "nd-fine" }, words.say("web.choices.free")),
    );
  }

  // Buttons and forms are questions: once the customer has gone on, they are answered.
  #drop() {
    for (const ask of this.items.querySelectorAll(".nd-ask")) {
      const seq = Number(ask.closest("[data-seq]").dataset.seq);
      if (this.chat.thread.isPassed(seq)) {
        const focused = ask.contains(ask.getRootNode().activeElement);
        ask.remove();
        if (focused) this.element.dispatchEvent(new CustomEvent("lostfocus"));
      }
    }
  }

  #drawPending() {
    const { words, thread } = this.chat;
    const note = (one) => {
      if (one.status === "sending") return [words.say("web.message.sending")];
      if (one.status === "waiting") return [icon("clock", 14), words.say("web.message.waiting")];
      if (one.status === "sent") return [words.time(one.at)];
      const again = h("button", { type: "button", class: "nd-link", onclick: () => this.chat.retry(one.id) }, words.say("web.message.retry"));
      return [icon("alert", 14), h("span", {}, words.say(one.problem ?? "web.message.failed")), again];
    };
    const look = { sending: "me", waiting: "me wait", sent: "me", failed: "me bad" };
    this.pending.replaceChildren(...thread.pending.map((one) => bubble(one.text, look[one.status], { you: words.say("web.from.you") }, note(one))));
  }

  async #picture(picture) {
    this.shapes ??= this.chat.api.picture().catch(() => null);
    const shapes = await this.shapes;
    return shapes && drawing(shapes, picture);
  }
}

function bubble(text, look, { you = null, lang = null }, ...meta) {
  const paragraphs = text.replaceAll("\0", "").split(/\n{2,}/).filter((one) => one.trim());
  return h(
    "div",
    { class: `nd-msg ${look}`, lang: lang || null },
    h("div", { class: "b", dir: "auto" }, you && hidden(`${you}: `), paragraphs.map((one) => h("p", { dir: "auto" }, pieces(one, !look)))),
    meta.length ? h("div", { class: "nd-meta" }, ...meta) : null,
  );
}
