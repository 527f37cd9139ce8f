// The strip over the transcript: whose customer, who holds the pen, and the promise that counts down.

import { h, icon, iconButton, kbd, refill } from "./dom.js";
import { customerName, theirClock, whereFrom } from "./customers.js";
import { clock, duration, HERE, place, sameClock, stamp, standing } from "./times.js";
import { t } from "./words.js";

function ownerTag(thread) {
  if (thread.mine) return h("span", { class: "tag ac" }, t("team.state.you"));
  if (thread.owner === "team") return h("span", { class: "tag" }, t("team.state.agent", { agent: thread.agent?.name ?? "" }));
  const key = { waiting: "team.state.waiting", bot: "team.state.bot", closed: "team.state.closed" }[thread.owner];
  return h("span", { class: thread.owner === "waiting" ? "tag warn" : "tag" }, t(key));
}

function where(thread) {
  const zone = thread.timezone === "UTC" ? "" : place(thread.timezone);
  return [zone, whereFrom(thread)].filter(Boolean).join(", ");
}

export function topView(box, { thread, act, back, more, packet }) {
  const holds = thread.mine;
  refill(
    box,
    iconButton("back", t("team.act.back"), back, { class: "btn icon only-phone", "data-key": "back" }),
    h(
      "div",
      { class: "who" },
      h("h2", { tabindex: "-1", id: "customer" }, h("bdi", {}, customerName(thread)), " ", ownerTag(thread)),
      h("div", { class: "w" }, theirClock(thread), h("span", { "aria-hidden": "true" }, "·"), h("span", { class: "cut" }, where(thread))),
    ),
    h(
      "div",
      { class: "acts" },
      iconButton("info", t("team.packet.title"), packet, { class: "btn icon only-narrow", "data-key": "packet" }),
      holds ? actButton("handback", act) : null,
      ["waiting", "bot"].includes(thread.owner) ? actButton("claim", act, "main") : null,
      holds || thread.owner === "waiting" ? actButton("close", act) : null,
      iconButton("more", t("team.act.more"), more, { class: "btn icon only-phone", "data-key": "more" }),
    ),
  );
}

function actButton(name, act, extra = "") {
  return h(
    "button",
    { type: "button", class: `btn ${extra} ${name === "claim" ? "" : "not-phone"}`, "data-key": `act-${name}`, onclick: () => act(name) },
    t(`team.act.${name}`),
  );
}

// "Promised by Tue 24 Nov, 17:30 here, 10:30 in Berlin — 38 min left"
export function promiseView(box, thread) {
  const promise = thread.promise;
  const how = standing(promise);
  box.className = `dk-prom ${how.state}`;
  box.hidden = how.state === "none";
  if (box.hidden) return;
  box.style.setProperty("--left", `${how.left}%`);
  const at = new Date(promise.due_at);
  const length = duration(how.milliseconds);
  if (how.state === "done") {
    refill(box, icon("clock"), h("p", {}, h("span", {}, t("team.promise.ended"))));
  } else if (how.state === "kept" || how.state === "missed") {
    const kept = how.state === "kept";
    const answered = clock(new Date(promise.answered_at));
    refill(
      box,
      icon(kept ? "done" : "warn"),
      h(
        "p",
        {},
        kept ? h("b", {}, t("team.promise.kept"), " ") : null,
        h("span", {}, t("team.promise.kept_at", { time: stamp(at), answered })),
      ),
      h("span", { class: "left num" }, t(kept ? "team.due.early" : "team.due.late", { time: length })),
    );
  } else {
    refill(
      box,
      icon(how.state === "late" ? "warn" : "clock"),
      h("p", {}, h("b", {}, t("team.promise.by", { time: stamp(at) })), " ", h("span", {}, beside(at, thread.timezone))),
      h("span", { class: "left num" }, t(how.state === "late" ? "team.due.late" : "team.due.left", { time: length })),
    );
  }
}

// The same instant on the customer's clock, with the day where it is another one.
function beside(at, zone) {
  if (sameClock(at, zone)) return t("team.promise.there", { clock: clock(at, zone), place: place(zone) });
  const sameDay = stamp(at, zone).replace(clock(at, zone), "") === stamp(at, HERE).replace(clock(at, HERE), "");
  const theirs = sameDay ? clock(at, zone) : stamp(at, zone);
  return t("team.promise.here", { clock: theirs, place: place(zone) });
}

export function keysView(box) {
  const key = (keys, label) => h("span", {}, keys.map(kbd), ` ${label}`);
  refill(
    box,
    key(["Alt J", "K"], t("team.keys.move")),
    key(["Alt C"], t("team.act.claim")),
    key(["Alt L"], t("team.reply.tab")),
    key(["Alt P"], t("team.reply.note")),
    key(["Alt E"], t("team.act.close")),
    key(["Ctrl K"], t("team.keys.everything")),
  );
}
