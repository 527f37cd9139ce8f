"""Examples of what customers say: known intents and entities, enough of each, none with two meanings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence

import yaml

from bot.checking.fault import Fault
from bot.checking.files import _Loader

LEAST = 5
_MARKED = re.compile(r"\[([^\[\]]+)\](?:\(([^()]*)\)|\{([^{}]*)\})")
# What a slip leaves of a mark: a bracket that is not closed, no name behind it, nothing in it.
_BROKEN = re.compile(r"\][({]|\[[^\[\]]*[({][a-z_]+[)}]|\[[^\[\]()]*\]?\([a-z_]+$")
_ENTITY = re.compile(r"[\"']entity[\"']\s*:\s*[\"']([^\"']+)[\"']")
_SPACE = re.compile(r"[\s.,;:!?¿¡。，！？…]+")


@dataclass(frozen=True)
class Example:
    """One example without its marks, and where it stands; `place` counts from 0 in its file and intent."""

    text: str
    intent: str
    language: str
    path: Path
    line: int
    place: int

    @property
    def where(self) -> str:
        """Its file and line."""
        return f"{self.path}:{self.line}"


@dataclass
class Seen:
    """What has been read so far: examples, how many by language and intent, and where each text stands.

    `blocks` is where the examples of an intent begin, by language and intent.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    texts: dict[tuple[str, str], tuple[str, Path, int]] = field(default_factory=dict)
    blocks: dict[tuple[str, str], tuple[Path, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many examples there are."""
        return sum(self.counts.values())


def check_examples(
    data: Path, *, intents: Sequence[str], entities: Sequence[str], seen: Seen
) -> Iterator[Fault]:
    """Every file of data/nlu; `seen` is filled on the way."""
    folder = data / "nlu"
    languages = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    for language in languages:
        for path in sorted((folder / language).glob("*.yml")):
            yield from _file(path, language, set(intents), set(entities), seen)
    for language in languages:
        yield from _lacking(folder, language, intents, seen)


def _lacking(folder: Path, language: str, intents: Sequence[str], seen: Seen) -> Iterator[Fault]:
    """Intents with too few examples in a language, where they stand, or stand in another language."""
    for intent in intents:
        count = seen.counts[(language, intent)]
        if count < LEAST:
            path, line = seen.blocks.get((language, intent), (None, 1))
            if path is None:
                names = (block[0].name for (_, other), block in seen.blocks.items() if other == intent)
                path = folder / language / next(names, "")
            sentence = f"the intent {intent} has {count} examples in {language}; give it at least {LEAST}."
            yield Fault(path, line, sentence)


def _file(path: Path, language: str, intents: set[str], entities: set[str], seen: Seen) -> Iterator[Fault]:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return  # told by the check of files
    blocks = _value(root, "nlu")
    if not isinstance(blocks, yaml.SequenceNode):
        yield Fault(path, 1, "expected the key nlu with a list of intents and their examples.")
        return
    for block in blocks.value:
        intent = _value(block, "intent")
        if intent is None:
            continue  # synonyms, look-ups
        line = intent.start_mark.line + 1
        seen.blocks.setdefault((language, intent.value), (path, line))
        if intent.value not in intents:
            yield Fault(path, line, f"no intent {intent.value!r} in domain.yml.")
        examples = _value(block, "examples")
        if not isinstance(examples, yaml.ScalarNode) or not examples.value.strip():
            yield Fault(path, line, f"the intent {intent.value} has no examples here.")
            continue
        yield from _examples(path, language, intent.value, examples, entities, seen)


def _examples(
    path: Path, language: str, intent: str, node: Any, entities: set[str], seen: Seen
) -> Iterator[Fault]:
    first = node.start_mark.line + (2 if node.style == "|" else 1)
    for offset, row in enumerate(node.value.splitlines()):
        line = first + offset
        if not row.strip():
            continue
        if not row.startswith("- "):
            yield Fault(path, line, "an example starts with a dash and a space.")
            continue
        text = row[2:].strip()
        seen.counts[(language, intent)] += 1
        for match in _MARKED.finditer(text):
            named = match[2] if match[2] is not None else (_ENTITY.search(match[3]) or ["", None])[1]
            if named not in entities:
                yield Fault(path, line, f"no entity {named!r} in domain.yml.")
        bare = _MARKED.sub(r"\1", text).strip()
        if _BROKEN.search(_MARKED.sub(" ", text)):
            yield Fault(path, line, f"a broken entity annotation; write [words](entity) in {text!r}.")
        if not bare:
            yield Fault(path, line, "the example is empty.")
            continue
        seen.examples.append(Example(bare, intent, language, path, line, offset))
        plain = _SPACE.sub(" ", bare.casefold()).strip() or bare
        other = seen.texts.setdefault((language, plain), (intent, path, line))
        if other[0] != intent:
            yield Fault(
                path,
                line,
                f"{text!r} is an example of {intent} here, and of {other[0]} in {other[1]}:{other[2]}.",
            )


def _value(node: Any, key: str) -> Optional[Any]:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if getattr(name, "value", None) == key), None)
