// The inbox: signs in, follows the news, and holds the panes together.

import { get, News, post, Refused, setCsrf, call } from "./api.js";
import { h, icon, refill } from "./dom.js";
import { commands } from "./commands.js";
import { keysView, promiseView, topView } from "./head.js";
import { arrowKeys, listenToKeys } from "./keys.js";
import { headView, ordered, rowsView } from "./list.js";
import { packetView } from "./packet.js";
import { openPalette, showDialog } from "./palette.js";
import { barView, railView } from "./rail.js";
import { ReplyBox } from "./reply.js";
import { applyTheme, openSettings, ping, save, settings } from "./settings.js";
import { signInView } from "./signin.js";
import { Log } from "./log.js";
import { setNow, setPlaces } from "./times.js";
import { closeWhy } from "./why.js";
import { current, setWords, t } from "./words.js";

const TICK = 10_000;
const app = document.getElementById("app");
const state = { agent: null, inbox: null, thread: null, filter: "waiting", selected: null, connected: true };
let panes = null;
let reply = null;
let log = null;

const news = new News({
  inbox: gotInbox,
  thread: gotSign,
  state: (connected) => {
    if (connected === state.connected) return;
    state.connected = connected;
    tell(connected ? "" : t("team.error.offline"), { stays: !connected });
  },
  ended: () => signIn({ ended: true }),
});

// -- begin and end -------------------------------------------------------------------------

async function begin() {
  applyTheme();
  await learnWords(settings.language ?? (navigator.language ?? "en").slice(0, 2));
  try {
    start(await get("/session"));
  } catch (error) {
    if (error.status !== 401) tell(t("team.error.offline"), { stays: true });
    signIn({ ended: false });
  }
}

async function learnWords(language) {
  const answer = await get(`/labels?language=${encodeURIComponent(language)}`);
  setWords(answer);
  setPlaces(answer.places);
  settings.language = answer.language;
}

function signIn({ ended }) {
  news.stop();
  Object.assign(state, { agent: null, inbox: null, thread: null });
  panes = null;
  document.title = t("team.title");
  signInView(app, { ended, done: start });
}

function start(session) {
  setCsrf(session.csrf);
  state.agent = session.agent;
  build();
  tell("");
  const asked = linked();
  if (asked) open(asked);
  else follow();
}

async function signOut() {
  try {
    await call("DELETE", "/session");
  } catch (error) {
    if (error.status !== 401) return failed(error);
  }
  signIn({ ended: false });
}

// -- news ----------------------------------------------------------------------------------

// The conversation that the address names: #/c/<id>, or #<id> as the alarm's mails write it.
const linked = () => /^#(?:\/c\/)?(\w+)$/.exec(location.hash)?.[1] ?? null;

function follow() {
  const filter = state.filter === "late" ? "waiting" : state.filter;
  news.follow(filter, state.selected);
}

function gotInbox(inbox) {
  setNow(inbox.now);
  const before = state.inbox;
  if (before && inbox.counts.waiting > before.counts.waiting) ping();
  state.inbox = inbox;
  document.title = inbox.counts.waiting ? `(${inbox.counts.waiting}) ${t("team.title")}` : t("team.title");
  markSeen();
  drawList();
}

function gotSign(sign) {
  if (sign.id !== state.selected) return;
  if (sign.gone) {
    tell(t("team.error.gone"));
    return close();
  }
  const known = state.thread;
  const same =
    known?.id === sign.id &&
    known.last_seq === sign.last_seq &&
    known.version === sign.version &&
    (known.promise?.state ?? null) === sign.promise;
  if (!same) load(sign.id);
}

async function load(id) {
  try {
    const thread = await get(`/conversations/${encodeURIComponent(id)}`);
    if (state.selected === id) gotThread(thread);
  } catch (error) {
    failed(error);
    if (error.status === 404 && state.selected === id) close();
  }
}

function gotThread(thread) {
  setNow(thread.now);
  // A slow answer must not undo a newer one.
  const known = state.thread;
  if (known?.id === thread.id && (known.version > thread.version || known.last_seq > thread.last_seq)) return;
  state.thread = thread;
  markSeen();
  drawThread();
  drawList();
}

// What the agent has on the screen is read.
function markSeen() {
  const row = state.inbox?.conversations.find((one) => one.id === state.selected);
  if (!row?.words_at || document.hidden || settings.seen[row.id] === row.words_at) return;
  delete settings.seen[row.id];
  settings.seen[row.id] = row.words_at;
  save();
}

// -- what the agent does -------------------------------------------------------------------

function open(id) {
  if (!id) return;
  state.selected = id;
  if (state.thread?.id !== id) state.thread = null;
  if (location.hash !== `#/c/${id}`) history.pushState(null, "", `#/c/${id}`);
  closeWhy({ focus: false });
  panes.app.dataset.view = "thread";
  markSeen();
  drawList();
  drawThread();
  follow();
  load(id);
}

function close() {
  state.selected = null;
  state.thread = null;
  if (location.hash) history.pushState(null, "", "#/");
  panes.app.dataset.view = "list";
  drawList();
  drawThread();
  follow();
  panes.rows.querySelector("button")?.focus();
}

function setFilter(filter) {
  state.filter = filter;
  const served = filter === "late" ? "waiting" : filter;
  if (state.inbox && state.inbox.filter !== served) state.inbox = { ...state.inbox, conversations: [] };
  drawList();
  follow();
}

function move(step) {
  const rows = ordered(state.inbox, state.filter);
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.id === state.selected);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
  open(rows[next].id);
  panes.rows.querySelector(`[data-key="${CSS.escape(rows[next].id)}"]`)?.focus();
}

async function act(name, body = {}) {
  const { thread } = state;
  if (!thread) return;
  try {
    const answer = await post(`/conversations/${thread.id}/${name}`, body);
    if (state.selected === thread.id) gotThread(answer);
    if (name === "claim") reply.focus("reply");
    else panes.top.querySelector("#customer")?.focus();
  } catch (error) {
    failed(error);
  }
}

function failed(error, key = "team.error.failed") {
  if (error instanceof Refused && error.status === 401) return signIn({ ended: true });
  const known = { taken: "team.error.taken", "unknown-conversation": "team.error.gone" };
  tell(t((error instanceof Refused && known[error.kind]) || key));
  if (error instanceof Refused && error.kind === "taken" && state.selected) load(state.selected);
}

function can(name) {
  const { thread } = state;
  if (!thread) return false;
  if (name === "claim") return thread.owner !== "closed" && !thread.mine;
  if (name === "handback") return thread.mine;
  return thread.mine || thread.owner === "waiting";
}

const claim = () => act("claim", { over: state.thread?.owner === "team" });

function palette() {
  const does = { act, can, claim, move, setFilter, showPacket, showSettings, changeLanguage, signOut, write: (tab) => reply.focus(tab) };
  openPalette({ commands: commands(does, Boolean(state.thread)), rows: state.inbox?.conversations ?? [], choose: open });
}

function showPacket() {
  const dialog = h("dialog", { class: "sheetup", "aria-label": t("team.packet.title") });
  const closeIt = h("button", { type: "button", class: "btn wide", onclick: () => dialog.close() }, t("team.close_panel"));
  dialog.append(...packetView(state.thread), closeIt);
  showDialog(dialog);
}

function showSettings() {
  openSettings({
    agent: state.agent,
    signOut,
    changed: (name) => (name === "language" ? changeLanguage(settings.language) : name === "theme" ? applyTheme() : drawRail()),
  });
}

async function changeLanguage(language) {
  document.querySelector("dialog")?.close();
  await learnWords(language);
  save();
  build();
  drawList();
  drawThread();
}

function toggleSound() {
  settings.sound = !settings.sound;
  save();
  drawRail();
  ping();
}

// -- drawing -------------------------------------------------------------------------------

function build() {
  reply = new ReplyBox({
    claim: (body) => act("claim", body),
    done: (thread, tab) => {
      gotThread(thread);
      tell(t("team.reply.sent"), { quiet: tab === "reply" });
    },
    failed,
  });
  panes = {
    rail: h("nav", { class: "dk-rail", "aria-label": "Nightdesk" }),
    head: h("header", {}),
    rows: h("div", { class: "dk-rows" }),
    bar: h("nav", { class: "ph-bar", "aria-label": t("team.title") }),
    top: h("header", { class: "dk-top" }),
    promise: h("div", { class: "dk-prom" }),
    keys: h("div", { class: "dk-keys", "aria-hidden": "true" }),
    side: h("aside", { class: "dk-side", "aria-label": t("team.packet.title") }),
  };
  arrowKeys(panes.rows);
  log = new Log();
  panes.main = h("main", { class: "dk-main" });
  panes.app = h(
    "div",
    { class: "dk-app", "data-view": state.selected ? "thread" : "list" },
    panes.rail,
    h("nav", { class: "dk-list", "aria-label": t("team.list.waiting") }, panes.head, panes.rows, panes.bar),
    panes.main,
    panes.side,
  );
  app.lang = current() === "zh" ? "zh-Hans" : current();
  app.replaceChildren(panes.app);
  drawRail();
  drawThread();
}

function drawRail() {
  if (panes) railView(panes.rail, { agent: state.agent, late: state.inbox?.counts.late > 0, toggleSound, showSettings });
}

function drawList() {
  if (!panes) return;
  const { inbox, filter, selected } = state;
  headView(panes.head, { inbox, filter, setFilter, openPalette: palette });
  const served = filter === "late" ? "waiting" : filter;
  if (inbox?.filter === served) rowsView(panes.rows, { inbox, filter, selected, seen: settings.seen, choose: open });
  barView(panes.bar, { filter, setFilter, palette, showSettings });
  drawRail();
}

function drawThread() {
  if (!panes) return;
  const { thread } = state;
  if (!thread) {
    panes.main.replaceChildren(h("p", { class: "empty" }, state.selected ? null : [icon("lamp", 24), t("team.thread.pick")]));
    panes.side.replaceChildren();
    log.clear();
    return;
  }
  if (!panes.top.isConnected) {
    panes.main.replaceChildren(panes.top, panes.promise, log.box, reply.box, panes.keys);
    keysView(panes.keys);
  }
  drawHead();
  reply.show(thread);
  log.show(thread); // last: how much of it shows depends on the box below
  refill(panes.side, packetView(thread));
}

function drawHead() {
  const { thread } = state;
  topView(panes.top, { thread, act: (name) => (name === "claim" ? claim() : act(name)), back: close, more: palette, packet: showPacket });
  promiseView(panes.promise, thread);
}

let telling = null;

// One line at the bottom: a word of success or failure, for a while.
function tell(text, { stays = false, quiet = false } = {}) {
  const toast = document.getElementById("toast");
  clearTimeout(telling);
  toast.textContent = text;
  toast.classList.toggle("shown", Boolean(text) && !quiet);
  if (text && !stays) telling = setTimeout(() => tell(""), 5000);
}

// -- keys and what else the browser tells -----------------------------------------------------

listenToKeys({
  ready: () => Boolean(panes),
  palette,
  keys: {
    KeyJ: () => move(1),
    KeyK: () => move(-1),
    KeyC: () => can("claim") && claim(),
    KeyL: () => reply.focus("reply"),
    KeyP: () => reply.focus("note"),
    KeyH: () => can("handback") && act("handback"),
    KeyE: () => can("close") && act("close"),
  },
  escape: () => {
    if (!closeWhy() && reply.box.contains(document.activeElement)) panes.rows.querySelector("[aria-current]")?.focus();
  },
});

window.addEventListener("popstate", () => {
  if (!panes) return;
  const asked = linked();
  if (asked && asked !== state.selected) open(asked);
  else if (!asked && state.selected) close();
});

document.addEventListener("visibilitychange", () => {
  if (panes && !document.hidden) {
    markSeen();
    drawList();
  }
});

// Countdowns and clocks move on; nothing else is touched.
setInterval(() => {
  if (!panes || document.hidden) return;
  drawList();
  if (state.thread) drawHead();
}, TICK);

begin();
