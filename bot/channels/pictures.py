"""Draws products: a shape in four tones, as SVG, without a single file of pixels."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Mapping, Optional, Sequence

from bot.channels.files import STATIC
from bot.channels.markup import Markup, el

SHAPES = STATIC / "widget" / "pictures.json"
PLAIN = "box"
TONE = re.compile(r"#[0-9a-fA-F]{3,8}\Z")
FALLBACK_TONES = ("#b9bfc4", "#98a0a6", "#6b737a", "#e9e2d2")


def drawing(
    picture: Mapping[str, Any],
    *,
    label: str,
    palette: Optional[Sequence[str]] = None,
    margin: int = 26,
    background: bool = True,
) -> Markup:
    """A product's picture. `palette` draws it in another colour; without a label it is mere ornament."""
    tones = _tones(palette or picture.get("palette"))
    shape = shapes().get(str(picture.get("shape"))) or shapes()[PLAIN]
    size = 240 + 2 * margin
    ground = str(picture.get("background") or "")
    parts = [_part(part, tones) for part in shape]
    if background and TONE.match(ground):
        parts.insert(0, el("rect", x=-margin, y=-margin, width=size, height=size, fill=ground))
    return el(
        "svg",
        parts,
        viewBox=f"{-margin} {-margin} {size} {size}",
        role="img" if label else None,
        aria_label=label or None,
        aria_hidden=None if label else "true",
    )


def swatch(tone: str) -> Markup:
    """A dot in a colour."""
    fill = tone if TONE.match(tone) else FALLBACK_TONES[0]
    return el(
        "svg", el("circle", cx=6, cy=6, r=6, fill=fill), viewBox="0 0 12 12", class_="sw", aria_hidden="true"
    )


@lru_cache(maxsize=1)
def shapes() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The drawn shapes by name."""
    loaded: Mapping[str, Sequence[Mapping[str, Any]]] = json.loads(SHAPES.read_text(encoding="utf-8"))
    return loaded


def _tones(palette: Any) -> Sequence[str]:
    if not isinstance(palette, (list, tuple)) or len(palette) < 4:
        return FALLBACK_TONES
    return [str(tone) if TONE.match(str(tone)) else FALLBACK_TONES[0] for tone in palette]


def _part(part: Mapping[str, Any], tones: Sequence[str]) -> Markup:
    paint = _paint(part, tones)
    if "ellipse" in part:
        cx, cy, rx, ry = part["ellipse"]
        return el("ellipse", cx=cx, cy=cy, rx=rx, ry=ry, **paint)
    if "rect" in part:
        x, y, width, height, radius = part["rect"]
        return el("rect", x=x, y=y, width=width, height=height, rx=radius, **paint)
    return el("path", d=part["d"], **paint)


def _paint(part: Mapping[str, Any], tones: Sequence[str]) -> dict[str, Any]:
    if "fill" in part:
        return {"fill": tones[part["fill"] - 1]}
    return {
        "fill": "none",
        "stroke": tones[part["stroke"] - 1],
        "stroke_width": part["width"],
        "stroke_linecap": "round",
        "stroke_linejoin": "round",
    }
