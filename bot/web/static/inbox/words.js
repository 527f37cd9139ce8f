// The page's own texts, in the agent's language. What customers write is never translated here.

const state = { language: "en", languages: {}, labels: {} };

export const current = () => state.language;
export const languages = () => state.languages;

export function setWords(answer) {
  state.language = answer.language;
  state.languages = answer.languages;
  state.labels = answer.labels;
  document.documentElement.lang = answer.language === "zh" ? "zh-Hans" : answer.language;
}

// A label with its blanks filled; a key without a text shows its last part, so that nothing is empty.
export function t(key, values = {}) {
  const text = state.labels[key];
  if (text === undefined) return readable(key.slice(key.lastIndexOf(".") + 1));
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const has = (key) => state.labels[key] !== undefined;

// A word of a family, such as named("topic", "refund_status").
export function named(family, name) {
  const key = `team.${family}.${name}`;
  return has(key) ? t(key) : readable(String(name));
}

export function readable(name) {
  const words = name.replaceAll("_", " ").trim();
  return /^[a-z]+( |$)/.test(words) ? words[0].toUpperCase() + words.slice(1) : words;
}

function displayed(type, code) {
  if (!code) return "";
  try {
    return new Intl.DisplayNames([state.language], { type, fallback: "code" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export const languageName = (code) => displayed("language", code);
export const countryName = (code) => displayed("region", code);
