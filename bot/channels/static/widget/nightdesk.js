// The shop's one script tag. It reads the tag, offers window.Nightdesk, and fetches the rest:
//   <script src="https://…/widget/nightdesk.js" data-shop="demo" defer></script>
// More attributes, all optional: data-product, data-order, data-locale, data-country,
// data-theme (light or dark), data-brand and data-brand-ink (#rrggbb).
(() => {
  "use strict";
  if (window.Nightdesk) return;
  const tag = document.currentScript;
  if (!tag || !tag.src) return;

  let widget = null;
  const load = () => {
    widget ??= import(new URL("./{{version}}/main.js", tag.src).href)
      .then((main) => main.start({ ...tag.dataset, base: new URL("/", tag.src).href }))
      .catch((error) => {
        widget = null;
        console.warn("Nightdesk: the chat could not be loaded.", error);
      });
    return widget;
  };

  window.Nightdesk = Object.freeze({
    open: () => load().then((it) => it && it.open()),
    close: () => load().then((it) => it && it.close()),
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", load);
  else load();
})();
