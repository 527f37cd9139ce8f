// Cards: facts that a customer can check. Each ends with as of when, and from whom; without that, no card.

import { h, hidden, icon, s } from "./dom.js";
import { pieces } from "./pieces.js";

/** The card's element, or null for one that is not known here. `act` has submit, person and picture. */
export function card(data, words, act) {
  const make = { parcel, cost, product, size: table, policy: table, form }[data.kind];
  if (!make || (data.kind !== "form" && !data.as_of)) return null;
  return make(data, words, act);
}

function shell(data, ...inside) {
  return h("article", { class: "nd-card" }, ...inside, asOf(data.as_of));
}

function head(data) {
  const verified = data.kind === "parcel" ? "ok" : "";
  const tag = data.tag && h("span", { class: `nd-tag ${verified}` }, verified && icon("shield", 14), data.tag);
  return h("header", {}, h("h3", {}, data.title ?? ""), tag);
}

function asOf(text) {
  return h("div", { class: "nd-asof" }, icon("clock", 14), h("span", {}, text));
}

function parcel(data) {
  return shell(data, head(data), h("ol", { class: "nd-steps" }, (data.steps ?? []).map(step)), data.range && range(data.range));
}

function step({ state, label, note, time }) {
  const dot = h("span", { class: "dot" }, state === "done" && icon("check", 9));
  const words = h("span", {}, state === "now" ? h("b", {}, label) : label, note && h("small", {}, note));
  return h("li", { class: state, "aria-current": state === "now" ? "step" : null }, dot, words, time ? h("span", { class: "at" }, time) : null);
}

// The bar reaches a little past the usual range, so that a late day still has a place on it.
function range({ low, high, today, label, note, aria }) {
  const end = Math.max(high + Math.ceil((high - low) / 5), today, 1);
  const share = (day) => `${Math.max(0, Math.min(100, (day / end) * 100))}%`;
  const band = h("i", { style: { "inset-inline-start": share(low), "inline-size": share(high - low) } });
  const tick = h("b", { style: { "inset-inline-start": `calc(${share(today)} - 1.5px)` } });
  return h(
    "div",
    { class: "nd-range" },
    h("div", { class: "bar", role: "img", "aria-label": aria ?? `${label}, ${note}` }, band, tick),
    h("p", {}, h("strong", {}, label), h("span", {}, note)),
  );
}

function cost(data) {
  const rows = (data.rows ?? []).map(({ label, note, value, style }) =>
    h("tr", { class: style ?? null }, h("th", { scope: "row" }, label, note && h("small", {}, note)), h("td", {}, value)),
  );
  return shell(data, head(data), h("table", { class: "nd-sum" }, h("tbody", {}, rows)));
}

function table(data) {
  const rows = (data.rows ?? []).map(({ label, value }) => h("tr", {}, h("th", { scope: "row" }, label), h("td", { class: "wrap" }, linked(value))));
  const note = data.note && h("p", { class: "nd-fine in" }, data.note);
  return shell(data, head(data), h("table", { class: "nd-sum plain" }, h("tbody", {}, rows)), note);
}

// Rows of a policy may name a page.
function linked(value) {
  return pieces(String(value ?? ""), true);
}

function product(data, words, act) {
  const place = h("span", { class: "pic", "aria-hidden": "true" });
  if (data.picture) act.picture(data.picture).then((drawn) => drawn && place.replaceChildren(drawn));
  const link = address(data.url);
  return shell(
    data,
    h(
      "div",
      { class: "nd-prod" },
      place,
      h(
        "div",
        {},
        h("h3", {}, data.name ?? ""),
        h("span", { class: "price" }, data.price ?? ""),
        h("span", { class: data.available ? "st" : "st none" }, data.stock ?? ""),
        link && h("a", { class: "nd-more", href: link }, words.say("web.card.view"), icon("external", 14)),
      ),
    ),
    h(
      "div",
      { class: "nd-vars" },
      chips(data.colour_label, data.colours, words),
      chips(data.size_label, data.sizes, words),
    ),
  );
}

function chips(label, values, words) {
  if (!values?.length) return null;
  const states = { chosen: words.say("web.card.chosen"), out: words.say("web.card.out") };
  const set = values.map((one) =>
    h(
      "li",
      { class: `chip ${one.state}` },
      one.swatch && CSS.supports("color", one.swatch) && h("span", { class: "sw", style: { background: one.swatch } }),
      capital(one.label),
      states[one.state] && hidden(`, ${states[one.state]}`),
    ),
  );
  return h("div", {}, h("span", { class: "lab" }, label), h("ul", { class: "set", "aria-label": label }, set));
}

// A colour's name comes as it stands in a sentence; on a chip it stands alone.
function capital(label) {
  const text = String(label ?? "");
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function address(url) {
  if (typeof url !== "string" || !url) return null;
  try {
    const whole = new URL(url, document.baseURI);
    return ["http:", "https:"].includes(whole.protocol) ? whole.href : null;
  } catch {
    return null;
  }
}

let counter = 0;

function form(data, words, act) {
  const rows = (data.fields ?? []).map((field) => {
    const id = `nd-field-${(counter += 1)}`;
    const type = field.type === "email" ? "email" : "text";
    const mode = type === "email" ? { inputmode: "email", autocapitalize: "off", spellcheck: "false" } : {};
    const box = h("input", { class: "nd-in", id, name: field.name, type, maxlength: "200", autocomplete: field.autocomplete ?? "off", ...mode });
    const fault = h("small", { class: "nd-fault", id: `${id}-fault` });
    return { field, box, fault, label: h("label", { for: id }, field.label, box, fault) };
  });
  const check = ({ box, fault }) => {
    const missing = !box.value.trim();
    fault.textContent = missing ? words.say("web.form.missing") : "";
    box.setAttribute("aria-invalid", String(missing));
    if (missing) box.setAttribute("aria-describedby", fault.id);
    else box.removeAttribute("aria-describedby");
    return !missing;
  };
  const submit = (event) => {
    event.preventDefault();
    const wrong = rows.filter((row) => !check(row));
    if (wrong.length) wrong[0].box.focus();
    else act.submit(data.form, Object.fromEntries(rows.map(({ field, box }) => [field.name, box.value.trim()])));
  };
  return h(
    "form",
    { class: "nd-card nd-form", novalidate: true, onsubmit: submit, "aria-label": data.title ?? null },
    data.title && h("h3", {}, data.title),
    rows.map((row) => row.label),
    h("button", { type: "submit", class: "nd-go" }, data.submit ?? words.say("web.compose.send")),
    data.form === "order" &&
      h("p", { class: "nd-fine" }, words.say("web.form.private"), " ", h("button", { type: "button", class: "nd-link", onclick: act.person }, words.say("web.form.person"))),
  );
}

/** Draws a product: a shape in four tones. */
export function drawing(shapes, picture) {
  const shape = shapes[picture.shape] ?? shapes.box;
  const tone = (number) => {
    const value = String(picture.palette?.[number - 1] ?? "");
    return /^#[0-9a-f]{3,8}$/i.test(value) ? value : ["#b9bfc4", "#98a0a6", "#6b737a", "#e9e2d2"][number - 1];
  };
  const ground = /^#[0-9a-f]{3,8}$/i.test(picture.background ?? "") ? picture.background : "#eceded";
  const part = ({ d, ellipse, rect, fill, stroke, width }) => {
    const paint = fill ? { fill: tone(fill) } : { fill: "none", stroke: tone(stroke), "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" };
    if (ellipse) return s("ellipse", { cx: ellipse[0], cy: ellipse[1], rx: ellipse[2], ry: ellipse[3], ...paint });
    if (rect) return s("rect", { x: rect[0], y: rect[1], width: rect[2], height: rect[3], rx: rect[4], ...paint });
    return s("path", { d, ...paint });
  };
  return s("svg", { viewBox: "0 0 240 240" }, s("rect", { width: 240, height: 240, fill: ground }), shape.map(part));
}
