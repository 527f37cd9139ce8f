// The transcript: who said what, what was understood, what was noted, and when it changed hands.

import { h, icon } from "./dom.js";
import { cardView } from "./cards.js";
import { customerName } from "./customers.js";
import { clock, day, HERE, place, sameClock } from "./times.js";
import { languageName, named, t } from "./words.js";
import { whyButton } from "./why.js";

// Both clocks where they differ: the agent's first, the customer's beside it.
function when(at, thread) {
  const date = new Date(at);
  const ours = h("time", { datetime: at }, clock(date));
  if (sameClock(date, thread.timezone)) return [ours];
  return [ours, h("span", {}, t("team.clock.there", { clock: clock(date, thread.timezone) }))];
}

function understoodTags(understood) {
  if (!understood?.intent) return null;
  const tags = [];
  if (understood.abstained) tags.push(h("span", { class: "tag warn" }, t("team.thread.unsure")));
  else tags.push(h("span", { class: "tag" }, named("topic", understood.intent)));
  for (const entity of (understood.entities ?? []).slice(0, 6)) {
    tags.push(h("span", { class: "tag", title: named("entity", entity.entity) }, h("bdi", {}, String(entity.text ?? entity.value))));
  }
  if (understood.also) tags.push(h("span", { class: "tag" }, t("team.thread.also", { topic: named("topic", understood.also) })));
  const emotion = understood.emotion;
  if (emotion && emotion !== "calm") tags.push(h("span", { class: "tag warn" }, named("emotion", emotion)));
  if (["high", "urgent"].includes(understood.urgency)) {
    tags.push(h("span", { class: "tag bad" }, `${t("team.packet.urgency")}: ${named("urgency", understood.urgency)}`));
  }
  return h("div", { class: "read" }, h("span", { class: "mute" }, t("team.thread.understood")), tags);
}

function bubble(message, language) {
  return h("div", { class: "b", lang: language, dir: "auto" }, message.text, cardView(message.card), choicesView(message));
}

function choicesView(message) {
  if (!message.choices.length) return null;
  return h(
    "ul",
    { class: "choices", "aria-label": t("team.thread.choices") },
    message.choices.map((label) => h("li", {}, h("bdi", {}, label))),
  );
}

function customerMessage(message, thread) {
  const language = message.language || thread.language;
  return h(
    "div",
    { class: "m" },
    h(
      "div",
      { class: "by" },
      h("b", {}, customerName(thread)),
      when(message.at, thread),
      h("span", {}, t("team.thread.original", { language: languageName(language) })),
    ),
    bubble(message, language),
    understoodTags(message.understood),
  );
}

function assistantMessage(message, thread) {
  return h(
    "div",
    { class: "m us" },
    h("div", { class: "by" }, whyButton(message, thread), h("b", {}, t("team.sender.assistant")), when(message.at, thread)),
    bubble(message, message.language || thread.language),
    message.guard
      ? h("div", { class: "read end" }, h("span", { class: "tag warn" }, icon("shield", 12), t("team.why.held")))
      : null,
  );
}

function agentMessage(message, thread) {
  return h(
    "div",
    { class: "m us agent" },
    h("div", { class: "by" }, h("b", {}, message.agent ?? ""), when(message.at, thread)),
    bubble(message, message.language || thread.language),
  );
}

function noteMessage(message) {
  return h(
    "div",
    { class: "note" },
    icon("note", 18),
    h("p", { dir: "auto" }, h("b", {}, t("team.sender.note", { agent: message.agent ?? "" })), " ", message.text),
  );
}

function eventLine(text) {
  return h("div", { class: "event" }, text);
}

export function messageView(message, thread) {
  if (message.kind === "note") return noteMessage(message);
  if (message.kind === "event" || message.from === "system") return eventLine(message.text);
  if (message.from === "customer") return customerMessage(message, thread);
  return message.from === "agent" ? agentMessage(message, thread) : assistantMessage(message, thread);
}

// The transcript and the changes of hands, in the order of time.
function entries(thread) {
  const all = thread.messages.map((message) => ({ at: message.at, message, place: 0 }));
  for (const handoff of thread.handoffs) {
    const clockOf = (at) => clock(new Date(at));
    all.push({ at: handoff.opened_at, place: 1, event: t("team.event.handed_over", { clock: clockOf(handoff.opened_at) }) });
    if (handoff.claimed_at && handoff.agent) {
      const values = { agent: handoff.agent, clock: clockOf(handoff.claimed_at) };
      all.push({ at: handoff.claimed_at, place: -1, event: t("team.event.claimed", values) });
    }
    if (handoff.closed_at) {
      const key = handoff.closed_why === "handed_back" ? "team.event.handed_back" : "team.event.closed";
      all.push({ at: handoff.closed_at, place: 2, event: t(key, { clock: clockOf(handoff.closed_at) }) });
    }
  }
  // Within one instant: taking over comes before the answer, handing over after the sentence that says so.
  return all.sort((a, b) => new Date(a.at) - new Date(b.at) || a.place - b.place);
}

export function logView(thread) {
  const parts = [];
  let shown = "";
  for (const entry of entries(thread)) {
    const date = new Date(entry.at);
    if (day(date) !== shown) {
      shown = day(date);
      parts.push(h("div", { class: "dk-day" }, t("team.day.zone", { day: shown, place: place(HERE) })));
    }
    parts.push(entry.message ? messageView(entry.message, thread) : eventLine(entry.event));
  }
  return parts;
}
