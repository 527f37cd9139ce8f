// Builds elements. A text is only ever a text node: nothing a server or a person wrote becomes HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `class`, `on…` handlers, `style` as a map; null and false leave an attribute out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, to] of Object.entries(value)) element.style.setProperty(key, to);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  alert: ["M12 4.500L3.3 19.200h17.400L12 4.500z", "M12 10.300v4", "M11.400 16.700h1.200"],
  bubble: ["M12 4.300c4.9 0 8.7 3.2 8.7 7.300s-3.8 7.3-8.7 7.300c-.9 0-1.8-.1-2.6-.3L5 20.700l.6-3.700c-1.5-1.3-2.3-3.2-2.3-5.4 0-4.1 3.8-7.3 8.7-7.300z"],
  check: ["M5 12.500l4.5 4.500L19 7.5"],
  clock: ["M3.500 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0", "M12 7.300V12l3.2 2"],
  close: ["M6 6l12 12M18 6L6 18"],
  down: ["M6.5 9.500L12 15l5.5-5.5"],
  external: ["M13.5 4.500h6v6M19.5 4.500L11 13M17 14v4.500a1 1 0 0 1-1 1H5.500a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1H10"],
  globe: ["M3.500 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0", "M3.5 12h17M12 3.5c2.6 2.4 3.8 5.2 3.8 8.5s-1.2 6.1-3.8 8.5c-2.6-2.4-3.8-5.2-3.8-8.5s1.2-6.1 3.8-8.5z"],
  lamp: ["M5.5 20h8M9.5 20v-3.500L6 11.500l5-5", "M9.6 5.100l3.2-1.9 6.7 6.4-8.4 1.700z", "M16.3 13.500l.8 1.700M19.3 12.700l1.5 1.3"],
  more: ["M5 12a.9.9 0 1 0 1.800 0a.9.9 0 1 0-1.800 0M11.100 12a.9.9 0 1 0 1.800 0a.9.9 0 1 0-1.800 0M17.200 12a.9.9 0 1 0 1.800 0a.9.9 0 1 0-1.800 0"],
  offline: ["M4 4l16 16M8.6 15.200a5 5 0 0 1 6 -.5M5.5 11.800a9.5 9.5 0 0 1 4-2.300M13.5 9.100a9.5 9.5 0 0 1 5 2.700M2.8 8.300A13.5 13.5 0 0 1 6.5 6M11 5.100a13.5 13.5 0 0 1 10.2 3.2", "M11.100 18.500a.9.9 0 1 0 1.800 0a.9.9 0 1 0-1.800 0"],
  person: ["M8.300 8.200a3.7 3.7 0 1 0 7.400 0a3.7 3.7 0 1 0-7.400 0", "M4.8 20c.8-3.9 3.6-6 7.2-6s6.4 2.1 7.2 6"],
  right: ["M9.5 6.500L15 12l-5.5 5.5"],
  send: ["M12 19V5.5M6 11l6-6 6 6"],
  shield: ["M12 3.800l7 2.700v5c0 4.3-2.8 7.3-7 8.9-4.2-1.6-7-4.6-7-8.900v-5z"],
  trash: ["M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.300 10.500v5.500M13.700 10.500v5.500"],
};

/** An icon of the 24 px grid; ornament, so it always stands beside a word or in a labelled button. */
export function icon(name, size = 18, extra = "") {
  const box = { class: `ic ${extra}`.trim(), width: size, height: size, viewBox: "0 0 24 24", "aria-hidden": "true" };
  return s("svg", box, ...PATHS[name].map((d) => s("path", { d })));
}

/** Words for a screen reader only. */
export function hidden(text) {
  return h("span", { class: "nd-hidden" }, text);
}
