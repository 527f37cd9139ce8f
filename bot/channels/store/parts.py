"""The storefront's drawn parts: icons of the 24 px grid, and the shop's mark."""

from __future__ import annotations

from bot.channels.markup import Markup, el

PATHS = {
    "arrow": ("M4.5 12h14M13 6.500l5.5 5.5-5.5 5.5",),
    "bubble": (
        "M12 4.300c4.9 0 8.7 3.2 8.7 7.300s-3.8 7.3-8.7 7.300c-.9 0-1.8-.1-2.6-.3L5 20.700l.6-3.700"
        "c-1.5-1.3-2.3-3.2-2.3-5.4 0-4.1 3.8-7.3 8.7-7.300z",
    ),
    "globe": (
        "M3.500 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0",
        "M3.5 12h17",
        "M12 3.5c2.6 2.4 3.8 5.2 3.8 8.5s-1.2 6.1-3.8 8.5c-2.6-2.4-3.8-5.2-3.8-8.5s1.2-6.1 3.8-8.5z",
    ),
    "retry": ("M19.5 12a7.5 7.5 0 1 1-2.3-5.4", "M19.8 3.800v4h-4"),
    "stamp": (
        "M5 20h14M6 16.500h12v-2.200c0-.7-.5-1.3-1.2-1.300h-2.600c-.6-2.4.6-3.6.6-5.700a2.8 2.8 0 0 0-5.6 0"
        "c0 2.1 1.2 3.3.6 5.700H7.200c-.7 0-1.2.6-1.2 1.300z",
    ),
    "truck": (
        "M3 6.500h11v10H3zM14 10h4l3 3.300v3.200h-7z",
        "M5.500 17.5a1.8 1.8 0 1 0 3.600 0a1.8 1.8 0 1 0-3.600 0M15.200 17.5a1.8 1.8 0 1 0 3.600 0"
        "a1.8 1.8 0 1 0-3.600 0",
    ),
}

ICONS = el(
    "svg",
    el(
        "defs",
        [
            el("symbol", [el("path", d=d) for d in paths], id=f"i-{name}", viewBox="0 0 24 24")
            for name, paths in PATHS.items()
        ],
    ),
    width=0,
    height=0,
    class_="st-defs",
    aria_hidden="true",
)

# A lantern over two threads.
MARK: Markup = el(
    "svg",
    el("path", d="M12.500 6.500a3.500 3.500 0 0 1 7 0h2.500v2.500H10V6.500zM11.500 10.500h9l1.500 9h-12z"),
    el(
        "path",
        d="M5 23.500c2-1.500 4-1.500 6 0s4 1.500 6 0 4-1.500 6 0 3 1.200 4 .8"
        "M5 27.500c2-1.500 4-1.500 6 0s4 1.500 6 0 4-1.500 6 0 3 1.200 4 .8",
        fill="none",
        stroke="currentColor",
        stroke_width=1.8,
        stroke_linecap="round",
    ),
    viewBox="0 0 32 32",
    class_="mark",
    aria_hidden="true",
)


def icon(name: str, size: int, extra: str = "") -> Markup:
    """An icon; ornament, so it always stands beside a word."""
    return el(
        "svg",
        el("use", href=f"#i-{name}"),
        width=size,
        height=size,
        class_=f"ic {extra}".strip(),
        aria_hidden="true",
    )
