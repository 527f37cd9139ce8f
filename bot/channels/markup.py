"""Writes HTML: every text is escaped, because nothing else can be written."""

from __future__ import annotations

from html import escape
from typing import Iterable, Union

VOID = {"meta", "link", "br", "img", "input"}


class Markup(str):
    """HTML that is safe to stand in a page as it is."""


Child = Union[str, None, "Iterable[Child]"]
Attribute = Union[str, int, float, bool, None]


def el(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """An element. `class_` is class, `data_x` is data-x; None and False leave an attribute out."""
    head = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{tag}{head}>")
    return Markup(f"<{tag}{head}>{_inside(children)}</{tag}>")


def document(*, head: Iterable[Child], body: Iterable[Child], lang: str, direction: str) -> str:
    """A whole page."""
    page = el("html", el("head", head), el("body", body), lang=lang, dir=direction)
    return f"<!doctype html>\n{page}\n"


def _inside(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return escape(child)
    return "".join(_inside(one) for one in child)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
