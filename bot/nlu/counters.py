"""Numbers before the counters of Chinese and Japanese: 两个, 三双, 3つ, 2枚."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping

from bot.nlu.patterns import HAN_NUMERALS, flat, han_number, whole
from bot.nlu.spans import Claims, Folded
from bot.nlu.text import KANA, fold

_KANA = re.compile(f"[{KANA}]")
# Chinese has these too, for other things: 两点 is two o'clock.
_JAPANESE = ("点", "着", "足", "丁")
_DOZEN = "打"


class Counters:
    """Finds how many, where a counter says that a number counts."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        counters = "|".join(re.escape(c) for c in sorted(set(flat(data["counters"])), key=len, reverse=True))
        self._counted = re.compile(
            f"(?<![\\d.,第每星{HAN_NUMERALS}])(?P<number>\\d{{1,4}}|[{HAN_NUMERALS}]{{1,4}})\\s?"
            f"(?P<counter>{counters})(?!{whole(data['no_counted'])})"
        )
        self._spelt = {fold(str(word)): int(n) for n, words in data["spelt"].items() for word in words}
        self._spelt_pattern = re.compile(whole(self._spelt))
        self._one_after = re.compile(f"(?:{whole(data['one_counts_after'])})\\s?$")
        self._no_one_before = tuple(map(str, data["no_one_before"]))
        self._one_before = re.compile(f".{{0,3}}(?:{whole(data['one_counts_before'])})")

    def find(self, text: Folded, claims: Claims) -> None:
        """Take numbers before a Chinese or Japanese counter: 两个, 3つ."""
        ones = []
        for start, end, number in self._numbers(text.text):
            if number == 1 and not text.text[start].isdecimal():
                ones.append((start, end))
            else:
                _take(text, claims, start, end, number)
        several = any(span.entity == "quantity" for span in claims.spans)
        for start, end in ones:
            before, after = text.text[max(0, start - 6) : start], text.text[end + 1 : end + 8]
            if after.startswith(self._no_one_before):
                continue
            if several or self._one_after.search(before) or self._one_before.match(after):
                _take(text, claims, start, end, 1)

    def _numbers(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Place and value of every number before a counter; a dozen in Chinese is 一打."""
        is_japanese = _KANA.search(text) is not None
        for found in self._counted.finditer(text):
            written, counter = found["number"], found["counter"]
            if counter in _JAPANESE and not is_japanese:
                continue
            number = int(written) if written.isdecimal() else han_number(written) or 0
            if counter == _DOZEN:
                yield (*found.span(), number * 12)
            else:
                yield (*found.span("number"), number)
        for found in self._spelt_pattern.finditer(text):
            yield (*found.span(), self._spelt[found.group()])


def _take(text: Folded, claims: Claims, start: int, end: int, number: int) -> None:
    if number > 0:
        claims.take("quantity", *text.place(start, end), str(number))
