"""Sizes and size systems in a text."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Sequence

from bot.nlu.spans import Claims, Folded, FormTable, alternatives, read
from bot.nlu.text import HAN, KANA, WITHOUT_SPACES, fold

_NUMBER = r"\d{1,3}(?:[.,]\d(?:\d)?|\s?½|\s1/2)?(?![\d.,]*\d)"
_TWO_DIGITS = r"\d{2}(?:[.,]5)?(?![.,]?\d)"
# A letter of a word; Chinese and Japanese stand beside a size without a space.
_IN_WORD = f"[^\\W{HAN}{KANA}]"
_LOOSE_LETTER = re.compile(f"(?<!{_IN_WORD})(?<!['’&.\\-])[SMLsml](?!{_IN_WORD}|['’&]|\\.{_IN_WORD})")
# What may stand between a colour and a size: "blue L", "L in blue", "blue / L".
_BESIDE_COLOUR = re.compile(r"\s*(?:[,/\-]\s*)?(?:(?:in|en|auf)\s+)?")
_BRA = re.compile(r"(?<![\w.,\-])(?:3[0-9]|4[0-8]|[6-9][05]|1[01][05])[A-H]{1,2}(?!\w)")
# Systems that are also everyday words count in small letters only where a number touches them.
_WORDS_TOO = ("de", "it", "au", "cn", "fr", "gb", "es")


class Sizes:
    """Finds sizes beside a word, a system or a letter that says so."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "sizes")
        self._letters = [str(letter) for letter in data["letters"]]
        self._lowest, self._highest = Decimal(data["lowest"]), Decimal(data["highest"])
        self._lowest_hao = int(data["lowest_hao"])
        self._only_beside = {fold(str(word)) for word in data["only_beside"]}
        self._before_letter = {fold(str(word)) for word in data["before_letter"]}
        self._before_letter_dense = tuple(w for w in self._before_letter if WITHOUT_SPACES.match(w))
        self._loose = (Decimal(data["loose"][0]), Decimal(data["loose"][1]))
        named = [(str(w), str(size)) for size, rows in data["same"].items() for w in rows]
        self._same = {fold(word): size for word, size in named}
        self._same_forms = FormTable(named)
        self._systems = {fold(str(w)): system for system, rows in data["systems"].items() for w in rows}
        letters = alternatives(self._letters)
        same = alternatives(self._same)
        beside = alternatives(data["beside"])
        filler = f"(?:\\s?(?:{alternatives(data['between'])}))"
        system = alternatives(self._systems)
        touching = "|".join(re.escape(w) for w in sorted(self._systems, key=len, reverse=True))
        size = f"(?P<size>{_NUMBER}|{same}|{letters})"
        self._patterns = [
            re.compile(
                f"(?<![a-z])(?P<system>{touching})[\\s\\-]?(?:(?:{beside})\\.?:?\\s?)?(?P<size>{_NUMBER})"
            ),
            re.compile(
                f"(?<![a-z])(?P<system>{touching})\\s(?:{alternatives(data['whom'])})\\s(?P<size>{_NUMBER})"
            ),
            re.compile(f"(?<![a-z0-9.,\\-/])(?P<size>{_NUMBER}|{letters})\\s?(?P<system>{system})"),
            re.compile(
                f"(?<![^\\W\\d_])(?:{beside})\\.?\\s?:?{filler}{{0,2}}\\s?(?:(?P<system>{system})\\s?)?{size}"
                f"(?![^\\W\\d_])"
            ),
            re.compile(
                f"(?<![a-z0-9.,])(?P<size>{_NUMBER}|{letters})\\s?(?P<after>{alternatives(data['after_number'])})"
            ),
            re.compile(f"(?<![^\\W\\d_])(?P<system>{system})\\s?(?:{beside})"),
        ]
        ends = f"(?=\\s*(?:$|[?!.,;:)/¿？！。，；、]|(?:{alternatives(data['after_loose'])})))"
        self._loose_number = re.compile(
            f"(?<![^\\W\\d_])(?:{alternatives(data['before_number'])})\\s(?P<size>{_TWO_DIGITS}){ends}"
            f"|(?<![a-z0-9.,\\-/])(?P<dense>{_TWO_DIGITS})的"
        )
        self._number_here = re.compile(f"{_TWO_DIGITS}{ends}")

    def find(self, text: Folded, claims: Claims, *, colours: Sequence[tuple[int, int]] = ()) -> None:
        """Take sizes ("M", "8.5") and systems ("US"); `colours` are the places of colours in the text."""
        for pattern in self._patterns:
            for found in pattern.finditer(text.text):
                self._take(text, claims, found)
        self._letters_in(text, claims, colours)
        self._numbers_in(text, claims, colours)
        for start, end, size in self._same_forms.find(text):
            if fold(claims.raw[start:end]) not in self._only_beside:
                claims.take("size", start, end, size)
        for bra in _BRA.finditer(claims.raw):
            claims.take("size", *bra.span(), bra.group())

    def _take(self, text: Folded, claims: Claims, found: re.Match[str]) -> None:
        groups = found.groupdict()
        system, size = groups.get("system"), groups.get("size")
        if system and not self._is_system(text, claims, found):
            return
        if size:
            value = self._value(size)
            if value is None or (groups.get("after") in ("号", "號") and not self._is_hao(value)):
                return
            if not claims.take("size", *text.place(*found.span("size")), value):
                return
        if system:
            claims.take("size_system", *text.place(*found.span("system")), self._systems[system])

    def _is_system(self, text: Folded, claims: Claims, found: re.Match[str]) -> bool:
        """Whether a short word is a system: "us8.5" and "US 8" are, "de 38" is Spanish for "of 38"."""
        word = found["system"]
        if word not in _WORDS_TOO:
            return True
        start, end = text.place(*found.span("system"))
        size = found.groupdict().get("size")
        touches = bool(size) and (
            found.end("system") == found.start("size") or found.end("size") == found.start("system")
        )
        return touches or claims.raw[start:end].isupper()

    def _value(self, size: str) -> str | None:
        written = size.strip()
        if written in self._same:
            return self._same[written]
        if written.upper() in self._letters:
            return written.upper()
        number = written.replace("½", ".5").replace(" .5", ".5").replace(" 1/2", ".5").replace(",", ".")
        try:
            value = Decimal(number)
        except ArithmeticError:
            return None
        return number if self._lowest <= value <= self._highest else None

    def _is_hao(self, value: str) -> bool:
        return not value.isdigit() or int(value) >= self._lowest_hao

    def _numbers_in(self, text: Folded, claims: Claims, colours: Sequence[tuple[int, int]]) -> None:
        """Take two digits that can only be a size: "boots in 38", "la 40", "blue 38"."""
        for found in self._loose_number.finditer(text.text):
            name = "size" if found["size"] else "dense"
            self._take_loose(claims, *text.place(*found.span(name)))
        for _, end in colours:
            gap = _BESIDE_COLOUR.match(claims.raw, end)
            start = gap.end() if gap else end
            here = self._number_here.match(claims.raw, start)
            if here:
                self._take_loose(claims, *here.span())

    def _take_loose(self, claims: Claims, start: int, end: int) -> None:
        number = claims.raw[start:end].replace(",", ".")
        if number.replace(".", "", 1).isdecimal() and self._loose[0] <= Decimal(number) <= self._loose[1]:
            claims.take("size", start, end, number)

    def _letters_in(self, text: Folded, claims: Claims, colours: Sequence[tuple[int, int]]) -> None:
        many = "|".join(
            letter.lower() for letter in sorted(self._letters, key=len, reverse=True) if len(letter) > 1
        )
        for found in re.finditer(f"(?<![a-z0-9])(?:{many})(?![a-z0-9])", text.text):
            claims.take("size", *text.place(*found.span()), found.group().upper())
        for letter in _LOOSE_LETTER.finditer(claims.raw):
            start, end = letter.span()
            is_capital = letter.group().isupper()
            if _is_beside(
                claims.raw, start, end, colours if is_capital else [c for c in colours if c[1] <= start]
            ):
                claims.take("size", start, end, letter.group().upper())
            elif is_capital and self._reads_as_size(claims.raw, start, end):
                claims.take("size", start, end, letter.group())

    def _reads_as_size(self, raw: str, start: int, end: int) -> bool:
        before = fold(raw[max(0, start - 20) : start])
        if before.endswith(self._before_letter_dense):
            return True
        words = before.split()
        if not words or not words[-1][-1:].isalnum():
            return bool(re.search(r"(?:^|[,/(?!¿:，、\-])\s?$", before)) and len(raw) <= 40
        return words[-1] in self._before_letter or words[-1].upper() in self._letters


def _is_beside(raw: str, start: int, end: int, colours: Sequence[tuple[int, int]]) -> bool:
    """Whether a colour stands right before or right after this place."""
    return any(
        _BESIDE_COLOUR.fullmatch(raw, colour_end, start)
        if colour_end <= start
        else _BESIDE_COLOUR.fullmatch(raw, end, colour_start)
        for colour_start, colour_end in colours
        if colour_end <= start or colour_start >= end
    )
