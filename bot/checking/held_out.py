"""Held-out messages: known intents and entities, nothing missing, and nothing that training has too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence

import yaml

from bot.checking.examples import Seen
from bot.checking.fault import Fault, line_of
from bot.checking.files import _Loader
from bot.learning.overlap import Lookup
from bot.learning.slices import count_words

# Everybody types "yes" and "mindestbestellmenge?": such texts stand in training whatever we do, and
# an evaluation leaves them out of its figures.
COMMON_WORDS = 2


@dataclass(frozen=True)
class Place:
    """A held-out text and where it stands."""

    text: str
    path: Path
    line: int


def check_held_out(
    data: Path, *, intents: Sequence[str], entities: Sequence[str], seen: Seen
) -> Iterator[Fault]:
    """Every file of data/evaluation, and data/nlu/keywords.yml; `seen` knows the examples of data/nlu."""
    folder = data / "evaluation"
    places: list[Place] = []
    for path in sorted(folder.glob("*.yml")):
        found: set[str] = set()
        yield from _file(path, set(intents), set(entities), places, found)
        for intent in intents:
            if intent not in found:
                yield Fault(path, 1, f"the intent {intent} has no held-out message.")
    for path in sorted(folder.glob("entities/*.yml")):
        yield from _file(path, None, set(entities), places, set())
    yield from _known(places, seen)
    yield from _keywords(data / "nlu" / "keywords.yml", set(intents))


def _file(
    path: Path, intents: Optional[set[str]], entities: set[str], places: list[Place], found: set[str]
) -> Iterator[Fault]:
    """One file; without `intents` its rows need none. `places` and `found` (intents) are filled."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return  # told by the check of files
    rows = _value(root, "messages")
    if not isinstance(rows, yaml.SequenceNode):
        yield Fault(path, 1, "expected the key messages with a list of texts and intents.")
        return
    for row in rows.value:
        line = row.start_mark.line + 1
        text = _value(row, "text")
        if not isinstance(text, yaml.ScalarNode) or not text.value.strip():
            yield Fault(path, line, "a held-out message needs a text.")
            continue
        places.append(Place(text.value, path, line))
        if intents is not None:
            yield from _intents(path, line, row, intents, found)
        yield from _entities(path, line, row, text.value, entities)


def _intents(path: Path, line: int, row: Any, intents: set[str], found: set[str]) -> Iterator[Fault]:
    for key in ("intent", "also"):
        node = _value(row, key)
        if node is None and key == "intent":
            yield Fault(path, line, "a held-out message needs an intent.")
        elif node is not None and node.value not in intents:
            yield Fault(path, line, f"no intent {node.value!r} in domain.yml.")
        elif node is not None and key == "intent":
            found.add(node.value)


def _entities(path: Path, line: int, row: Any, text: str, entities: set[str]) -> Iterator[Fault]:
    node = _value(row, "entities")
    for named in node.value if isinstance(node, yaml.SequenceNode) else ():
        kind, words = _value(named, "entity"), _value(named, "text")
        if kind is None or words is None:
            yield Fault(path, line, "an entity needs entity (its kind) and text (its words in the message).")
            continue
        if kind.value not in entities:
            yield Fault(path, line, f"no entity {kind.value!r} in domain.yml.")
        if words.value not in text:
            yield Fault(path, line, f"the entity's words {words.value!r} are not in {text!r}.")


def _known(places: Sequence[Place], seen: Seen) -> Iterator[Fault]:
    """Examples that are as good as a held-out message."""
    lookup = Lookup([place.text for place in places])
    for (_, text), (_, path, line) in seen.texts.items():
        for alike in lookup.find(text):
            held = places[alike.at]
            if min(count_words(text), count_words(held.text)) > COMMON_WORDS:
                yield Fault(
                    path,
                    line,
                    f"{text!r} is held out in {held.path}:{held.line} ({held.text!r}); "
                    "what judges the model must not teach it: take one of them out.",
                )
                break


def _keywords(path: Path, intents: set[str]) -> Iterator[Fault]:
    if not path.is_file():
        return
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return
    for name, _ in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value not in intents:
            yield Fault(path, line_of(path, f"{name.value}:"), f"no intent {name.value!r} in domain.yml.")


def _value(node: Any, key: str) -> Optional[Any]:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if getattr(name, "value", None) == key), None)
