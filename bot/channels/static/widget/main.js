// Puts the widget on the page: one element with a shadow root, and nothing of the page gets in.

import { Chat } from "./chat.js";
import { h } from "./dom.js";
import { View } from "./view.js";

const SHEETS = ["tokens.css", "widget.css", "panel.css"];

/** `data` is the script tag's data attributes and `base`, the server's address. */
export async function start(data) {
  const chat = new Chat({ ...data, ...place(data) });
  const host = h("nightdesk-widget");
  const root = h("div", { class: "nd-root" });
  const shadow = host.attachShadow({ mode: "open" });
  const sheets = SHEETS.map((name) => h("link", { rel: "stylesheet", href: new URL(`./${name}`, import.meta.url).href }));
  const dressed = Promise.all(sheets.map((sheet) => new Promise((resolve, reject) => {
    sheet.onload = resolve;
    sheet.onerror = () => reject(new Error(`${sheet.href} did not load`));
  })));
  root.hidden = true;
  shadow.append(...sheets, root);
  // Keys that are meant for the chat are not the page's business.
  for (const name of ["keydown", "keyup", "keypress"]) host.addEventListener(name, (event) => event.stopPropagation());
  document.body.append(host);
  try {
    await Promise.all([chat.wake(), dressed]);
  } catch (error) {
    host.remove();
    throw error;
  }
  theme(root, data.theme);
  brand(host, root, data);
  const view = new View(root, chat);
  root.hidden = false;
  if (chat.shelf.open.read()) view.open({ focus: false });
  else if (chat.session) view.showUnread();
  return view;
}

// What the page and the browser say about the visitor.
function place(data) {
  const page = data.locale || document.documentElement.lang;
  const browser = navigator.language || "en";
  const same = page && page.split("-")[0].toLowerCase() === browser.split("-")[0].toLowerCase();
  const locale = data.locale || (page && !same ? page : browser);
  const options = Intl.DateTimeFormat().resolvedOptions();
  return {
    shop: data.shop || "demo",
    locale,
    timezone: options.timeZone || "UTC",
    country: data.country || region(browser),
    product: data.product || undefined,
    order: data.order || undefined,
  };
}

function region(locale) {
  try {
    return new Intl.Locale(locale).region;
  } catch {
    return undefined;
  }
}

function theme(root, chosen) {
  if (chosen === "light" || chosen === "dark") {
    root.dataset.theme = chosen;
    return;
  }
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => (root.dataset.theme = dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
}

// A shop sets its colour and the text on it; text that is too pale to read gives way to black or white.
function brand(host, root, data) {
  const style = getComputedStyle(host);
  const colour = data.brand || style.getPropertyValue("--brand").trim();
  const ink = data.brandInk || style.getPropertyValue("--brand-ink").trim() || "#ffffff";
  if (!HEX.test(colour)) return;
  const readable = HEX.test(ink) && contrast(colour, ink) >= 4.5;
  const best = contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
  root.style.setProperty("--brand", colour);
  root.style.setProperty("--brand-ink", readable ? ink : best);
}

const HEX = /^#[0-9a-f]{6}$/i;

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
