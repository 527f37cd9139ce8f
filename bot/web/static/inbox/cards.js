// A card of the widget, read by the team: the same lines, without the pictures.

import { h } from "./dom.js";

const text = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

export function cardView(card) {
  if (!card) return null;
  const lines = [...rows(card), ...steps(card), ...range(card), ...chips(card)];
  const title = text(card.title) || text(card.name);
  if (!title && lines.length === 0) return null;
  return h(
    "div",
    { class: "card" },
    h("div", { class: "card-head" }, h("b", {}, title), card.tag ? h("span", { class: "tag" }, text(card.tag)) : null),
    lines.length ? h("dl", {}, lines) : null,
    card.note ? h("p", { class: "mute" }, text(card.note)) : null,
    card.as_of ? h("p", { class: "mute" }, text(card.as_of)) : null,
  );
}

function line(label, value, style = "") {
  return h("div", { class: style }, h("dt", {}, text(label)), h("dd", {}, h("bdi", {}, text(value))));
}

const list = (value) => (Array.isArray(value) ? value : []);

const rows = (card) => list(card.rows).map((row) => line(row.label, row.value, row.style === "total" ? "total" : ""));

const steps = (card) => list(card.steps).map((step) => line(step.label, step.time ?? step.note ?? "", step.state ?? ""));

const range = (card) => (card.range ? [line(card.range.label, card.range.note ?? "")] : []);

function chips(card) {
  const parts = [];
  if (card.price) parts.push(line(card.price, card.stock ?? ""));
  for (const [label, values] of [
    [card.colour_label, card.colours],
    [card.size_label, card.sizes],
  ]) {
    if (Array.isArray(values)) parts.push(line(label, values.map((one) => text(one.label)).join(", ")));
  }
  return parts;
}
