"""How many pieces of something a text speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Iterator, Optional, Sequence

from bot.nlu.addresses import address_pattern
from bot.nlu.counters import Counters
from bot.nlu.spans import Claims, Folded, read
from bot.nlu.text import WITHOUT_SPACES, fold
from bot.nlu.words import Words, phrases

_BREAK = re.compile(r"[.,;:!?\n()\[\]…،؟؛¿¡—/|+=]")
_TIMES = re.compile(
    r"(?<![\w.,#\-])(?P<before>\d{1,4})\s?[x×](?![\w×])|(?<![\w#])[x×]\s?(?P<after>\d{1,4})(?![\w.,])"
)
_HYPHEN = re.compile(r"-[^\W\d_]{3}")
_ONE_WORD = re.compile(r"\s\w{1,4}\s?")
_NEXT_WORDS = re.compile(r"[^\W\d_]+")
# A number stands by itself: no sign, no point, no decimals.
_ALONE_BEFORE = re.compile(r"(?:^|[\s(\[¿¡\"'“„«:,;.!?=]|[^\x00-\x7f])$")
_ALONE_AFTER = re.compile(r"(?![%٪°@/&№]|[.,:\-–]\d|[\-–’'][^\W\d_]{2}|\s?[%٪°€$£]|\s?-\s?\d)")
# Between a number and the version that it counts: "10 in blue", "10 of the M".
_OF_IT = re.compile(
    r"\s*(?:(?:in|en|of|de|von|da|di|em|taglia|talla|size|größe|taille|tamanho|размера?|مقاس)\s+)?"
    r"(?:(?:the|la|las|los|el|der|die|den|das|taglia|talla|size)\s+)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST, _MANY, _FEW, _LABEL = 9999, 1000, 20, 14
# "2,000 stands", "5k pcs": a larger number of things.
_LARGE = re.compile(r"(?<![\w.,#€$£\-])(?P<number>\d{1,3}(?:[.,]\d{3}){1,2}|\d{1,3}k)(?![\d.,a-z])")


@dataclass(frozen=True)
class _Number:
    """A number in a text: its folded place, value, and the words of its clause on both sides."""

    start: int
    end: int
    value: str
    written: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    after_name: bool


@dataclass(frozen=True)
class _Message:
    """A text, what is taken of it, and what it speaks of as a whole, found once."""

    text: Folded
    claims: Claims
    versions: frozenset[int]
    prices: frozenset[int]
    address: re.Pattern[str]
    money: Words

    @cached_property
    def names_address(self) -> bool:
        return self.address.search(self.text.text) is not None

    @cached_property
    def names_payment(self) -> bool:
        return any(word in self.money for word in self.words)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for word, _, _ in self.text.words)


class Quantities:
    """Tells a number of pieces from the other numbers, by the words around it."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "quantities")
        rows = [
            (str(word), str(number))
            for numbers in data["numbers"].values()
            for number, words in numbers.items()
            for word in words
        ]
        rows += [(str(word), "2") for word in data["duals"]]
        self._numbers = phrases(rows)
        self._first = {
            phrase[0]: max(len(p) for p in self._numbers if p[0] == phrase[0]) for phrase in self._numbers
        }
        self._duals = frozenset(fold(str(word)) for word in data["duals"])
        self._dual_ending, self._no_duals = fold(str(data["dual_ending"])), Words(data["no_duals"])
        self._one_goes, self._sure_ones = Words(data["one_goes"]), Words(data["sure_ones"])
        self._articles, self._pair = Words(data["articles"]), Words(data["pair"])
        self._ones = Words(data["ones"])
        self._risky = {
            fold(str(w)): [Words(data["hints"][lang]) for lang in at] for w, at in data["risky"].items()
        }
        self._only, self._only_after = Words(data["only"]), Words(data["only_after"])
        self._no_one_after, self._counting_one = Words(data["no_one_after"]), Words(data["counting_one"])
        self._pieces, self._counting = Words(data["pieces"]), Words(data["counting"])
        self._never_after, self._no_thing = Words(data["never_after"]), Words(data["no_thing"])
        self._of, self._goes_on = Words(data["of"]), Words(data["goes_on"])
        self._joins, self._part_of = Words(data["joins"]), Words(data["part_of"])
        self._labels, self._altogether = Words(data["labels"]), Words(data["altogether"])
        self._please, self._dozens = Words(data["please"]), Words(data["dozens"])
        self._address = address_pattern(folder)
        self._no_ones, self._swap, self._money = (Words(data[key]) for key in ("no_ones", "swap", "money"))
        self._at_price = Words(data["at_price"])
        self._before_things = Words(data["before_things"])
        self._more = Words(data["more"])
        self._mains = frozenset(map(str, (*data["mains"], *data["storage"])))
        currencies = [row for rows in read(folder, "amounts")["words"].values() for row in rows]
        units = [row for rows in read(folder, "measures")["units"].values() for row in rows]
        self._units = Words([word for word in (*currencies, *units) if len(str(word)) > 1])
        self._counters = Counters(data)

    def find(self, text: Folded, claims: Claims, *, colours: Sequence[tuple[int, int]] = ()) -> None:
        """Take quantities; the span is the number alone, the value its digits.

        `colours` are the places of colours in the text.
        """
        for found in _TIMES.finditer(text.text):
            name = "before" if found["before"] else "after"
            if name == "after" and text.raw[text.place(*found.span())[0]] == "X":
                continue  # the name of a product
            self._take(text, claims, *found.span(name), str(int(found[name])))
        for found in _LARGE.finditer(text.text):
            self._take_large(text, claims, found)
        if WITHOUT_SPACES.search(text.text):
            self._counters.find(text, claims)
        sizes = [span.start for span in claims.spans if span.entity == "size"]
        versions = frozenset({start for start, _ in colours if sizes} | set(sizes))
        prices = frozenset(span.start for span in claims.spans if span.entity == "amount")
        message = _Message(text, claims, versions, prices, self._address, self._money)
        ones, several = [], any(span.entity == "quantity" for span in claims.spans)
        for number in self._spaced(text):
            if number.value == "1" and not number.written.isdecimal():
                ones.append(number)
            elif self._counts(message, number, several=several):
                several = self._take(text, claims, number.start, number.end, number.value) or several
        for number in ones:
            if self._counts_one(message, number, several=several):
                self._take(text, claims, number.start, number.end, "1")

    def _take(self, text: Folded, claims: Claims, start: int, end: int, value: str) -> bool:
        return int(value) > 0 and claims.take("quantity", *text.place(start, end), value)

    def _take_large(self, text: Folded, claims: Claims, found: re.Match[str]) -> None:
        """Take a number with thousands, where a thing follows."""
        after = _NEXT_WORDS.findall(text.text[found.end() : found.end() + 24])
        if self._pieces.begin(after) or (self._is_thing(after) and not self._is_no_thing(after)):
            value = re.sub("[.,]", "", found["number"]).replace("k", "000")
            self._take(text, claims, *found.span("number"), str(int(value)))

    def _spaced(self, text: Folded) -> Iterator[_Number]:
        """Numbers among words with spaces."""
        words, at = text.words, 0
        while at < len(words):
            found = self._number_at(text, at)
            if found is None:
                at += 1
                continue
            size, value = found
            start, end = words[at][1] + self._prefix(words[at][0]), words[at + size - 1][2]
            before = self._clause(text, at, -1)
            after = self._clause(text, at + size - 1, 1)
            yield _Number(
                start,
                end,
                value,
                text.text[start:end],
                tuple(words[i][0] for i in reversed(before)),
                tuple(words[i][0] for i in after),
                len(before) > 1 and text.raw[text.place(words[at - 1][1], words[at - 1][2])[0]].isupper(),
            )
            at += size

    def _number_at(self, text: Folded, at: int) -> Optional[tuple[int, str]]:
        """How many words a number here has, and its value."""
        words = text.words
        word, start, end = words[at]
        if word.isdecimal():
            alone = _ALONE_BEFORE.search(text.text[max(0, start - 1) : start]) and not (
                start > 1 and text.text[start - 1] in ".,:" and text.text[start - 2].isdecimal()
            )
            if not alone or not _ALONE_AFTER.match(text.text, end) or len(word) > 5 or word[0] in "0٠":
                return None
            return 1, str(int(word))
        if _HYPHEN.match(text.text, end):
            return None
        word = word[self._prefix(word) :]
        if word in self._first:
            for size in range(min(self._first[word], len(words) - at), 0, -1):
                value = self._numbers.get((word, *(w for w, _, _ in words[at + 1 : at + size])))
                if value:
                    return size, value
        if word in self._ones:
            return 1, "1"
        return (1, "2") if self._is_dual(word) else None

    def _prefix(self, word: str) -> int:
        """How long the Arabic "and" before a number is: وثلاث, ووحدة."""
        if word[0] != "و" or word in self._first or self._ones.names(word):
            return 0
        rest = word[1:]
        return int(rest in self._first or self._ones.names(rest) or self._is_dual(rest))

    def _is_dual(self, word: str) -> bool:
        if word in self._duals:
            return True
        return len(word) > 4 and word.endswith(self._dual_ending) and word not in self._no_duals

    @staticmethod
    def _clause(text: Folded, at: int, step: int) -> list[int]:
        """Up to four words of the same clause on one side of a word, the nearest first."""
        words, found = text.words, []
        for index in range(at + step, at + 5 * step, step):
            if not 0 <= index < len(words):
                break
            left, right = sorted((index, index - step))
            if _BREAK.search(text.text, words[left][2], words[right][1]):
                break
            found.append(index)
        return found

    def _counts(self, message: _Message, number: _Number, *, several: bool) -> bool:
        """Whether a number says how many: "have you 30 cutting boards", "instead of 2", "10 in blue L"."""
        if self._is_dual(number.written):
            return True
        if self._is_no_thing(number.after) or int(number.value) > _MOST:
            return False
        if self._pieces.begin(number.after) and not self._never_after.end(number.before[-1:]):
            return True
        if number.written in self._dozens:
            return True
        if self._never_counts(message, number):
            return False
        if self._counting.end(number.before) or self._altogether.begin(number.after):
            return True
        if self._labelled(message.text, number.start):
            return True
        return self._counts_by_place(message, number, several=several)

    def _never_counts(self, message: _Message, number: _Number) -> bool:
        """Whether a number is a year, a voltage, a word of another language, a price or a house."""
        written, before, after = number.written, number.before, number.after
        if written.isdecimal() and _YEAR.fullmatch(number.value):
            return True
        if written in self._risky and not self._is_spoken(message, written):
            return True
        if self._at_price.begin(after[:1]) and _price_follows(message, number):
            return False
        if number.value in self._mains and not self._counting.end(before) and before:
            return True
        return not self._is_thing(after) and self._is_other(message, number)

    def _counts_by_place(self, message: _Message, number: _Number, *, several: bool) -> bool:
        """Whether a number without a counting word before it counts what stands around it."""
        written, before, after = number.written, number.before, number.after
        last, is_thing = before[-1] if before else "", self._is_thing(after)
        if self._at_price.begin(after[:1]) and _price_follows(message, number):
            return True
        if several and is_thing and last in self._articles:
            return True
        is_named = self._never_after.end(before) or number.after_name
        if (not is_named or last in self._articles) and self._is_part(number, several=several):
            return True
        if is_thing and last and last in self._before_things and not message.names_address:
            return int(number.value) < _MANY
        if is_named:
            return False
        if not after and last and not written.isdecimal() and last not in self._articles:
            return True
        if _versions_follow(message, number):
            return True
        if self._of.begin(after) and not before:
            return len(after) > 1 and not after[1].isdecimal() and after[1] not in self._no_thing
        if message.names_address or (before and int(number.value) >= _MANY):
            return False
        return is_thing and (bool(before) or written not in self._risky)

    def _is_other(self, message: _Message, number: _Number) -> bool:
        """Whether a number without a thing is a year, a house, a price or a voltage."""
        value, written = int(number.value), number.written
        if written.isdecimal() and len(written) > 3 and value % 100:
            return True
        if number.value in self._mains or message.names_address:
            return True
        return value > _FEW and message.names_payment

    def _is_part(self, number: _Number, *, several: bool) -> bool:
        """Whether a number stands beside another of the same things: 3 out of 6, 11 instead of 12."""
        before, after = number.before, number.after
        if before and before[-1] in self._articles and self._part_of.end(before[:-1]):
            before = before[:-1]
        if self._joins.begin(after) and len(after) > 1 and after[1].isdecimal():
            return False  # from 2 to 4
        if self._part_of.end(before) and (several or (len(before) > 1 and self._is_number(before[-2]))):
            return True
        for at in (0, 1):
            if self._swap.begin(after[at:]) or (at == 0 and self._part_of.begin(after)):
                return any(self._is_number(word) for word in after[at + 1 : at + 4])
        return False

    def _is_number(self, word: str) -> bool:
        return word.isdecimal() or (word,) in self._numbers or word in self._ones

    def _is_thing(self, after: Sequence[str]) -> bool:
        if not after or after[0] in self._goes_on:
            return False
        return after[0].isalpha() and (len(after[0]) > 2 or after[0] == "t")  # t-shirts

    def _counts_one(self, message: _Message, number: _Number, *, several: bool) -> bool:
        before, after = number.before, number.after
        if self._is_no_thing(after) or self._no_one_after.end(before):
            return False
        if self._pair.begin(after[:1]) or self._dozens.begin(after[:1]):
            return False
        if self._no_ones.end((*before, number.written)):
            return False
        if number.written in self._risky and not self._is_spoken(message, number.written):
            return False
        if self._only_after.begin(after) or self._is_part(number, several=False):
            return True
        if several and (not before or self._joins.end(before[-1:])) and after:
            return True
        if several and (
            self._one_goes.begin(after) or (number.written in self._sure_ones and number.written != "one")
        ):
            return True
        if several and self._counting_one.end(before) and self._is_thing(after):
            return True
        if self._only.end(before):
            return True
        ends = not after or self._please.begin(after)
        if number.written == "one":
            if self._pieces.begin(after[:1]):
                return True
            ends = ends or after[0] in self._goes_on
            return (ends and self._counting_one.end(before)) or (
                several and (ends or _versions_follow(message, number))
            )
        if several and (self._of.begin(after) or _versions_follow(message, number)):
            return True
        return ends and bool(before)

    def _is_no_thing(self, after: Sequence[str]) -> bool:
        """Whether what follows is time, money or people: "2 more weeks", "2 or 3 days"."""
        if self._more.begin(after):
            after = after[1:]
        if self._no_thing.begin(after) or self._units.begin(after):
            return True
        return (
            len(after) > 2
            and self._joins.begin(after[:1])
            and self._no_thing.begin(after[2:3])
            and (after[1].isdecimal() or after[1] in self._first)
        )

    def _is_spoken(self, message: _Message, written: str) -> bool:
        """Whether the language of a risky word is spoken here."""
        return any(word in hints for hints in self._risky[written] for word in message.words)

    def _labelled(self, text: Folded, start: int) -> bool:
        before = text.text[max(0, start - _LABEL) : start].rstrip()
        label = before[:-1].split()[-1:] if before.endswith((":", "=")) else []
        return bool(label) and label[0] in self._labels


def _versions_follow(message: _Message, number: _Number) -> bool:
    """Whether the version that is counted stands behind a number: "10 in blue L", "2 M"."""
    if not message.versions:
        return False
    gap = _OF_IT.match(message.claims.raw, message.text.place(number.start, number.end)[1])
    return gap is not None and gap.end() in message.versions


def _price_follows(message: _Message, number: _Number) -> bool:
    """Whether an amount stands behind a number and one word: "12 for 100 euros"."""
    gap = _ONE_WORD.match(message.claims.raw, message.text.place(number.start, number.end)[1])
    return gap is not None and gap.end() in message.prices
