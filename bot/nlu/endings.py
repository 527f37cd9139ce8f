"""Words in their endings, as data/lookups/endings.yml gives them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterable, Iterator, Mapping, Sequence

from bot.nlu.spans import read

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_CASES = 6


class Endings:
    """Spells a form out: `черный~` and `пятница~` in Russian endings, `mexican/o/a` as written."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "endings")
        self._cases = _longest_first(data["cases"])
        self._adjectives = _longest_first(data["adjectives"])
        bad = [ending for ending, forms in self._cases if len(forms) != _CASES]
        if bad:
            raise ValueError(
                f"{folder / 'endings.yml'}: {bad[0]!r} has not {_CASES} cases; give one ending for each."
            )

    def spelt(self, forms: Iterable[object]) -> Iterator[str]:
        """Every form, spelt out; a German `blau~` stays as it is, for the table of forms knows it."""
        for form in map(str, forms):
            if form.endswith("~") and _CYRILLIC.search(form):
                yield from self._declined(form[:-1])
            elif "/" in form:
                stem, *endings = form.split("/")
                yield from (stem + ending for ending in endings)
            else:
                yield form

    def cases(self, name: str) -> Iterator[str]:
        """A Russian name in all cases; any other name, and an abbreviation, as it stands."""
        if not _CYRILLIC.search(name) or name.isupper():
            yield name
            return
        declined = [self._word(word) for word in name.split()]
        yield from dict.fromkeys(" ".join(words) for words in zip(*declined, strict=True))

    def _declined(self, form: str) -> Iterator[str]:
        for ending, endings in self._adjectives:
            if form.endswith(ending):
                yield from (form[: -len(ending)] + each for each in endings)
                return
        yield from self.cases(form)

    def _word(self, word: str) -> Sequence[str]:
        for ending, endings in self._cases:
            if word.endswith(ending):
                stem = word if not endings[0] else word[: -len(ending)]
                return [stem + each for each in endings]
        return [word] * _CASES


def _longest_first(rows: Mapping[str, Sequence[str]]) -> list[tuple[str, list[str]]]:
    return sorted(
        ((str(ending), [str(each) for each in forms]) for ending, forms in rows.items()),
        key=lambda row: -len(row[0]),
    )
