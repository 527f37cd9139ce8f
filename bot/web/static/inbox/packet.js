// The handoff packet: what the person who takes over should see first.

import { h, icon } from "./dom.js";
import { factName, factValue } from "./facts.js";
import { clock, place, stamp } from "./times.js";
import { named, t } from "./words.js";

// Facts of the promise itself have lines of their own.
const OWN_LINE = new Set(["due_at", "team_zone"]);

function line(label, ...content) {
  return h("div", {}, h("dt", {}, label), h("dd", {}, content));
}

export function packetView(thread) {
  const handoff = thread.handoffs.at(-1);
  const title = (time) =>
    h("h2", {}, t("team.packet.title"), time ? h("span", { class: "mute num" }, clock(new Date(time))) : null);
  if (!handoff) return [title(null), h("p", { class: "none" }, t("team.packet.none"))];
  const packet = handoff.packet ?? {};
  return [
    title(handoff.opened_at),
    h(
      "div",
      { class: "pk" },
      h(
        "dl",
        {},
        line(t("team.packet.topic"), topicOf(handoff), h("small", {}, named("reason", handoff.reason))),
        orderLine(thread, packet),
        thread.product ? line(t("team.packet.product"), h("bdi", {}, thread.product)) : null,
        foundLine(packet),
        factsLine(thread),
        promiseLine(thread),
        emotionLine(packet),
        line(t("team.packet.urgency"), h("span", { class: urgencyClass(handoff.priority) }, named("urgency", handoff.priority))),
        thread.page ? line(t("team.packet.page"), h("bdi", { class: "break" }, thread.page)) : null,
      ),
      packet.words
        ? h(
            "div",
            { class: "q" },
            h("small", {}, t("team.packet.words")),
            h("span", { lang: thread.language, dir: "auto" }, `“${packet.words}”`),
          )
        : null,
    ),
  ];
}

const topicOf = (handoff) => (handoff.topic ? named("topic", handoff.topic) : named("reason", handoff.reason));

const urgencyClass = (priority) => (["urgent", "high"].includes(priority) ? "tag bad" : "tag");

function orderLine(thread, packet) {
  const told = factsTold(thread).find((fact) => fact.name === "order" || fact.name === "order_number");
  const named_ = (packet.entities ?? []).find((entity) => entity.entity === "order_number");
  const number = thread.order ?? told?.value ?? named_?.value ?? named_?.text;
  if (!number) return null;
  return line(
    t("team.packet.order"),
    h("bdi", { class: "num ltr" }, String(number)),
    " ",
    told ? h("span", { class: "tag ok" }, icon("shield", 12), t("team.packet.verified")) : null,
  );
}

function foundLine(packet) {
  const found = (packet.entities ?? []).filter((entity) => entity.entity !== "order_number");
  if (found.length === 0) return null;
  return line(
    t("team.packet.found"),
    found.map((entity) =>
      h("div", {}, h("bdi", {}, String(entity.text ?? entity.value)), " ", h("span", { class: "mute" }, named("entity", entity.entity))),
    ),
  );
}

// What the customer has been told so far, each fact once, the latest value.
function factsTold(thread) {
  const latest = new Map();
  for (const message of thread.messages) for (const fact of message.facts) latest.set(fact.name, fact);
  return [...latest.values()].filter((fact) => !OWN_LINE.has(fact.name) && fact.name !== "shop");
}

function factsLine(thread) {
  const facts = factsTold(thread);
  if (facts.length === 0) return null;
  return line(
    t("team.packet.facts"),
    h(
      "ul",
      { class: "facts" },
      facts.map((fact) =>
        h("li", {}, icon("check", 14), h("span", {}, `${factName(fact)}: `, h("bdi", {}, factValue(fact, thread.timezone)))),
      ),
    ),
  );
}

function promiseLine(thread) {
  const promise = thread.promises.at(-1);
  if (!promise) return null;
  const first = thread.promises.find((one) => one.handoff === promise.handoff && one.text) ?? promise;
  const zone = promise.timezone ?? thread.timezone;
  return line(
    t("team.packet.promised"),
    t("team.time_of", { clock: stamp(new Date(promise.due_at), zone), place: place(zone) }),
    first.text
      ? h(
          "small",
          {},
          `${t(promise.renews ? "team.packet.moved" : "team.packet.unmoved")} `,
          h("span", { lang: first.language ?? thread.language }, `“${first.text}”`),
        )
      : null,
    promise.provisional ? h("small", {}, t("team.promise.provisional")) : null,
  );
}

function emotionLine(packet) {
  if (!packet.emotion) return null;
  const calm = packet.emotion === "calm";
  return line(t("team.packet.emotion"), h("span", { class: calm ? "tag" : "tag warn" }, named("emotion", packet.emotion)));
}
