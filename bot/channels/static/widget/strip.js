// Head and strip: whose chat this is, and who holds the pen.

import { h, icon } from "./dom.js";
import { menu } from "./menu.js";
import { shortName } from "./words.js";

/** The head. `act` has language, remove and close. */
export function head(chat, act) {
  const { words, state } = chat;
  const { ui } = words;
  const own = ui.languages.find((one) => one.code === words.language);
  const language = h("button", { type: "button", class: "nd-lang", "aria-label": `${words.say("web.head.language")}: ${own?.name ?? ""}` }, icon("globe"), h("span", { lang: words.language }, own ? shortName(own) : words.language));
  const more = h("button", { type: "button", class: "nd-icon", "aria-label": words.say("web.head.more") }, icon("more", 20));
  const languages = ui.languages.map(({ code, name }) => ({ label: name, lang: code, checked: code === words.language, act: () => act.language(code) }));
  return h(
    "header",
    { class: "nd-head" },
    h("span", { class: "nd-shop", "aria-hidden": "true" }, [...ui.shop][0] ?? ""),
    h("div", { class: "who" }, h("b", { id: "nd-title" }, ui.shop), h("span", {}, whereIsTheTeam(words, state))),
    h(
      "div",
      { class: "nd-tools" },
      menu(language, languages),
      menu(more, [{ label: words.say("web.menu.delete"), icon: icon("trash"), act: act.remove }]),
      h("button", { type: "button", class: "nd-icon", "aria-label": words.say("web.head.close"), onclick: act.close }, icon("close", 20)),
    ),
  );
}

/** The line under the shop's name. */
export function whereIsTheTeam(words, state) {
  if (state.owner === "waiting") return words.say("web.head.waiting");
  if (state.owner === "team") return words.say("web.head.team");
  const opens = words.ui.opens_at;
  return opens && new Date(opens) > words.now ? words.say("web.head.back", { time: words.soonTime(opens) }) : words.say("web.head.open");
}

/** The strip: the assistant, a promise with its time, or a person by name. */
export function strip(chat, act) {
  const { words, state } = chat;
  if (state.owner === "team") return withPerson(words, state);
  if (state.owner === "waiting") return state.promise?.due_at ? promised(words, state.promise) : waiting(words);
  const text = state.owner === "closed" ? "web.strip.back" : "web.strip.assistant";
  const person = h("button", { type: "button", class: "nd-person", onclick: act.person }, icon("person", 16), words.say("web.strip.person"));
  return h("div", { class: "nd-strip" }, icon("lamp"), h("span", { class: "say" }, words.say(text)), person);
}

function promised(words, { due_at: due, instead_of: instead }) {
  const time = h("time", { datetime: due }, words.say("web.strip.promise_time", { time: words.dayTime(due) }));
  const small = instead ? words.say("web.strip.instead", { time: words.dayTime(instead) }) : words.zoneName(due);
  return h(
    "div",
    { class: `nd-strip promise ${instead ? "renewed" : ""}` },
    icon("clock", 20),
    h("div", { class: "say" }, words.say(instead ? "web.strip.renewed" : "web.strip.promise"), h("b", {}, time), h("small", {}, small)),
  );
}

function waiting(words) {
  return h("div", { class: "nd-strip promise" }, icon("clock", 20), h("div", { class: "say" }, words.say("web.strip.waiting")));
}

function withPerson(words, { agent }) {
  const say = agent
    ? words.nodes("web.strip.team", { agent: h("b", { dir: "auto" }, agent) })
    : words.say("web.strip.team_unnamed");
  const face = h("span", { class: "face", "aria-hidden": "true" }, agent ? [...agent][0].toUpperCase() : icon("person", 16));
  return h("div", { class: "nd-strip team" }, face, h("span", { class: "say" }, say));
}
