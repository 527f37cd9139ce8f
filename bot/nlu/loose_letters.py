"""Single letters that are sizes by what stands around them: "in M", "S, M or L?", "2 M's and one L"."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Sequence

from bot.nlu.patterns import whole
from bot.nlu.spans import Claims, Folded, read
from bot.nlu.text import HAN, KANA, WITHOUT_SPACES, fold

# A letter of a word; Chinese and Japanese stand beside a size without a space.
_IN_WORD = f"[^\\W{HAN}{KANA}]"
_LETTER = re.compile(
    f"(?<!{_IN_WORD})(?<!['’&.\\-])(?:[SMLsml]|(?<!\\d\\s)М)(?!{_IN_WORD}|['’&](?!s\\b)|\\.{_IN_WORD}|[&+])"
)
_PORTUGUESE = re.compile(f"(?<!{_IN_WORD})(?<!['’&.\\-])[PMG](?!{_IN_WORD}|['’&.\\-])")
# What may stand between a colour and a size: "blue L", "L in blue", "blue / L".
_BESIDE_COLOUR = re.compile(r"\s*(?:[,/\-]\s*)?(?:(?:in|en|auf|em|в|на)\s+)?")
_ENDS = re.compile(r"\s*(?:$|[?!.,;:)/？！。，；、])")
_AFTER_NUMBER = re.compile(r"(?:^|[^\d.,])\d{1,3}\s(?:of\s)?$")
_LONGEST_LIST = 40
_CYRILLIC_M = "М"


class LooseLetters:
    """Finds S, M, L and the longer letters without a word for size beside them."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "sizes")
        self._letters = [str(letter) for letter in data["letters"]]
        many = "|".join(letter.lower() for letter in sorted(self._letters, key=len, reverse=True)[:-3])
        self._many = re.compile(f"(?<![a-z0-9])(?:{many})(?:(?=['’]?s(?![a-z]))|(?![a-z0-9]))")
        self._before = {fold(str(word)) for word in data["before_letter"]}
        self._before_dense = tuple(w for w in self._before if WITHOUT_SPACES.match(w))
        self._counted = {
            fold(str(word)).split()[-1]
            for table in (read(folder, "quantities")["numbers"], {"": {1: _ones(folder)}})
            for numbers in table.values()
            for words in numbers.values()
            for word in words
        }
        self._dense_after = tuple(map(str, data["dense_after"]))
        self._dense_not = tuple(map(str, data["dense_not_before"]))
        self._not_after = {fold(str(word)) for word in data["no_letter_after"]}
        self._portuguese = {str(w): str(size) for w, size in data["portuguese"].items()}
        self._hints = re.compile(whole(data["portuguese_hints"], start=True))
        self._fit = re.compile(whole(data["fit"], start=True))
        self._long = re.compile(
            "(?<![A-Za-z0-9])(?:" + "|".join(w for w in self._portuguese if len(w) > 1) + ")(?![A-Za-z0-9])"
        )

    def find(self, text: Folded, claims: Claims, *, colours: Sequence[tuple[int, int]] = ()) -> None:
        """Take letters that are sizes."""
        for found in self._many.finditer(text.text):
            claims.take("size", *text.place(*found.span()), found.group().upper())
        self._find_portuguese(text, claims)
        raw = claims.raw
        letters = [each for each in _LETTER.finditer(raw) if claims.free(*each.span())]
        capitals = {each.group() for each in letters if each.group().isupper()}
        has_size = any(span.entity == "size" and span.value.isalpha() for span in claims.spans)
        together = len(capitals) > 1 or (bool(capitals) and has_size)
        fits = bool(letters) and self._fit.search(text.text) is not None
        for letter in letters:
            start, end = letter.span()
            is_capital = letter.group().isupper()
            beside = colours if is_capital else [c for c in colours if c[1] <= start]
            if _is_beside(raw, start, end, beside) or (
                is_capital and (together or self._reads_as_size(raw, start, end, fits=fits))
            ):
                value = "M" if letter.group() == _CYRILLIC_M else letter.group().upper()
                claims.take("size", start, end, value)

    def _find_portuguese(self, text: Folded, claims: Claims) -> None:
        """Take G and P, which are sizes in Brazil: "GG", "M e não G"."""
        long, letters = list(self._long.finditer(claims.raw)), list(_PORTUGUESE.finditer(claims.raw))
        if not (long or letters) or not self._hints.search(text.text):
            return
        for found in long:
            claims.take("size", *found.span(), self._portuguese[found.group()])
        if len(letters) + len(long) > 1 and (long or any(each.group() in "PG" for each in letters)):
            for each in letters:
                claims.take("size", *each.span(), self._portuguese.get(each.group(), each.group()))

    def _reads_as_size(self, raw: str, start: int, end: int, *, fits: bool) -> bool:
        before = fold(raw[max(0, start - 20) : start])
        dense = WITHOUT_SPACES.match(raw[start - 1 : start]) or WITHOUT_SPACES.match(raw[end : end + 1])
        if dense and raw.startswith(self._dense_after, end) and not before.endswith(self._dense_not):
            return True
        if before.endswith(self._before_dense) or _AFTER_NUMBER.search(before):
            return True
        words = before.split()
        if not words or not words[-1][-1:].isalnum():
            return bool(re.search(r"(?:^|[,/(?!¿:，、\-])\s?$", before)) and len(raw) <= _LONGEST_LIST
        if words[-1] in self._not_after:
            return False
        if words[-1] in self._before or words[-1] in self._counted or words[-1].upper() in self._letters:
            return True
        written = raw[max(0, start - 20) : start].split()[-1]
        return fits or (written.islower() and len(written) > 2 and _ENDS.match(raw, end) is not None)


def _ones(folder: Path) -> list[str]:
    return [str(word) for words in read(folder, "quantities")["ones"].values() for word in words]


def _is_beside(raw: str, start: int, end: int, colours: Sequence[tuple[int, int]]) -> bool:
    """Whether a colour stands right before or right after this place."""
    return any(
        _BESIDE_COLOUR.fullmatch(raw, colour_end, start)
        if colour_end <= start
        else _BESIDE_COLOUR.fullmatch(raw, end, colour_start)
        for colour_start, colour_end in colours
        if colour_end <= start or colour_start >= end
    )
