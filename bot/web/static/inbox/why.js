// "Why this?": the facts behind a sentence, what was understood, and what the guard made of it.

import { h, icon, iconButton } from "./dom.js";
import { factRows } from "./facts.js";
import { named, t } from "./words.js";

let open = null;

export function closeWhy({ focus = true } = {}) {
  if (!open) return false;
  const { button, panel } = open;
  open = null;
  panel.remove();
  button.setAttribute("aria-expanded", "false");
  if (focus) button.focus({ preventScroll: true });
  return true;
}

// A press anywhere else closes it, as with any menu.
document.addEventListener("pointerdown", (event) => {
  if (open && !open.panel.contains(event.target) && !open.button.contains(event.target)) closeWhy({ focus: false });
});

export function whyButton(message, thread) {
  const button = h(
    "button",
    { type: "button", class: "why", "aria-expanded": "false", "aria-haspopup": "dialog" },
    icon("why", 14),
    t("team.why.button"),
  );
  button.addEventListener("click", () => {
    const wasOpen = open?.button === button;
    closeWhy();
    if (!wasOpen) show(button, message, thread);
  });
  return button;
}

function show(button, message, thread) {
  const panel = panelView(message, thread);
  button.closest(".m").append(panel);
  button.setAttribute("aria-expanded", "true");
  open = { button, panel };
  panel.scrollIntoView({ block: "nearest" });
  panel.querySelector("button").focus({ preventScroll: true });
}

function panelView(message, thread) {
  const title = t("team.why.title");
  return h(
    "div",
    { class: "pop", role: "dialog", "aria-label": title },
    h(
      "header",
      {},
      icon("lamp", 16),
      h("h3", {}, title),
      h("span", { class: "ltr mute mono" }, message.reply_key ?? ""),
      iconButton("close", t("team.close_panel"), () => closeWhy()),
    ),
    message.facts.length
      ? h("div", { class: "pop-facts", tabindex: "0" }, h("table", {}, h("tbody", {}, factRows(message.facts, thread.timezone))))
      : h("p", { class: "none" }, t("team.why.no_facts")),
    h("div", { class: "foot" }, understoodLine(message, thread)),
    h("div", { class: "foot" }, guardLine(message)),
  );
}

// What the customer's words were taken for, with how sure, and what came next.
function understoodLine(message, thread) {
  const asked = thread.messages.find((one) => one.seq === message.answers)?.understood;
  if (!asked?.intent) return [h("span", {}, t("team.why.no_intent"))];
  const ranking = asked.ranking ?? [];
  const best = ranking[0] ?? asked;
  const next = ranking.find((one) => one.intent !== best.intent);
  const share = (value) => h("span", { class: "num" }, Number(value ?? 0).toFixed(2));
  return [
    h("span", {}, t("team.why.as")),
    h("span", { class: "tag ac" }, named("topic", best.intent)),
    share(best.confidence),
    asked.abstained ? h("span", { class: "tag warn" }, t("team.thread.unsure")) : null,
    next ? h("span", {}, `${t("team.why.next")} ${named("topic", next.intent)}`) : null,
    next ? share(next.confidence) : null,
  ];
}

function guardLine(message) {
  if (!message.guard) {
    const key = message.facts.length ? "team.why.guard_passed" : "team.why.guard_silent";
    return [h("span", { class: "tag ok" }, icon("check", 12), t(key))];
  }
  const findings = (message.guard.findings ?? []).map((finding) => finding.text).join(", ");
  return [
    h("span", { class: "warned" }, icon("shield", 14)),
    h("span", {}, t("team.why.guard", { text: findings || String(message.guard.text ?? "") })),
  ];
}
