"""Bare numbers that are sizes by what stands around them: "boots in 38", "36 is too small"."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Optional, Sequence

from bot.nlu.patterns import LETTER, flat, has_digit, in_ascii, whole
from bot.nlu.spans import Claims, Folded, read
from bot.nlu.text import fold
from bot.nlu.words import Words

_BEFORE = f"(?<![0-9.,#/:+€$£№*\\-–])(?<!{LETTER})"
_AFTER = f"(?![\\d%°]|[.,:/]\\d|\\s?[€$£%°]|[\\-–]\\s?\\d{{3}}|\\s?[x×*]\\s?\\d|{LETTER})"
_TWO_DIGITS = f"\\d{{2}}(?:[.,]5|\\s?½)?{_AFTER}"
_FEW_DIGITS = f"\\d{{1,3}}(?:[.,]5|\\s?½)?{_AFTER}"
_BESIDE_COLOUR = re.compile(r"\s*(?:[,/\-]\s*)?(?:(?:in|en|auf|em|в|на)\s+)?")
_WORD = re.compile(r"\s*([^\W_]+)")
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d)?")
_NEAR = 24
# Larger numbers are heights of children, up to here.
_GROWN, _CHILD = 60, Decimal(188)
# "Between 14 and 16" is a time where nothing speaks of fitting.
_UNFITTED, _FIRM, _STEPS = Decimal(30), Decimal(34), 6
# "J'en ai commandé 40": forty of something.
_SOME = re.compile(r"(?<![a-z])(?:en|ne|davon)(?![a-z])")


class BareSizes:
    """Finds numbers without a word for size beside them."""

    def __init__(self, folder: Path) -> None:
        data, counted = read(folder, "sizes"), read(folder, "quantities")
        self._lowest, self._highest = Decimal(data["loose"][0]), Decimal(data["loose"][1])
        counters = "|".join(sorted({re.escape(c) for c in flat(counted["counters"])}, key=len, reverse=True))
        units = "|".join(map(re.escape, data["no_size_before"]))
        self._counter = re.compile(f"\\s?(?:{counters}|{units})")
        self._counts_after = Words([*flat(counted["pieces"]), *flat(counted["no_thing"])])
        self._of, self._goes_on = Words(counted["of"]), Words([*data["after_loose"], *counted["goes_on"]])
        self._not_after = re.compile(f"(?:{whole(data['no_size_after'], start=True)})[\\s:.#]*$")
        self._fit = re.compile(whole(data["fit"], start=True))
        self._fit_words = Words(data["fit"])
        self._any = re.compile(f"{_BEFORE}(?P<size>{_TWO_DIGITS})")
        self._any_few = re.compile(f"{_BEFORE}(?P<size>{_FEW_DIGITS})")
        before = whole(data["before_number"], start=True)
        ends = f"(?=\\s*(?:$|[?!.,;:)/¿？！。，；、]|(?:{whole(data['after_loose'])})))"
        self._ending = re.compile(
            f"(?:{before})\\s(?P<size>{_TWO_DIGITS}){ends}|(?<![a-z0-9.,\\-/])(?P<dense>{_TWO_DIGITS})的"
        )
        self._in_a = re.compile(f"(?:{whole(data['in_a'], start=True)})\\s(?P<size>{_FEW_DIGITS}){ends}")
        self._here = re.compile(f"{_TWO_DIGITS}{ends}")
        self._firm = re.compile(f"(?:{whole(data['firm_before'], start=True)})\\s(?P<size>{_TWO_DIGITS})")
        self._changed = re.compile(whole(data["changed"], start=True))
        self._shoes = (Decimal(data["shoes"][0]), Decimal(data["shoes"][1]))
        choosing = whole(data["choosing"], start=True)
        chain = f"\\s*,?\\s*(?:{whole(data['chain'])})\\s*(?:(?:the|la|el|le|du|o|il|die|der|den)\\s)?"
        self._chain_on = re.compile(f"{chain}(?P<size>{_FEW_DIGITS})")
        self._chain_back = re.compile(f"{_BEFORE}(?P<size>{_FEW_DIGITS}){chain}$")
        self._between = re.compile(
            f"(?:{choosing})\\s?(?:(?:the|la|el|le|du|o|il|die|der|den)\\s)?(?P<size>{_TWO_DIGITS})(?={chain}\\d)"
        )
        self._chosen = re.compile(
            f"(?P<size>{_BEFORE}{_TWO_DIGITS})(?={chain}\\d[\\d.,]{{0,3}}(?:{choosing}))"
        )

    def find(self, text: Folded, claims: Claims, *, colours: Sequence[tuple[int, int]] = ()) -> None:
        """Take numbers that can only be sizes; `colours` are the places of colours in the text."""
        if not has_digit(text.text):
            return
        fits = self._fit.search(text.text) is not None
        for pattern in (self._ending, self._between, self._chosen):
            lowest = None if fits or pattern is self._ending else _UNFITTED
            for found in pattern.finditer(text.text):
                name = "dense" if found.groupdict().get("dense") else "size"
                if (
                    pattern is not self._ending
                    or (fits and name == "dense")
                    or not self._not_after_here(text.text, found.start(name))
                ):
                    self._take(claims, *text.place(*found.span(name)), lowest=lowest)
        for _, end in colours:
            gap = _BESIDE_COLOUR.match(claims.raw, end)
            here = self._here.match(claims.raw, gap.end() if gap else end)
            if here:
                self._take(claims, *here.span())
        for found in self._in_a.finditer(text.text):
            self._take(claims, *text.place(*found.span("size")), lowest=Decimal(1))
        for found in self._firm.finditer(text.text):
            if not self.counts(text, found.end("size")) and not self._not_after_here(
                text.text, found.start()
            ):
                self._take(claims, *text.place(*found.span("size")), lowest=_FIRM)
        if fits:
            self._find_fitting(text, claims)
        elif self._changed.search(text.text):
            self._find_fitting(text, claims, lowest=self._shoes[0], highest=self._shoes[1])
        self._find_chained(text, claims)
        self._find_alike(text, claims)

    def counts(self, text: Folded, end: int) -> bool:
        """Whether what follows a number makes it a quantity or a time: 20 pieces, 40 of these."""
        if self._counter.match(text.text, end):
            return True
        word = _WORD.match(text.text, end)
        return word is not None and (word[1] in self._counts_after or word[1] in ("of", "davon"))

    def _find_fitting(
        self,
        text: Folded,
        claims: Claims,
        *,
        lowest: Optional[Decimal] = None,
        highest: Optional[Decimal] = None,
    ) -> None:
        """Take every bare number of a text that speaks of fitting, and counts none of something."""
        if highest and _SOME.search(text.text):
            return
        for found in self._any.finditer(text.text):
            start, end = found.span("size")
            if self.counts(text, end) or self._not_after_here(text.text, start):
                continue
            if self._goes_on_after(text, end):
                self._take(claims, *text.place(start, end), lowest=lowest, highest=highest)

    def _goes_on_after(self, text: Folded, end: int) -> bool:
        """Whether no thing follows that the number might count."""
        following = text.text[end : end + _NEAR]
        word = _WORD.match(following)
        if word is None or following.lstrip()[:1] in tuple("?!.,;:)/"):
            return True
        first = word[1]
        return first in self._goes_on or first in self._fit_words or not re.match(LETTER, first)

    def _not_after_here(self, text: str, start: int) -> bool:
        return self._not_after.search(text[max(0, start - _NEAR) : start]) is not None

    def _find_alike(self, text: Folded, claims: Claims) -> None:
        """Take bare numbers close to a size of the same text: "the size 7 spins, is 6.5 in stock"."""
        known = [Decimal(s.value) for s in claims.spans if s.entity == "size" and _DECIMAL.fullmatch(s.value)]
        if not known:
            return
        for found in self._any_few.finditer(text.text):
            start, end = found.span("size")
            if self.counts(text, end) or self._not_after_here(text.text, start):
                continue
            number = Decimal(in_ascii(re.sub(r"\s?½", ".5", found["size"]).replace(",", ".")))
            if self._goes_on_after(text, end) and any(abs(number - each) <= _STEPS for each in known):
                self._take(claims, *text.place(start, end), lowest=Decimal(1), highest=_CHILD)

    def _find_chained(self, text: Folded, claims: Claims) -> None:
        """Take numbers beside a size that is a number: "38 or 39", "in a 10 or just 12"."""
        places = [(s.start, s.end) for s in claims.spans if s.entity == "size" and s.value[:1].isdigit()]
        is_child = any(
            s.entity == "size" and s.value.isdigit() and int(s.value) > _GROWN for s in claims.spans
        )
        while places:
            start, end = places.pop()
            for pattern, found in (
                (self._chain_on, self._chain_on.match(fold(claims.raw[end : end + _NEAR]))),
                (self._chain_back, self._chain_back.search(fold(claims.raw[max(0, start - _NEAR) : start]))),
            ):
                if found is None:
                    continue
                base = end if pattern is self._chain_on else max(0, start - _NEAR)
                at = (base + found.start("size"), base + found.end("size"))
                if self._take(claims, *at, lowest=Decimal(1), highest=_CHILD if is_child else None):
                    places.append(at)

    def _take(
        self,
        claims: Claims,
        start: int,
        end: int,
        *,
        lowest: Optional[Decimal] = None,
        highest: Optional[Decimal] = None,
    ) -> bool:
        number = in_ascii(re.sub(r"\s?½", ".5", claims.raw[start:end]).replace(",", "."))
        if not number.replace(".", "", 1).isdecimal():
            return False
        if not (lowest or self._lowest) <= Decimal(number) <= (highest or self._highest):
            return False
        return claims.take("size", start, end, number)
