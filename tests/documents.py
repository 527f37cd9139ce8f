"""Reads the documents: their prose, blocks of code, headings, sections and tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

from bot.settings import ROOT

DOCS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])

INLINE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def doc(name: str) -> str:
    return text_of(ROOT / "docs" / f"{name}.md")


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return _FENCE.sub("", text_of(path))


def blocks(path: Path, language: str = "") -> list[str]:
    return [body for known, body in _FENCE.findall(text_of(path)) if known == language]


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ +(.+?) *$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def section(name: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", doc(name), re.MULTILINE | re.DOTALL)
    assert found, f"docs/{name}.md has no section {title}"
    return found[1]


def rows(text: str, head: str) -> Iterator[list[str]]:
    """The cells of every table whose first column is called `head`."""
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[0] == head:
            inside = True
        elif inside and not cells[0].startswith("---"):
            yield cells
