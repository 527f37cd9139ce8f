"""Held-out messages: what customers might type, with what it means. The model never learns from them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Sequence

import yaml

from bot.nlu.understanding import OUT_OF_SCOPE
from bot.yamls import load_yaml

# The table of another shop's messages, where it lies beside the checkout.
MIRROR = Path("shared") / "benchmarks" / "real-shop-dev.csv"


@dataclass(frozen=True)
class Named:
    """A thing that a held-out message names; `value` is None where only the words are judged."""

    entity: str
    text: str
    value: Optional[str] = None


@dataclass(frozen=True)
class HeldOut:
    """A held-out message. `intent` or `entities` is None where it is not judged."""

    text: str
    language: str
    intent: Optional[str]
    also: Optional[str] = None
    emotion: str = "calm"
    urgency: str = "normal"
    entities: Optional[tuple[Named, ...]] = None

    @property
    def in_scope(self) -> bool:
        """Whether a shop's desk answers it."""
        return self.intent != OUT_OF_SCOPE


def languages_of(folder: Path) -> tuple[str, ...]:
    """The languages that have held-out messages; LookupError when there are none."""
    found = tuple(sorted(path.stem for path in folder.glob("*.yml")))
    if not found:
        raise LookupError(
            f"No held-out messages in {folder}. Write {folder}/en.yml (docs/adding.md#evaluation)."
        )
    return found


def read_messages(folder: Path, languages: Sequence[str]) -> list[HeldOut]:
    """The held-out messages of these languages, in the order of the files.

    `folder` has <lang>.yml, and may have entities/<lang>.yml. LookupError for a language without
    messages, ValueError for a row that is none.
    """
    known = languages_of(folder)
    for language in languages:
        if language not in known:
            raise LookupError(f"No held-out messages in {language!r}. Known: {', '.join(known)}.")
    paths = [folder / part / f"{language}.yml" for language in languages for part in ("", "entities")]
    return [_message(row, path) for path in paths if path.is_file() for row in _rows(path)]


def read_mirror(path: Path) -> list[HeldOut]:
    """The messages of a table with the columns text, intent and perhaps lang.

    OSError when it is not there, ValueError when it is no such table.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"text", "intent"} <= set(rows[0]):
        raise ValueError(f"{path}: expected a table with the columns text and intent.")
    return [HeldOut(row["text"], row.get("lang") or "en", row["intent"]) for row in rows]


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as e:
        raise ValueError(f"{path}: not readable as YAML ({' '.join(str(e).split())}).") from e
    rows = data.get("messages") if isinstance(data, Mapping) else None
    if not isinstance(rows, list):
        raise ValueError(f"{path}: expected the key messages with a list of texts and intents.")
    yield from rows


def _message(row: Mapping[str, Any], path: Path) -> HeldOut:
    try:
        entities = row.get("entities")
        return HeldOut(
            text=str(row["text"]),
            language=path.stem,
            intent=_text(row.get("intent")),
            also=_text(row.get("also")),
            emotion=str(row.get("emotion") or "calm"),
            urgency=str(row.get("urgency") or "normal"),
            entities=None if entities is None else tuple(_named(entity) for entity in entities),
        )
    except (KeyError, AttributeError, TypeError) as e:
        raise ValueError(f"{path}: expected a text and an intent, not {str(row)[:80]!r}.") from e


def _named(row: Mapping[str, Any]) -> Named:
    return Named(str(row["entity"]), str(row["text"]), _text(row.get("value")))


def _text(value: Any) -> Optional[str]:
    return None if value is None else str(value)
