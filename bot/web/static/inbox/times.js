// Times: always absolute, in a named zone. The server's clock is the only clock.

import { current, t } from "./words.js";

export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

let ahead = 0;
let places = {};

export function setNow(iso) {
  ahead = new Date(iso).getTime() - Date.now();
}

export function setPlaces(names) {
  places = names;
}

export const now = () => new Date(Date.now() + ahead);

const locale = () => (current() === "en" ? "en-GB" : current() === "zh" ? "zh-CN" : current());

const formats = new Map();

function format(date, zone, options) {
  const key = `${locale()} ${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone });
    } catch {
      made = new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" });
    }
    formats.set(key, made);
  }
  return formats.get(key).format(date);
}

export const clock = (date, zone = HERE) =>
  format(date, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function day(date, zone = HERE) {
  const parts = { weekday: "short", day: "numeric", month: "short" };
  const text = format(date, zone, parts);
  if (current() === "en") return text.replace(",", "");
  return current() === "zh" ? text.replace(/日(?=[周星])/, "日 ") : text;
}

export const weekday = (date, zone = HERE) => format(date, zone, { weekday: "short" });

// "Tue 24 Nov, 10:30"
export function stamp(date, zone = HERE) {
  return current() === "zh" ? `${day(date, zone)} ${clock(date, zone)}` : `${day(date, zone)}, ${clock(date, zone)}`;
}

export function place(zone) {
  return places[zone] ?? zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

// Whether a wall clock in this zone shows the same as ours.
export const sameClock = (date, zone) => clock(date, zone) === clock(date) && day(date, zone) === day(date);

const dayNumber = (date) => Math.floor(Date.parse(`${isoDay(date)}T00:00:00Z`) / 86_400_000);
const isoDay = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: HERE }).format(date);

// How many midnights of ours lie between now and then.
export const daysAway = (date) => dayNumber(date) - dayNumber(now());

// A length in the agent's words; always of whole minutes, and never nothing.
export function duration(milliseconds) {
  const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60_000));
  if (minutes < 60) return t("team.due.minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t("team.due.hours", { hours, minutes: String(minutes % 60).padStart(2, "0") });
  return t("team.due.days", { days: Math.floor(hours / 24), hours: hours % 24 });
}

// How a promise stands at this moment: late, soon, fine, kept or done, and what is left of it.
export function standing(promise) {
  if (!promise) return { state: "none", left: 0, milliseconds: 0 };
  const due = new Date(promise.due_at);
  const made = new Date(promise.made_at);
  if (promise.answered_at) {
    const early = due - new Date(promise.answered_at);
    return { state: early >= 0 && promise.state !== "late" ? "kept" : "missed", left: 0, milliseconds: early };
  }
  if (promise.ended_at) return { state: "done", left: 0, milliseconds: 0 };
  const milliseconds = due - now();
  const left = Math.min(100, Math.max(0, (100 * milliseconds) / Math.max(1, due - made)));
  if (milliseconds <= 0) return { state: "late", left: 0, milliseconds };
  return { state: now() >= new Date(promise.warn_at) ? "soon" : "fine", left, milliseconds };
}
