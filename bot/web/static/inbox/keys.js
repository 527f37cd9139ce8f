// The keyboard: Alt and a letter for what agents do all day, Ctrl K for everything.

// `keys` maps a key's code to what Alt with it does; nothing happens before `ready()` or under a dialog.
export function listenToKeys({ ready, palette, keys, escape }) {
  document.addEventListener("keydown", (event) => {
    if (!ready() || event.isComposing) return;
    const modal = document.querySelector("dialog[open]");
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyK") {
      event.preventDefault();
      if (!modal) palette();
    } else if (modal) {
      return;
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && keys[event.code]) {
      // AltGr is Ctrl and Alt at once: it types letters, so it must not act.
      event.preventDefault();
      keys[event.code]();
    } else if (event.key === "Escape") {
      escape();
    }
  });
}

// Up and down within a list of buttons.
export function arrowKeys(box) {
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const rows = [...box.querySelectorAll("button")];
    rows[rows.indexOf(document.activeElement) + step]?.focus();
  });
}
