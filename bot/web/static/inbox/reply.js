// The box in which an agent writes: a reply or a note, a draft for each conversation.

import { newId, post, Refused } from "./api.js";
import { h, icon, kbd } from "./dom.js";
import { customerName } from "./customers.js";
import { languageName, current, t } from "./words.js";

const drafts = new Map(); // `${conversation} ${tab}` -> {text, id, unbacked}

export class ReplyBox {
  // `done(thread)` gets the thread as it stands after; `failed(error)` what went wrong.
  constructor({ claim, done, failed }) {
    this.claim = claim;
    this.done = done;
    this.failed = failed;
    this.tab = "reply";
    this.thread = null;
    this.sending = false;
    this.box = h("div", { class: "dk-reply" });
    this.box.addEventListener("focusin", () => this.box.classList.add("focus"));
    this.box.addEventListener("focusout", () => this.box.classList.remove("focus"));
  }

  get key() {
    return `${this.thread.id} ${this.tab}`;
  }

  get draft() {
    if (!drafts.has(this.key)) drafts.set(this.key, { text: "", id: newId(), unbacked: [] });
    return drafts.get(this.key);
  }

  // Draws anew only when something that it shows has changed, so that typing is never disturbed.
  show(thread) {
    const shape = JSON.stringify([thread.id, thread.mine, thread.owner, thread.agent, thread.language, current()]);
    const same = shape === this.shape;
    if (thread.id !== this.thread?.id) this.tab = "reply";
    this.thread = thread;
    this.shape = shape;
    if (!same) this.draw();
  }

  focus(tab) {
    if (!this.thread) return;
    if (tab !== this.tab) {
      this.tab = tab;
      this.draw();
    }
    (this.box.querySelector("textarea") ?? this.box.querySelector(".take button"))?.focus();
  }

  draw() {
    const hadFocus = this.box.contains(document.activeElement);
    this.box.replaceChildren(this.tabs(), ...(this.tab === "reply" && !this.thread.mine ? [this.notMine()] : this.writing()));
    if (hadFocus) (this.box.querySelector("textarea") ?? this.box.querySelector("button"))?.focus();
  }

  tabs() {
    const tab = (name, label) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${name}`,
          "aria-selected": String(this.tab === name),
          tabindex: this.tab === name ? "0" : "-1",
          onclick: () => this.focus(name),
        },
        label,
      );
    const list = h("div", { class: "dk-tabs", role: "tablist" }, tab("reply", t("team.reply.tab")), tab("note", t("team.reply.note")));
    list.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      event.preventDefault();
      this.tab = this.tab === "reply" ? "note" : "reply";
      this.draw();
      this.box.querySelector('[aria-selected="true"]').focus();
    });
    return list;
  }

  notMine() {
    const { owner, agent } = this.thread;
    if (owner === "closed") return h("p", { class: "take" }, t("team.reply.closed"));
    const other = owner === "team";
    return h(
      "div",
      { class: "take" },
      h("p", {}, other ? t("team.reply.other", { agent: agent?.name ?? "" }) : t("team.reply.take_first")),
      h(
        "button",
        { type: "button", class: other ? "btn" : "btn main", onclick: () => this.claim({ over: other }) },
        t(other ? "team.act.claim_over" : "team.act.claim"),
        kbd("Alt C"),
      ),
    );
  }

  writing() {
    const draft = this.draft;
    const isNote = this.tab === "note";
    const { language } = this.thread;
    const hint = isNote
      ? t("team.reply.note_to")
      : t("team.reply.to", { customer: customerName(this.thread), language: languageName(language) });
    const area = h("textarea", {
      class: "dk-text",
      rows: 2,
      maxlength: 10000,
      lang: isNote ? null : language,
      dir: "auto",
      placeholder: hint,
      "aria-label": hint,
      spellcheck: "true",
    });
    area.value = draft.text;
    this.guardBox = h("div", { role: "alert" });
    this.sendButton = h("button", { type: "button", class: "btn main", onclick: () => this.send() });
    area.addEventListener("input", () => {
      draft.text = area.value;
      draft.unbacked = [];
      this.state();
    });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    });
    this.state();
    return [
      area,
      this.guardBox,
      h(
        "div",
        { class: "dk-send" },
        h("span", {}, t(isNote ? "team.reply.note_hint" : "team.reply.hint")),
        h("span", { class: "end" }, this.sendButton),
      ),
    ];
  }

  // The button and the guard's word, without touching what is being typed.
  state() {
    const draft = this.draft;
    const held = draft.unbacked.length > 0;
    const label = held ? "team.reply.anyway" : this.tab === "note" ? "team.reply.note_send" : "team.reply.send";
    this.sendButton.replaceChildren(t(this.sending ? "team.reply.sending" : label), kbd("Ctrl ↵"));
    this.sendButton.disabled = this.sending || !draft.text.trim();
    this.sendButton.className = held ? "btn" : "btn main";
    this.guardBox.className = held ? "guard" : "";
    this.guardBox.replaceChildren(
      ...(held
        ? [
            icon("shield", 18),
            h(
              "div",
              {},
              draft.unbacked.map((text) => h("b", {}, t("team.guard.unbacked", { text }))),
              h("small", {}, t("team.guard.hint")),
            ),
          ]
        : []),
    );
  }

  async send() {
    const draft = this.draft;
    if (this.sending || !draft.text.trim()) return;
    const { thread, tab, key } = this;
    this.sending = true;
    this.state();
    try {
      const body = { id: draft.id, text: draft.text, anyway: draft.unbacked.length > 0, language: current() };
      const answer = await post(`/conversations/${thread.id}/${tab}`, body);
      drafts.delete(key);
      this.sending = false;
      if (this.thread?.id === thread.id && this.tab === tab) this.draw();
      this.done(answer, tab);
    } catch (error) {
      this.sending = false;
      if (error instanceof Refused && error.kind === "unbacked") draft.unbacked = error.body.unbacked ?? [];
      else this.failed(error, "team.reply.not_sent");
      if (this.thread?.id === thread.id && this.tab === tab) this.state();
    }
  }
}
