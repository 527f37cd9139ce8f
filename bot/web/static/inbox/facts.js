// Words a fact: value, where it is from, as of when.

import { h } from "./dom.js";
import { place, stamp, day } from "./times.js";
import { countryName, current, has, languageName, named, readable, t } from "./words.js";

const UNITS = { days: "day", hours: "hour", minutes: "minute", cm: "centimeter", inch: "inch" };

const number = (value, options = {}) => {
  const parsed = Number(value);
  return Number.isFinite(parsed) ? new Intl.NumberFormat(current(), options).format(parsed) : String(value);
};

export function money(value) {
  try {
    return number(value.amount, { style: "currency", currency: value.currency });
  } catch {
    return `${value.amount} ${value.currency}`;
  }
}

export function factValue(fact, zone) {
  const { value, unit, type } = fact;
  if (value === null || value === undefined) return "";
  if (type === "Money") return money(value);
  if (type === "bool") return value ? "✓" : "–";
  if (Array.isArray(value)) return value.map((one) => listed(one, unit)).join(current() === "zh" ? "、" : ", ");
  if (unit === "instant") return `${stamp(new Date(value), zone)} ${place(zone)}`;
  if (unit === "day") return day(new Date(value), value.length > 10 ? zone : "UTC");
  if (unit === "percent") return `${number(value)} %`;
  if (unit === "working_days") return t("team.unit.working_days", { count: number(value) });
  if (unit === "country") return countryName(value);
  if (unit === "language") return languageName(value);
  if (unit === "term") return termOf(fact.name, value);
  if (UNITS[unit]) return number(value, { style: "unit", unit: UNITS[unit], unitDisplay: "long" });
  if (type === "int" || type === "Decimal") return number(value);
  return String(value);
}

function listed(value, unit) {
  return unit === "language" ? languageName(value) : unit === "country" ? countryName(value) : String(value);
}

function termOf(name, value) {
  const key = `term.${name}.${value}`;
  return has(key) ? t(key) : readable(String(value));
}

// "Shop orders, Mon 23 Nov, 22:30"
export function factSource(fact, zone) {
  const known = `team.source.${(fact.source ?? "").replaceAll(" ", "_")}`;
  const from = has(known) ? t(known) : readable(fact.source ?? "");
  if (!fact.as_of) return from;
  const dated = fact.as_of.length > 10 ? stamp(new Date(fact.as_of), zone) : day(new Date(fact.as_of), "UTC");
  return [from, dated].filter(Boolean).join(", ");
}

// Facts that come in numbers (carrier_1, carrier_2) share a name.
export function factName(fact) {
  const [, name, number] = /^(.*?)(?:_(\d+))?$/.exec(fact.name);
  return number ? `${named("fact", name)} ${number}` : named("fact", name);
}

export function factRows(facts, zone) {
  return facts.map((fact) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, factName(fact)),
      h("td", {}, h("bdi", {}, factValue(fact, zone))),
      h("td", {}, h("bdi", {}, factSource(fact, zone))),
    ),
  );
}
