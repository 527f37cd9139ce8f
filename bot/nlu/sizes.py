"""Sizes and size systems in a text, where a word, a system or a letter says so."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Sequence

from bot.nlu.bare_sizes import BareSizes
from bot.nlu.loose_letters import LooseLetters
from bot.nlu.patterns import LETTER, in_ascii, parted, whole
from bot.nlu.spans import Claims, Folded, FormTable, read
from bot.nlu.text import KANA, fold

_NUMBER = r"\d{1,3}(?:[.,]\d(?:\d)?|\s?½|\s1/2)?(?![\d.,]*\d|\s?[x×*]\s?\d|%|\s?[€$£])"
_BRA = re.compile(r"(?<![\w.,\-])(?:3[0-9]|4[0-8]|[6-9][05]|1[01][05])[A-H]{1,2}(?!\w)")
_ANY_BRA = re.compile(r"(?<![A-Za-z0-9.,\-])\d{1,3}\s?[A-Ha-h]{1,2}(?![A-Za-z0-9])")
# Two sizes in one: children's 110/116, S/M; and jeans by waist and length.
_PAIR = re.compile(r"(?<![\w./\-])(?P<low>\d{2,3})\s?/\s?(?P<high>\d{2,3})(?![\w/%]|[.,]\d)")
_LETTER_PAIR = re.compile(r"(?<![\w/])(?:XXS/XS|XS/S|S/M|M/L|L/XL|XL/XXL|XL/2XL)(?![\w/])")
_JEANS = re.compile(
    r"(?<![A-Za-z0-9])W\s?(?P<w>\d{2})\s?[/x,\-]?\s?L\s?(?P<l>\d{2})(?![A-Za-z0-9])", re.IGNORECASE
)
_CHILD_STEP, _GROWN_STEPS = 6, (2, 4)
_CHILD = (44, 188)
# Systems that are also everyday words count in small letters only where a number touches them.
_WORDS_TOO = ("de", "it", "au", "cn", "fr", "gb", "es", "br", "mx", "ru", "usa")
_NOT_BEFORE_SYSTEM = re.compile(r"(?:the|to the|ship|deliver|send|from|los|les|gli|die|den|nach|aus)\s$")


class Sizes:
    """Finds sizes beside a word, a system or a letter that says so, and the bare ones among them."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "sizes")
        self._letters = [str(letter) for letter in data["letters"]]
        self._lowest, self._highest = Decimal(data["lowest"]), Decimal(data["highest"])
        self._lowest_hao, self._lowest_worn = int(data["lowest_hao"]), Decimal(data["loose"][0])
        self._highest_worn = Decimal(data["loose"][1])
        self._only_beside = {fold(str(word)) for word in data["only_beside"]}
        named = [(str(w), str(size)) for size, rows in data["same"].items() for w in rows]
        self._same = {fold(word): size for word, size in named}
        self._same_forms = FormTable(named)
        self._portuguese = {fold(str(w)): str(size) for w, size in data["portuguese"].items()}
        self._systems = {fold(str(w)).rstrip("*"): s for s, rows in data["systems"].items() for w in rows}
        self._sure_systems = re.compile(
            whole(w for rows in data["systems"].values() for w in rows if str(w).endswith(("码", "碼")))
        )
        self._patterns = list(self._compiled(data))
        self._no_one_size = re.compile(f"\\s(?:{whole(data['no_one_size'])})", re.IGNORECASE)
        self._rings = re.compile(f"{whole(data['rings'])}|[{KANA}]")
        self._bra = re.compile(whole(data["bra"], start=True))
        self._bare, self._loose = BareSizes(folder), LooseLetters(folder)

    def _compiled(self, data: Mapping[str, Any]) -> Iterator[re.Pattern[str]]:
        letters, same = whole(self._letters), whole(self._same)
        portuguese = whole(self._portuguese)
        beside, worn = whole(data["beside"]), whole(data["worn"])
        filler = f"(?:\\s?(?:{whole(data['between'])}))"
        system = whole(w for rows in data["systems"].values() for w in rows)
        touching = "|".join(re.escape(w) for w in sorted(self._systems, key=len, reverse=True))
        any_size = f"(?P<size>{_NUMBER}|{same}|{letters}|{portuguese})"
        start = f"(?<!{LETTER})"
        yield re.compile(
            f"{start}(?P<system>{touching})[\\s\\-]?(?:(?:{beside})\\.?:?\\s?)?(?P<size>{_NUMBER})(?![a-z])"
        )
        yield re.compile(f"{start}(?P<system>{system})\\s(?:{whole(data['whom'])})\\s(?P<size>{_NUMBER})")
        yield re.compile(f"(?<![a-z0-9.,\\-/])(?P<size>{_NUMBER}|{letters})\\s?(?P<system>{system})")
        yield re.compile(
            f"{start}(?:{beside})\\.?\\s?:?{filler}{{0,2}}\\s?(?:(?P<system>{system})\\s?)?{any_size}(?!{LETTER}|['’])"
        )
        yield re.compile(
            f"{start}(?P<worn>{worn}){filler}{{0,2}}\\s?(?:(?P<system>{system})\\s?)?"
            f"(?P<size>{_NUMBER}|{same}|{letters})(?!{LETTER}|['’])"
        )
        yield re.compile(
            f"(?<![a-z0-9.,])(?P<size>{_NUMBER}|{letters}|{portuguese})\\s?(?P<after>{whole(data['after_number'])})"
        )
        yield re.compile(f"(?<![a-z0-9.,])(?P<size>{letters})\\s?(?:{whole(data['after_letter'])})")
        yield re.compile(f"{start}(?P<system>{system})\\s?(?:{beside})")

    def find(self, text: Folded, claims: Claims, *, colours: Sequence[tuple[int, int]] = ()) -> None:
        """Take sizes ("M", "8.5") and systems ("US"); `colours` are the places of colours in the text."""
        text = parted(text)
        self._pairs_in(claims)
        for pattern in self._patterns:
            for found in pattern.finditer(text.text):
                self._take(text, claims, found)
        self._more_systems(text, claims)
        for start, end, size in self._same_forms.find(text):
            written = fold(claims.raw[start:end])
            if written == "one size" and self._no_one_size.match(claims.raw, end):
                continue
            if written not in self._only_beside:
                claims.take("size", start, end, size)
        for bra in _BRA.finditer(claims.raw):
            claims.take("size", *bra.span(), bra.group())
        if self._bra.search(text.text):
            for bra in _ANY_BRA.finditer(claims.raw):
                claims.take("size", *bra.span(), bra.group().replace(" ", "").upper())
        self._loose.find(text, claims, colours=colours)
        self._bare.find(text, claims, colours=colours)

    def _pairs_in(self, claims: Claims) -> None:
        for found in _LETTER_PAIR.finditer(claims.raw):
            claims.take("size", *found.span(), found.group())
        for found in _JEANS.finditer(claims.raw):
            claims.take("size", *found.span(), f"W{found['w']} L{found['l']}")
        for found in _PAIR.finditer(claims.raw):
            low, high = int(found["low"]), int(found["high"])
            if _CHILD[0] <= low and high <= _CHILD[1] and high - low == _CHILD_STEP:
                claims.take("size", *found.span(), f"{low}/{high}")

    def _take(self, text: Folded, claims: Claims, found: re.Match[str]) -> None:
        groups = found.groupdict()
        system, size = groups.get("system"), groups.get("size")
        if system and not self._is_system(text, claims, found):
            return
        if size:
            value = self._value(size)
            if value is None or (groups.get("after") in ("号", "號") and not self._is_hao(text, value)):
                return
            if groups.get("worn") and not system and not self._is_worn(text, found, value):
                return
            if not claims.take("size", *text.place(*found.span("size")), value):
                return
        if system:
            claims.take("size_system", *text.place(*found.span("system")), self._system(system))

    def _system(self, written: str) -> str:
        while written not in self._systems:  # a stem with an ending
            written = written[:-1]
        return str(self._systems[written])

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

    def _more_systems(self, text: Folded, claims: Claims) -> None:
        """Take systems without a number: 美码 says what it is, "in US?" only beside another system."""
        for found in self._sure_systems.finditer(text.text):
            claims.take("size_system", *text.place(*found.span()), self._system(found.group()))
        if not any(span.entity == "size_system" for span in claims.spans):
            return
        for word, first, last in text.words:
            start, end = text.place(first, last)
            is_said = word in self._systems and (len(word) > 3 or claims.raw[start:end].isupper())
            if is_said and not _NOT_BEFORE_SYSTEM.search(text.text, max(0, first - 9), first):
                claims.take("size_system", start, end, self._systems[word])

    def _is_worn(self, text: Folded, found: re.Match[str], value: str) -> bool:
        """Whether a number after a verb of wearing is a size: "I wear 42", and not "llevo 5"."""
        if not value.replace(".", "", 1).isdecimal():
            return True
        return self._lowest_worn <= Decimal(value) <= self._highest_worn and not self._bare.counts(
            text, found.end("size")
        )

    def _value(self, size: str) -> Optional[str]:
        written = size.strip()
        if written in self._same:
            return self._same[written]
        if written.upper() in self._letters:
            return written.upper()
        if written in self._portuguese:
            return self._portuguese[written]
        number = written.replace("½", ".5").replace(" .5", ".5").replace(" 1/2", ".5").replace(",", ".")
        try:
            value = Decimal(number)
        except ArithmeticError:
            return None
        return in_ascii(number) if self._lowest <= value <= self._highest else None

    def _is_hao(self, text: Folded, value: str) -> bool:
        """Whether 号 after a number says size, and not day: 38号; in Japanese and of rings any."""
        if not value.isdigit() or int(value) >= self._lowest_hao:
            return True
        return self._rings.search(text.text) is not None
