// What an agent sets for themselves, kept in this browser: language, appearance, sound, what was read.

import { h, icon } from "./dom.js";
import { showDialog } from "./palette.js";
import { languages, t } from "./words.js";

const KEY = "nightdesk.team";

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export const settings = { language: null, theme: "device", sound: false, seen: {}, ...stored() };

export function save() {
  const seen = Object.entries(settings.seen).slice(-500);
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...settings, seen: Object.fromEntries(seen) }));
  } catch {
    // A browser that keeps nothing works all the same.
  }
}

export function applyTheme() {
  const root = document.documentElement;
  if (settings.theme === "device") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", settings.theme);
}

// `changed(name)` is called after each choice.
export function openSettings({ agent, changed, signOut }) {
  const title = t("team.settings.title");
  const pick = (name, options) => {
    const select = h(
      "select",
      { id: `set-${name}` },
      options.map(([value, label]) => h("option", { value }, label)),
    );
    select.value = settings[name];
    select.addEventListener("change", () => {
      settings[name] = select.value;
      save();
      changed(name);
    });
    return select;
  };
  const row = (label, id, control) => h("div", { class: "set" }, h("label", { for: id }, label), control);
  const sound = h("input", { type: "checkbox", id: "set-sound", checked: settings.sound });
  sound.addEventListener("change", () => {
    settings.sound = sound.checked;
    save();
    changed("sound");
  });
  const dialog = h("dialog", { class: "sheetup", "aria-label": title });
  dialog.append(
    h("h2", {}, title, h("span", { class: "mute" }, agent.name)),
    row(t("team.settings.language"), "set-language", pick("language", Object.entries(languages()))),
    row(
      t("team.settings.theme"),
      "set-theme",
      pick("theme", [
        ["device", t("team.settings.device")],
        ["light", t("team.settings.light")],
        ["dark", t("team.settings.dark")],
      ]),
    ),
    row(t("team.settings.sound"), "set-sound", sound),
    h(
      "div",
      { class: "set-end" },
      h("button", { type: "button", class: "btn", onclick: signOut }, icon("person", 16), t("team.sign_out")),
      h("button", { type: "button", class: "btn main", onclick: () => dialog.close() }, t("team.close_panel")),
    ),
  );
  showDialog(dialog);
}

// One soft tone; nothing is fetched for it.
export function ping() {
  if (!settings.sound) return;
  try {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.12, context.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.35);
    tone.connect(volume).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + 0.35);
    tone.addEventListener("ended", () => context.close());
  } catch {
    // A browser that may not play yet stays quiet.
  }
}
