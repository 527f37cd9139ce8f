// The box that holds the transcript, and stays where its reader is.

import { h } from "./dom.js";
import { logView } from "./thread.js";
import { closeWhy } from "./why.js";
import { current, t } from "./words.js";

const NEAR = 80;

export class Log {
  constructor() {
    this.box = h("div", { class: "dk-log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": t("team.thread.log") });
    this.box.addEventListener("scroll", () => (this.atEnd = this.isAtEnd()));
    // The box below grows with what is written in it; the last message stays in sight.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.box);
    this.clear();
  }

  clear() {
    this.shape = null;
    this.id = null;
    this.atEnd = true;
    this.box.replaceChildren();
  }

  // Draws anew only when something has changed.
  show(thread) {
    const shape = `${thread.last_seq} ${thread.version} ${current()} ${thread.promise?.state}`;
    if (this.id === thread.id && this.shape === shape) return;
    const atEnd = this.id !== thread.id || this.isAtEnd();
    const top = this.box.scrollTop;
    this.id = thread.id;
    this.shape = shape;
    closeWhy({ focus: false });
    this.box.replaceChildren(...logView(thread));
    if (atEnd) this.toEnd();
    else this.box.scrollTop = top;
    this.atEnd = atEnd;
  }

  isAtEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }
}
