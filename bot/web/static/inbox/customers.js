// What we call a customer who has not told a name, and how their clock stands.

import { h } from "./dom.js";
import { clock, now } from "./times.js";
import { countryName, languageName, t } from "./words.js";

// An address is no name, and has no place in a list.
export function customerName(row) {
  if (row.customer && !row.customer.includes("@")) return row.customer;
  return t("team.visitor", { code: row.id.slice(0, 4).toUpperCase() });
}

export function initial(name) {
  return [...(name ?? "?").trim()][0]?.toUpperCase() ?? "?";
}

export function theirClock(row) {
  const at = now();
  return h("time", { datetime: at.toISOString() }, t("team.clock.there", { clock: clock(at, row.timezone) }));
}

export function whereFrom(row) {
  return [row.country ? countryName(row.country) : "", languageName(row.language)].filter(Boolean).join(" · ");
}
