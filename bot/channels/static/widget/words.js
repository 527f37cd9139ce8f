// The page's words, and times as the customer's own clock and language say them.

// A plain language gets the reading of the sentences that the server words: day first, 24 hours.
const READ_AS = { en: "en-GB", zh: "zh-CN" };

export class Words {
  /** `ui` is what /chat/ui says: labels, languages, shop, dir, opens_at. */
  constructor(ui, zone) {
    this.ui = ui;
    this.language = ui.language;
    this.zone = zone;
    this.reading = READ_AS[ui.language] ?? ui.language;
    this.formats = new Map();
    this.ahead = new Date(ui.now) - Date.now(); // the server's clock is the one that promises are kept by
  }

  /** Now, by the server's clock. */
  get now() {
    return Date.now() + this.ahead;
  }

  /** A label with its placeholders filled. */
  say(key, values = {}) {
    return this.#text(key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** A label as nodes, where values may be elements. */
  nodes(key, values = {}) {
    return this.#text(key)
      .split(/(\{\w+\})/)
      .map((part) => (/^\{\w+\}$/.test(part) ? values[part.slice(1, -1)] ?? part : part));
  }

  /** 22:16 */
  time(at) {
    return this.#format("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
  }

  /** Tue 24 Nov */
  day(at) {
    return tidy(this.#format("day", { weekday: "short", day: "numeric", month: "short" }).format(new Date(at)));
  }

  /** Tue 24 Nov, 10:30 */
  dayTime(at) {
    const gap = this.language === "zh" ? " " : ", ";
    return `${this.day(at)}${gap}${this.time(at)}`;
  }

  /** Tue 06:30 when that is within six days, else with the date. */
  soonTime(at) {
    const days = (new Date(at) - this.now) / 86400000;
    if (days > 6) return this.dayTime(at);
    const weekday = this.#format("weekday", { weekday: "short" }).format(new Date(at));
    return `${weekday}${this.language === "de" ? "," : ""} ${this.time(at)}`;
  }

  /** Central European Standard Time, UTC+1: the zone that every time here is told in. */
  zoneName(at) {
    const part = (style) =>
      this.#format(`zone-${style}`, { timeZoneName: style })
        .formatToParts(new Date(at))
        .find((one) => one.type === "timeZoneName")?.value ?? "";
    const offset = part("shortOffset").replace("GMT", "UTC");
    const name = part("longGeneric");
    return !name || /^(GMT|UTC)/.test(name) ? offset : `${name}${this.language === "zh" ? "，" : ", "}${offset}`;
  }

  /** A key that is the same for all moments of one day in the customer's zone. */
  dayKey(at) {
    this.formats.has("key") ||
      this.formats.set("key", new Intl.DateTimeFormat("en-CA", { timeZone: this.zone, dateStyle: "short" }));
    return this.formats.get("key").format(new Date(at));
  }

  /** Whether a moment is today. */
  isToday(at) {
    return this.dayKey(at) === this.dayKey(this.now);
  }

  #text(key) {
    return this.ui.labels[key] ?? key;
  }

  #format(name, options) {
    if (!this.formats.has(name)) {
      this.formats.set(name, new Intl.DateTimeFormat(this.reading, { timeZone: this.zone, ...options }));
    }
    return this.formats.get(name);
  }
}

// en-GB and zh-CN put a comma or nothing between weekday and day; the house style is a plain space.
function tidy(day) {
  return day.replace(/^(\p{L}+),\s/u, "$1 ").replace(/(日)(周)/u, "$1 $2");
}

/** How a language's button says its own name: EN, DE; 中文, العربية. */
export function shortName({ code, name }) {
  return /^\p{Script=Latin}|^\p{Script=Cyrillic}/u.test(name) ? code.toUpperCase() : name;
}
