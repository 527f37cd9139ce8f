"""Reads data/replies/<language>/*.yml: every reply with the file and line that it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Union

import yaml

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z_]+))?\}")
PLURALS = ("zero", "one", "two", "few", "many", "other")
KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_-]+)+\Z")

# A text cut at its placeholders: plain text, or (name of a fact, part of it).
Piece = Union[str, tuple[str, Optional[str]]]


@dataclass(frozen=True)
class Template:
    """One text of a reply, ready to be filled."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the facts that the text needs."""
        return frozenset(piece[0] for piece in self.pieces if not isinstance(piece, str))


@dataclass(frozen=True)
class Reply:
    """Everything under one key: one text, several variations, or one text for each plural form."""

    key: str
    file: Path
    line: int
    variations: tuple[Template, ...] = ()
    counted: str = ""  # the fact that decides the plural form
    plurals: Optional[Mapping[str, Template]] = None

    @property
    def templates(self) -> tuple[Template, ...]:
        """Every text of this reply."""
        return tuple(self.plurals.values()) if self.plurals is not None else self.variations

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the facts that the reply may ask for."""
        named = frozenset[str]().union(*(t.placeholders for t in self.templates))
        return named | {self.counted} if self.counted else named


def read_language(folder: Path) -> dict[str, Reply]:
    """Every reply of one language's folder; ValueError names the file, the line and the fault."""
    replies: dict[str, Reply] = {}
    for path in sorted(folder.glob("*.yml")):
        for reply in read_file(path):
            other = replies.get(reply.key)
            if other is not None:
                raise ValueError(
                    f"{path}:{reply.line}: the reply {reply.key} is also in {other.file}:{other.line}; "
                    "keep one of them."
                )
            replies[reply.key] = reply
    return replies


def read_file(path: Path) -> Iterator[Reply]:
    """The replies of one file, in order; ValueError names the line and the fault."""
    for key, line, value in rows_of(path):
        try:
            yield reply_of(key, path, line, value)
        except ValueError as e:
            raise ValueError(f"{path}:{line}: {e}") from None


def rows_of(path: Path) -> Iterator[tuple[str, int, Any]]:
    """Key, line and value of each row of a flat YAML map; a key that comes twice comes twice."""
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            raise ValueError(f"{path}:1: expected a map of reply keys to texts.")
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            value = loader.construct_object(value_node, deep=True)
            yield str(key), key_node.start_mark.line + 1, value
    except yaml.YAMLError as e:
        raise ValueError(_yaml_sentence(path, e)) from None
    finally:
        loader.dispose()


def _yaml_sentence(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 1
    return f"{path}:{line}: not readable as YAML: {getattr(error, 'problem', None) or error}."


# The C loader reads the same language many times faster.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def reply_of(key: str, path: Path, line: int, value: Any) -> Reply:
    """What stands under one key; ValueError says why it is no reply."""
    if not KEY.match(key):
        raise ValueError(f"{key!r} is no reply key; write topic.name.")
    if isinstance(value, str):
        return Reply(key, path, line, variations=(template(value),))
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return Reply(key, path, line, variations=tuple(template(v) for v in value))
    if isinstance(value, dict) and isinstance(value.get("plural"), str):
        forms = {name: text for name, text in value.items() if name != "plural"}
        if "other" in forms and all(n in PLURALS and isinstance(t, str) for n, t in forms.items()):
            plurals = {str(name): template(text) for name, text in forms.items()}
            return Reply(key, path, line, counted=value["plural"], plurals=plurals)
    raise ValueError(
        f"the reply {key} is neither a text, nor a list of texts, nor a plural "
        "(plural: fact, one: text, other: text); quote a text that looks like a number, yes or no."
    )


def template(text: str) -> Template:
    """A text, cut at its placeholders; ValueError for a brace that is none."""
    text = text.strip()
    if not text:
        raise ValueError("the text is empty.")
    pieces: list[Piece] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
        pieces.append((match[1], match[2]))
        end = match.end()
    if end < len(text):
        pieces.append(text[end:])
    for piece in pieces:
        if isinstance(piece, str) and ("{" in piece or "}" in piece):
            raise ValueError(f"a brace that is no placeholder in {text!r}; write {{name}} or {{name:part}}.")
    return Template(text, tuple(pieces))
