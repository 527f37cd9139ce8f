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

const factsTold = (thread) => thread.messages.flatMap((message) => message.facts);

// The facts that tell an answer at a glance; all of them are behind "Why this?".
const TELLING = [
  "status",
  "event_at",
  "pick_up_until",
  "total",
  "duty",
  "tax",
  "product",
  "left",
  "restock_on",
  "price",
  "size",
  "sizes",
  "transit_low",
  "transit_high",
  "days_low",
  "days_high",
  "return_days",
  "refund_days",
  "warranty_months",
  "opens_at",
];
const MOST_ANSWERS = 4;
const MOST_FACTS = 3;

// What the customer has been told, by topic, the latest answer to each.
function answersTold(thread) {
  const topics = new Map(thread.messages.map((message) => [message.seq, message.understood?.intent]));
  const latest = new Map();
  for (const message of thread.messages) {
    const facts = message.facts.filter((fact) => !OWN_LINE.has(fact.name));
    const topic = topics.get(message.answers);
    if (!topic || facts.length === 0) continue;
    const telling = facts.filter((fact) => TELLING.includes(fact.name));
    telling.sort((x, y) => TELLING.indexOf(x.name) - TELLING.indexOf(y.name));
    latest.delete(topic);
    latest.set(topic, (telling.length ? telling : facts).slice(0, MOST_FACTS));
  }
  return [...latest].slice(-MOST_ANSWERS);
}

function factsLine(thread) {
  const told = answersTold(thread);
  if (told.length === 0) return null;
  return line(
    t("team.packet.facts"),
    h(
      "ul",
      { class: "facts" },
      told.map(([topic, facts]) =>
        h(
          "li",
          {},
          icon("check", 14),
          h(
            "span",
            {},
            named("topic", topic),
            facts.map((fact) => h("small", {}, `${factName(fact)}: `, h("bdi", {}, factValue(fact, thread.timezone)))),
          ),
        ),
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
