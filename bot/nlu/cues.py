"""What speaks for a feeling or for haste: forms of one language, and where a text has them.

A form is words that follow one another. `word*` is the beginning of one, ` .. ` up to three words or,
where words have no spaces between them, six characters. A row has many forms: `one|two words|three`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Optional

from bot.nlu.text import WITHOUT_SPACES, fold, simplified

_LETTER = r"[^\W_]"
# Between two words of a form: no end of a sentence, though dots in a row are none.
_BETWEEN = r"(?:[^\w.!?;:؟。！？…]|\.{2,}|…)+"
_GAP = rf"{_BETWEEN}(?:{_LETTER}+{_BETWEEN}){{0,3}}"
_DENSE_GAP = r"[^.!?;:。！？；，、,]{0,6}"
_START = re.compile(rf"(?<!{_LETTER}){_LETTER}")
_ARABIC = re.compile("[\u0600-\u06ff]")
# Letters that Arabic writes together with the next word, and the article.
_ARABIC_PREFIX = re.compile("[وف]?(?:ال|بال|لل|[بلك])?")
_APOSTROPHES = re.compile("['’‘`´]")
_KEY = 2
QUIET, LOW = "quiet", "low"


class Cue(NamedTuple):
    """A form in a text: its scale and group, and the form as the lexicon has it."""

    scale: str
    group: str
    form: str


@dataclass(frozen=True)
class _Form:
    text: str
    cues: tuple[Cue, ...]
    deniable: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when a text first begins alike: ten thousand at the start would take a second."""
        return _pattern(self.text)


class Lexicon:
    """Finds the cues of one language, the longest at each place; a denied one is none."""

    def __init__(self, data: Mapping[str, Any], *, splits_apostrophes: bool) -> None:
        self._apostrophe = " " if splits_apostrophes else ""
        self._forms: dict[str, list[_Form]] = defaultdict(list)
        cues: dict[str, list[Cue]] = defaultdict(list)
        for scale, groups in data["cues"].items():
            for group, forms in groups.items():
                for form in _split(forms):
                    cues[self._clean(form)].append(Cue(str(scale), str(group), form))
        for form in _split(data.get(QUIET, ())):
            cues[self._clean(form)].append(Cue(QUIET, QUIET, form))
        denials = data.get("denials", {})
        self._denied_before = _denial([self._clean(str(w)) for w in denials.get("before", ())], before=True)
        self._denied_after = _denial([self._clean(str(w)) for w in denials.get("after", ())], before=False)
        denying = tuple(self._clean(str(word)) for word in denials.get("before", ()))
        for form, found in cues.items():
            # What says no itself ("not good enough", "no hurry") is denied by no other word.
            deniable = form.split()[0] not in denying and not any(cue.scale == LOW for cue in found)
            key = form.replace("*", "")[:_KEY].strip()
            self._forms[key].append(_Form(form, tuple(found), deniable))

    def find(self, text: str) -> list[Cue]:
        """The cues of a text, from left to right."""
        cleaned = self._clean(text)
        found: list[Cue] = []
        end = 0
        for at in _places(cleaned):
            if at < end:
                continue
            longest = self._longest(cleaned, at)
            if longest is None:
                continue
            form, end = longest
            if not (form.deniable and self._is_denied(cleaned, at, end)):
                found += form.cues
        return found

    def _clean(self, text: str) -> str:
        return simplified(_APOSTROPHES.sub(self._apostrophe, fold(text)))

    def _longest(self, text: str, at: int) -> Optional[tuple[_Form, int]]:
        best: Optional[tuple[_Form, int]] = None
        for key in {text[at : at + size] for size in range(1, _KEY + 1)}:
            for form in self._forms.get(key, ()):
                found = form.pattern.match(text, at)
                if found and (best is None or found.end() > best[1]):
                    best = form, found.end()
        return best

    def _is_denied(self, text: str, start: int, end: int) -> bool:
        before, after = self._denied_before, self._denied_after
        return bool(
            (before and before.search(text[max(0, start - 40) : start])) or (after and after.match(text, end))
        )


def _places(text: str) -> Iterator[int]:
    """Where a form may start: with a word, behind what Arabic writes before one, at any Han or kana."""
    if WITHOUT_SPACES.search(text):
        yield from range(len(text))
        return
    for found in _START.finditer(text):
        at = found.start()
        yield at
        if _ARABIC.match(text, at):
            prefix = _ARABIC_PREFIX.match(text, at)
            last = prefix.end() if prefix else at
            yield from range(at + 1, last + 1)


def _split(rows: Iterable[Any]) -> list[str]:
    """The forms of some rows, each of them once."""
    return list(dict.fromkeys(form.strip() for row in rows for form in str(row).split("|") if form.strip()))


def _pattern(form: str) -> re.Pattern[str]:
    dense = bool(WITHOUT_SPACES.search(form))
    pieces = [part.split() for part in form.split("..")]
    between = "" if dense else _BETWEEN
    parts = (between.join(_piece(word, dense) for word in part) for part in pieces)
    return re.compile((_DENSE_GAP if dense else _GAP).join(parts))


def _piece(word: str, dense: bool) -> str:
    end = "" if dense else rf"{_LETTER}*" if word.endswith("*") else rf"(?!{_LETTER})"
    return re.escape(word.rstrip("*")) + end


def _denial(words: Iterable[str], *, before: bool) -> Optional[re.Pattern[str]]:
    """Words that make the next cue, up to two words on, or the one before them none."""
    ways = sorted(
        {re.escape(word).replace(r"\ ", r"\s+") for word in words}, key=lambda way: (-len(way), way)
    )
    if not ways:
        return None
    either = "|".join(ways)
    if not before:
        return re.compile(f"(?:{either})")
    if WITHOUT_SPACES.search(either):
        return re.compile(rf"(?:{either})[^\W。，！？]{{0,1}}$")
    return re.compile(rf"(?<!{_LETTER})(?:{either})\s+(?:{_LETTER}+\s+){{0,2}}$")
