// Where one can go: a rail at the side, and on a phone a bar at the bottom.

import { h, icon, iconButton, refill } from "./dom.js";
import { initial } from "./customers.js";
import { settings } from "./settings.js";
import { t } from "./words.js";

export function railView(box, { agent, late, toggleSound, showSettings }) {
  const sound = t(settings.sound ? "team.settings.sound_on" : "team.settings.sound_off");
  const title = t("team.title");
  refill(
    box,
    h("span", { class: "dk-logo" }, icon("lamp", 20)),
    h(
      "a",
      { href: "#/", "aria-current": "page", "aria-label": title, title, "data-key": "inbox" },
      icon("inbox", 20),
      late ? h("span", { class: "dot" }) : null,
    ),
    h("span", { class: "gap" }),
    iconButton("bell", sound, toggleSound, {
      class: settings.sound ? "btn icon" : "btn icon off",
      "aria-pressed": String(settings.sound),
      "data-key": "sound",
    }),
    iconButton("sliders", t("team.settings.title"), showSettings, { "data-key": "settings" }),
    h("span", { class: "face me", title: agent.name }, initial(agent.name)),
  );
}

export function barView(box, { filter, setFilter, palette, showSettings }) {
  const tab = (name, glyph, label, run, isCurrent) =>
    h(
      "button",
      { type: "button", "data-key": `bar-${name}`, "aria-current": isCurrent ? "page" : null, onclick: run },
      icon(glyph, 20),
      label,
    );
  const to = (name, glyph) => tab(name, glyph, t(`team.list.${name}`), () => setFilter(name), filter === name);
  refill(
    box,
    to("waiting", "inbox"),
    to("mine", "person"),
    tab("search", "search", t("team.keys.everything"), palette, false),
    tab("settings", "sliders", t("team.settings.title"), showSettings, false),
  );
}
