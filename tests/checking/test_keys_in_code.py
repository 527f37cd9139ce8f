"""Every reply that the code names exists, in every language."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Iterator

import pytest

from bot.phrasebook import Phrasebook
from bot.settings import ROOT

# Calls whose argument is a reply key: name of the function -> position and keyword.
CALLS = {"Answer": (0, "key"), "Choice": (0, "label")}


def named(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and pattern of each key: a literal, or an f-string whose holes match anything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in CALLS:
            position, keyword = CALLS[node.func.id]  # type: ignore[attr-defined]
            given = [k.value for k in node.keywords if k.arg == keyword] or node.args[position : position + 1]
            yield from ((node.lineno, pattern) for value in given for pattern in patterns(value))
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "reply":
                    yield from ((value.lineno, pattern) for pattern in patterns(value))


def patterns(value: ast.AST) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield re.escape(value.value)
    elif isinstance(value, ast.JoinedStr):
        parts = [
            re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[A-Za-z0-9_.-]+"
            for p in value.values
        ]
        if len(parts) > 1:
            yield "".join(parts)
    elif isinstance(value, ast.IfExp):
        yield from patterns(value.body)
        yield from patterns(value.orelse)


FILES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")])
ROWS = [(path.relative_to(ROOT), *row) for path in FILES for row in named(ast.parse(path.read_text("utf-8")))]


@pytest.fixture(scope="module")
def keys() -> list[str]:
    book = Phrasebook.load(ROOT / "data" / "replies")
    shared = set(book.keys("en")).intersection(*(book.keys(language) for language in book.languages))
    return sorted(shared)


@pytest.mark.parametrize(("path", "line", "pattern"), ROWS)
def test_a_reply_that_the_code_names_exists(path: Path, line: int, pattern: str, keys: list[str]) -> None:
    assert any(re.fullmatch(pattern, key) for key in keys), f"{path}:{line} names {pattern}"


def test_the_code_names_replies() -> None:
    assert len(ROWS) > 20
