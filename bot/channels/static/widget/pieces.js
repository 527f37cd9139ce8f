// What a text has in it besides words.

import { h } from "./dom.js";

// Numbers of orders and parcels stay in one piece, in their own direction; web addresses become links.
const APART = /(https?:\/\/[^\s<>"'\u0080-\uffff]*[^\s<>"'.,;:!?)\]\u0080-\uffff]|\b[A-Z]{1,4}-?\d{4,}[A-Z0-9]*\b)/;

/** A text in parts that the page can show; web addresses become links where `links` says so. */
export function pieces(text, links) {
  return text.split(APART).map((part, index) => {
    if (index % 2 === 0) return part;
    if (!part.startsWith("http")) return h("span", { class: "ltr" }, part);
    return links ? h("a", { href: part, target: "_blank", rel: "noopener noreferrer nofollow" }, part) : part;
  });
}
