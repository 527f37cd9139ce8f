"""The words of messages that go on with what was said, read from data/lookups/following.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence

from bot.nlu.text import WITHOUT_SPACES, fold
from bot.yamls import read_yaml

_PARTS = ("opening", "glue", "correcting", "other", "arrival", "help", "having")
_APOSTROPHES = re.compile("[’‘`´]")


@dataclass(frozen=True)
class FollowingWords:
    """Patterns over folded text; `takes` says which entities a question takes."""

    takes: Mapping[str, tuple[str, ...]]
    same_country: frozenset[str]
    before_order: frozenset[str]
    small_talk: frozenset[str]
    opening: re.Pattern[str]
    correcting: re.Pattern[str]
    other: re.Pattern[str]
    arrival: re.Pattern[str]
    help: re.Pattern[str]
    whom: re.Pattern[str]
    having: re.Pattern[str]
    empty: re.Pattern[str]
    not_meant: re.Pattern[str]
    not_meant_before: re.Pattern[str]
    where_number: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    @classmethod
    def load(cls, path: Path) -> FollowingWords:
        """Read the file; ValueError names it and what is wrong."""
        data: Any = read_yaml(path)
        try:
            forms = {name: [w for words in data[name].values() for w in words] for name in _PARTS}
            everything = [
                word for name in ("opening", "glue", "correcting", "having") for word in forms[name]
            ]
            everything += data["hello"]
            not_meant = [w for words in data["not_meant"].values() for w in words]
            return cls(
                takes={str(k): tuple(map(str, v)) for k, v in data["takes"].items()},
                same_country=frozenset(map(str, data["same_country"])),
                before_order=frozenset(map(str, data["before_order"])),
                small_talk=frozenset(map(str, data["small_talk"])),
                opening=re.compile(rf"^[\W_]*{_any(forms['opening'])}"),
                correcting=re.compile(rf"^[\W_]*{_any(forms['correcting'])}"),
                other=re.compile(_any(forms["other"])),
                arrival=re.compile(_any(forms["arrival"])),
                help=re.compile(_any(forms["help"])),
                having=re.compile(_any(forms["having"])),
                whom=re.compile(
                    _any([w for words in data["whom"].values() for w in words], folded=False), re.IGNORECASE
                ),
                empty=re.compile(_any(everything)),
                not_meant=re.compile(rf"{_any(not_meant)}\s*$"),
                not_meant_before=re.compile(rf"^\s*{_any(data['not_meant_before'])}"),
                where_number=tuple(
                    (re.compile(_any(asking)), re.compile(_any(number)))
                    for asking, number in data["where_number"].values()
                ),
            )
        except (KeyError, TypeError, AttributeError) as e:
            raise ValueError(f"{path}: expected lists of words by language ({e}).") from e


def plainly(text: str) -> str:
    """A text folded as the patterns are."""
    return _APOSTROPHES.sub("'", fold(text))


def _any(forms: Iterable[str], *, folded: bool = True) -> str:
    """A pattern of any of these forms, longest first; a form of letters with spaces is a whole word."""
    written = {plainly(str(form)) if folded else str(form) for form in forms}
    ordered = sorted(written, key=lambda form: (-len(form), form))
    spaced = [form for form in ordered if not WITHOUT_SPACES.search(form)]
    dense = [form for form in ordered if WITHOUT_SPACES.search(form)]
    parts: Sequence[str] = [
        *([rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, spaced))})(?![^\W\d_])"] if spaced else []),
        *([f"(?:{'|'.join(map(re.escape, dense))})"] if dense else []),
    ]
    return f"(?:{'|'.join(parts)})"
