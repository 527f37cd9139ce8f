// The launcher, the panel, and where the focus goes.

import { MOST_CHARACTERS } from "./chat.js";
import { h, icon } from "./dom.js";
import { Log } from "./log.js";
import { head, strip, whereIsTheTeam } from "./strip.js";

export class View {
  /** `root` is the element in the shadow root that carries language, direction and theme. */
  constructor(root, chat) {
    this.root = root;
    this.chat = chat;
    this.isOpen = false;
    this.log = new Log(chat);
    this.#build();
    this.#listen();
    this.#speak();
  }

  // -- building ----------------------------------------------------------------------------

  #build() {
    this.badge = h("span", { class: "nd-badge", "aria-hidden": "true" });
    this.launcher = h("button", { type: "button", class: "nd-launch", onclick: () => (this.isOpen ? this.close() : this.open()) });
    this.tease = h("div", { class: "nd-tease", role: "status" });
    this.headPlace = h("div", { class: "nd-contents" });
    this.stripPlace = h("div", { role: "status" });
    this.net = h("div", { class: "nd-net", role: "status" });
    this.note = h("div", { class: "nd-note" });
    this.box = h("textarea", {
      rows: "1",
      maxlength: String(MOST_CHARACTERS),
      enterkeyhint: "send",
      dir: "auto",
      oninput: () => this.#measure(),
      onkeydown: (event) => this.#key(event),
    });
    this.go = h("button", { type: "submit", class: "nd-send" }, icon("send"));
    this.composer = h("form", { class: "nd-comp", onsubmit: (event) => this.#submit(event) }, this.box, this.go);
    this.panel = h(
      "section",
      { class: "nd", role: "dialog", "aria-labelledby": "nd-title", onkeydown: (event) => event.key === "Escape" && this.close() },
      this.headPlace,
      this.stripPlace,
      this.net,
      h("div", { class: "nd-middle" }, this.log.element, this.log.newer),
      this.note,
      h("footer", { class: "nd-foot" }, this.composer),
    );
    this.frame = h("div", { class: "nd-frame" }, this.panel);
    for (const part of [this.frame, this.tease, this.net, this.note]) part.hidden = true;
    this.root.append(this.frame, this.tease, this.launcher);
    this.#measure();
  }

  #listen() {
    const { chat } = this;
    const on = (name, act) => chat.addEventListener(name, act);
    on("thread", () => {
      if (this.log.isBehind) this.log.redraw();
      else this.log.update();
      this.#look();
    });
    on("words", () => this.#speak());
    on("state", () => this.#drawState());
    on("typing", () => this.log.showTyping());
    on("net", () => this.#drawNet());
    on("phase", () => this.#drawNet());
    on("arrived", (event) => this.#arrive(event.detail));
    document.addEventListener("visibilitychange", () => this.#look());
    this.log.element.addEventListener("lostfocus", () => this.box.focus());
  }

  #speak() {
    const { words } = this.chat;
    this.root.lang = words.language;
    this.root.dir = words.ui.dir;
    this.box.placeholder = words.say("web.compose.label");
    this.box.setAttribute("aria-label", words.say("web.compose.label"));
    this.go.setAttribute("aria-label", words.say("web.compose.send"));
    this.log.redraw();
    this.log.showTyping();
    this.#drawState();
    this.#drawNet();
  }

  #drawState() {
    const act = {
      language: (code) => this.chat.setLanguage(code).catch(() => null),
      remove: () => this.#askToRemove(),
      close: () => this.close(),
      person: () => this.#person(),
    };
    const { words, state } = this.chat;
    const { owner, agent, promise } = state;
    this.#replace(this.headPlace, [words.language, whereIsTheTeam(words, state)], () => head(this.chat, act));
    this.#replace(this.stripPlace, [words.language, owner, agent, promise], () => strip(this.chat, act));
    this.#drawLauncher();
  }

  // What would be the same again stays: an open menu, the focus, and what a screen reader has said.
  #replace(place, means, make) {
    const key = JSON.stringify(means);
    if (place.dataset.means === key) return;
    const had = place.contains(this.root.getRootNode().activeElement);
    place.dataset.means = key;
    place.replaceChildren(make());
    if (had) (place.querySelector("button") ?? this.box).focus();
  }

  #drawNet() {
    const { words, phase, connected } = this.chat;
    const offline = !navigator.onLine;
    const lost = phase === "ready" && !connected;
    const failed = phase === "failed";
    const key = offline ? "web.net.offline" : failed ? "web.failed" : "web.net.lost";
    this.net.hidden = !(offline || lost || failed);
    if (this.net.hidden) this.net.replaceChildren();
    else if (this.net.textContent !== words.say(key)) this.net.replaceChildren(icon("offline"), h("span", {}, words.say(key)));
  }

  #drawLauncher() {
    const { words, unread } = this.chat;
    const count = this.isOpen ? 0 : unread.length;
    const label = this.isOpen ? "web.launch.close" : count ? "web.launch.unread" : "web.launch.open";
    this.launcher.setAttribute("aria-label", words.say(label, { count }));
    this.launcher.setAttribute("aria-expanded", String(this.isOpen));
    this.badge.textContent = count > 9 ? "9+" : String(count);
    this.launcher.replaceChildren(icon(this.isOpen ? "down" : "bubble", 28), ...(count ? [this.badge] : []));
    if (!count) this.tease.hidden = true;
  }

  // -- opening and closing -----------------------------------------------------------------

  open({ focus = true } = {}) {
    if (!this.isOpen) {
      this.isOpen = true;
      this.frame.hidden = false;
      this.tease.hidden = true;
      this.root.classList.add("open");
      this.chat.shelf.open.write(true);
      this.chat.begin();
      this.#look();
      this.#drawLauncher();
      this.log.toEnd();
      document.dispatchEvent(new CustomEvent("nightdesk:open"));
    }
    if (focus) this.box.focus();
  }

  close() {
    if (!this.isOpen) return;
    const focus = this.frame.contains(this.root.getRootNode().activeElement);
    this.isOpen = false;
    this.frame.hidden = true;
    this.root.classList.remove("open");
    this.chat.shelf.open.write(null);
    this.#drawLauncher();
    if (focus) this.launcher.focus();
    document.dispatchEvent(new CustomEvent("nightdesk:close"));
  }

  /** What came while this page was away. */
  showUnread() {
    const last = this.chat.unread.filter((one) => one.text).pop();
    if (last) this.#preview(last);
    this.#drawLauncher();
  }

  #look() {
    if (this.isOpen && document.visibilityState === "visible") this.chat.markRead();
  }

  #arrive(messages) {
    this.#look();
    const last = messages.filter((one) => one.text && one.kind !== "event").pop();
    if (!this.isOpen && last && this.chat.unread.includes(last)) this.#preview(last);
    this.#drawLauncher();
  }

  #preview(message) {
    const { words } = this.chat;
    const shop = words.ui.shop;
    const person = message.from === "agent" && message.agent;
    const name = person ? words.say("web.from.agent", { agent: message.agent, shop }) : words.say("web.from.assistant");
    const close = h("button", { type: "button", class: "nd-icon", "aria-label": words.say("web.tease.close"), onclick: () => (this.tease.hidden = true) }, icon("close", 16));
    const face = h("span", { class: "face", "aria-hidden": "true" }, person ? [...message.agent][0].toUpperCase() : icon("lamp", 16));
    this.tease.replaceChildren(face, h("b", {}, name), close, h("p", { lang: message.language || null, dir: "auto" }, message.text));
    this.tease.hidden = false;
  }

  // -- saying ------------------------------------------------------------------------------

  #key(event) {
    // While a character is being composed, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #submit(event) {
    event?.preventDefault();
    const text = this.box.value;
    if (!text.trim()) return;
    this.chat.say(text);
    this.box.value = "";
    this.#measure();
    this.box.focus();
    this.log.toEnd();
  }

  #person() {
    this.chat.person();
    this.log.toEnd();
    this.box.focus();
  }

  #measure() {
    this.go.disabled = !this.box.value.trim();
    this.box.style.blockSize = "auto";
    if (this.box.scrollHeight) this.box.style.blockSize = `${Math.min(this.box.scrollHeight, 132)}px`;
  }

  #askToRemove() {
    const { words } = this.chat;
    const settle = () => {
      this.note.hidden = true;
      this.box.focus();
    };
    const remove = async () => {
      const done = await this.chat.remove();
      if (done === "done") {
        settle();
        this.close();
      } else {
        const keep = h("button", { type: "button", class: "nd-go quiet", onclick: settle }, words.say("web.head.close"));
        this.note.replaceChildren(h("p", { role: "alert" }, words.say(done === "open" ? "web.delete.open" : "web.failed")), h("div", { class: "nd-pair" }, keep));
        keep.focus();
      }
    };
    const yes = h("button", { type: "button", class: "nd-go danger", onclick: remove }, words.say("web.delete.confirm"));
    const no = h("button", { type: "button", class: "nd-go quiet", onclick: settle }, words.say("web.delete.keep"));
    this.note.setAttribute("role", "group");
    this.note.replaceChildren(h("p", { role: "alert" }, words.say("web.delete.ask")), h("div", { class: "nd-pair" }, yes, no));
    this.note.hidden = false;
    no.focus();
  }
}
