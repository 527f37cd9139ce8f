// The list: by due time, in groups, each row with the countdown to its promise.

import { h, icon, kbd, refill, ring } from "./dom.js";
import { customerName, initial, theirClock } from "./customers.js";
import { clock, daysAway, duration, HERE, now, place, stamp, standing, weekday } from "./times.js";
import { languageName, named, t } from "./words.js";

export const FILTERS = ["waiting", "mine", "late", "closed"];

export function due(promise) {
  const how = standing(promise);
  if (how.state === "late") {
    return h("span", { class: "due late" }, icon("warn", 14, true), t("team.due.late", { time: duration(how.milliseconds) }));
  }
  if (how.state === "kept") return h("span", { class: "due kept" }, icon("check", 14, true), t("team.due.kept"));
  if (how.state === "missed") {
    return h("span", { class: "due missed" }, icon("warn", 14, true), t("team.due.late", { time: duration(how.milliseconds) }));
  }
  if (how.state === "soon" || how.state === "fine") {
    const at = new Date(promise.due_at);
    if (daysAway(at) > 0) {
      const text = daysAway(at) < 7 ? `${weekday(at)} ${clock(at)}` : stamp(at);
      return h("span", { class: "due fine" }, icon("calendar", 14, true), text);
    }
    return h("span", { class: `due ${how.state}` }, ring(how.left), duration(how.milliseconds));
  }
  return null;
}

function group(row, filter) {
  if (filter === "closed") return "closed";
  const how = standing(row.promise);
  if (how.state === "late") return "late";
  if (how.state === "soon" || how.state === "fine") {
    const away = daysAway(new Date(row.promise.due_at));
    return away <= 0 ? "today" : away === 1 ? "tomorrow" : "later";
  }
  return "answered";
}

const ORDER = ["late", "today", "tomorrow", "later", "answered", "closed"];

function listRow(row, { selected, seen, choose }) {
  const name = customerName(row);
  const unread = row.owner !== "closed" && row.words_at && row.words_at > (seen[row.id] ?? "");
  const topic = row.topic ? named("topic", row.topic) : "";
  return h(
    "button",
    {
      type: "button",
      class: "dk-row",
      "data-key": row.id,
      "aria-current": row.id === selected ? "true" : null,
      onclick: () => choose(row.id),
    },
    h(
      "span",
      { class: unread ? "n unread" : "n" },
      unread ? h("span", { class: "hidden" }, t("team.list.unread")) : null,
      h("bdi", { class: "cut" }, name),
    ),
    due(row.promise) ?? h("span", {}),
    h(
      "span",
      { class: "t" },
      topic,
      topic && row.words ? " · " : null,
      row.words ? h("bdi", { lang: row.language }, quoted(row.words)) : null,
    ),
    h(
      "span",
      { class: "w" },
      row.country ? h("span", { class: "cc" }, row.country) : null,
      h("span", {}, languageName(row.language)),
      h("span", { "aria-hidden": "true" }, "·"),
      theirClock(row),
      row.agent
        ? h("span", { class: "end" }, h("span", { class: row.mine ? "face small me" : "face small", title: row.agent.name }, initial(row.agent.name)))
        : null,
    ),
  );
}

const quoted = (words) => `“${words.replace(/\s+/g, " ").trim()}”`;

export function visible(inbox, filter) {
  const rows = inbox?.conversations ?? [];
  return filter === "late" ? rows.filter((row) => standing(row.promise).state === "late") : rows;
}

// In the order of the page, which the keys follow.
export function ordered(inbox, filter) {
  const rows = visible(inbox, filter);
  return ORDER.flatMap((name) => rows.filter((row) => group(row, filter) === name));
}

export function rowsView(box, { inbox, filter, selected, seen, choose }) {
  if (!inbox) return;
  const rows = ordered(inbox, filter);
  const parts = [];
  for (const name of ORDER) {
    const members = rows.filter((row) => group(row, filter) === name);
    if (members.length === 0) continue;
    parts.push(h("div", { class: "dk-group" }, h("h2", {}, t(`team.group.${name}`))));
    parts.push(...members.map((row) => listRow(row, { selected, seen, choose })));
  }
  if (parts.length === 0) {
    const key = filter === "waiting" ? "team.list.empty" : `team.list.empty_${filter}`;
    parts.push(h("p", { class: "empty" }, icon("lamp", 24), t(key)));
  }
  refill(box, parts);
}

export function headView(box, { inbox, filter, setFilter, openPalette }) {
  const counts = inbox?.counts ?? { waiting: 0, mine: 0, late: 0 };
  const pill = (name, label, count) =>
    h(
      "button",
      {
        type: "button",
        class: "pill",
        "data-key": `filter-${name}`,
        "aria-pressed": String(filter === name),
        onclick: () => setFilter(name),
      },
      label,
      count ? h("b", {}, String(count)) : null,
    );
  const at = now();
  refill(
    box,
    h(
      "div",
      { class: "dk-h" },
      h("h1", {}, t(filter === "closed" ? "team.list.closed" : filter === "mine" ? "team.list.mine" : "team.list.waiting")),
      filter === "closed" ? null : h("span", { class: "mute" }, String(filter === "mine" ? counts.mine : counts.waiting)),
      h("time", { datetime: at.toISOString() }, t("team.list.clock", { time: stamp(at), place: place(HERE) })),
    ),
    h(
      "button",
      { type: "button", class: "dk-search", "data-key": "search", onclick: openPalette },
      icon("search", 16),
      h("span", {}, t("team.list.search")),
      kbd("Ctrl K"),
    ),
    h(
      "div",
      { class: "dk-filters" },
      pill("waiting", t("team.list.all")),
      pill("mine", t("team.list.mine"), counts.mine),
      pill("late", t("team.list.late"), counts.late),
      pill("closed", t("team.list.closed")),
    ),
  );
}
