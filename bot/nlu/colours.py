"""Colours in a text, with the words that make them lighter or darker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, Mapping, Sequence

from bot.nlu.endings import Endings
from bot.nlu.spans import Folded, FormTable, Found, read
from bot.nlu.text import HAN

_NOTHING = "-"
_HAN = re.compile(f"[{HAN}]")
# What may stand between a colour and its shade: "light-blue".
_JOINED = re.compile(r"[ \-]?")


class Colours:
    """Finds colours; a value is a code of data/lookups/colours.yml."""

    def __init__(self, folder: Path, endings: Endings) -> None:
        shades = read(folder, "shades")
        self._forms = FormTable(_forms(read(folder, "colours"), shades["nothing"], endings))
        self._before = FormTable((str(word), "") for word in shades["before"])
        self._after = FormTable((str(word), "") for word in shades["after"])
        self._alone_before = frozenset(str(shades["alone_before"]))
        self._alone_after = frozenset(str(shades["alone_after"]))

    def find(self, text: Folded) -> list[tuple[int, int, str]]:
        """Start, end (in the raw text) and value of each colour, from left to right."""
        colours = [f for f in self._forms.matches(text) if f.value != _NOTHING and not self._in_word(text, f)]
        if not colours:
            return []
        tokens = text.tokens
        before = {found.last: found.first for found in self._before.matches(text)}
        after = {found.first: found.last for found in self._after.matches(text)}
        places = []
        for first, last, value in colours:
            start, end = tokens[first].start, tokens[last - 1].end
            if first in before and _JOINED.fullmatch(text.text, tokens[first - 1].end, start):
                start = tokens[before[first]].start
            if last in after and _JOINED.fullmatch(text.text, end, tokens[last].start):
                end = tokens[after[last] - 1].end
            places.append((*text.place(start, end), value))
        return places

    def _in_word(self, text: Folded, found: Found) -> bool:
        """Whether a single Chinese character is part of a word: 白 in 明白."""
        written = [token.text for token in text.tokens[found.first : found.last]]
        if not _HAN.match(written[0]) or sum(bool(_HAN.match(word)) for word in written) > 1:
            return False
        before = _char(text, text.tokens[found.first].start - 1)
        after = _char(text, text.tokens[found.last - 1].end) if len(written) == 1 else ""
        return bool(
            (_HAN.match(before) and before not in self._alone_before)
            or (_HAN.match(after) and after not in self._alone_after)
        )


def _char(text: Folded, at: int) -> str:
    return text.text[at] if 0 <= at < len(text.text) else ""


def _forms(
    colours: Mapping[str, Mapping[str, Sequence[str]]], nothing: Sequence[str], endings: Endings
) -> Iterator[tuple[str, str]]:
    for phrase in nothing:
        yield str(phrase), _NOTHING
    for code, rows in colours.items():
        for forms in rows.values():
            yield from ((form, str(code)) for form in endings.spelt(forms))
