// Builds elements. Texts always become text nodes: nothing here can turn a string into markup.

const SVG = "http://www.w3.org/2000/svg";

// h("p", {class: "mute", onclick: f, "aria-label": "…", vars: {left: "16%"}}, "text", child, …)
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "vars") setVars(node, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "disabled" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function setVars(node, vars) {
  for (const [name, value] of Object.entries(vars)) node.style.setProperty(`--${name}`, value);
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// An icon of the page's sprite; decoration only, the words stand beside it.
export function icon(name, size = 18, flat = false) {
  const attributes = { class: flat ? "ic flat" : "ic", width: size, height: size, "aria-hidden": "true" };
  return svg("svg", attributes, svg("use", { href: `#i-${name}` }));
}

// A ring that empties: `left` is what remains, in percent.
export function ring(left) {
  const circle = { cx: 8, cy: 8, r: 6 };
  const node = svg(
    "svg",
    { viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("circle", circle),
    svg("circle", { ...circle, pathLength: 100 }),
  );
  setVars(node, { left: String(Math.round(left)) });
  return node;
}

export function iconButton(name, label, onclick, props = {}) {
  return h(
    "button",
    { type: "button", class: "btn icon", "aria-label": label, title: label, onclick, ...props },
    icon(name),
  );
}

export function kbd(keys) {
  return h("kbd", { class: "kbd" }, keys);
}

// Replaces what is in a box without losing the focus of the element that `data-key` names.
export function refill(box, ...children) {
  const active = box.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.closest("[data-key]")?.dataset.key;
  const top = box.scrollTop;
  box.replaceChildren(...children.flat(3).filter(Boolean));
  box.scrollTop = top;
  if (key !== undefined) box.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}
