"""Reads what a text says of sizes: measures, for whom, what for, from and to which system."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Iterable, Mapping, Optional, Sequence

from bot.shop.finding import fold
from bot.shop.size_model import SYSTEMS

INCH = Decimal("2.54")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_MARKS = re.compile(r"[\"”″]|''")
_SIZE = (
    r"(?:\d{1,3}(?:[.,]\d{1,2})?(?:\s?(?:½|1/2|1/3|2/3))?(?:/\d{2,3}[a-z]?)?[a-k]{0,2}|x{0,4}[sml]|[2-5]xl)"
)
_NUMBER = re.compile(
    r"(?P<number>\d{1,3}(?:[.,]\d{1,2})?)\s?"
    r"(?P<unit>cms?\b|mm\b|m\b|centi\w+|zentimeter\b|inch(?:es)?\b|(?<=\d)in\b|in(?=\s*(?:$|[.,;!?)]))|zoll\b|pulgadas?\b|厘米|公分|毫米|米|英寸|吋"
    r"|(?:kgs?|kilos?|g|lbs?|w|v|mah|%|years?|jahre?|años|months?|monate|岁|公斤|斤)\b|岁|公斤|斤)?"
)
_UNITS = {
    "mm": "mm",
    "毫米": "mm",
    "m": "m",
    "米": "m",
    "厘米": "cm",
    "公分": "cm",
    "英寸": "inch",
    "吋": "inch",
}
# Nobody's question about a size is longer.
_MOST_CHARS = 600
# A measure and its number stand this near to each other, in characters.
_NEAR = 24
# Between "92 chest and 75 waist" a comma or an "and" parts what belongs together.
_PARTS = re.compile(r"[,;，、；]|\b(?:and|und|y|e|et)\b|和")
_PARTED = 12
# What stands among a measure's words by language.
_NOT_WORDS = ("range", "weak")


@dataclass(frozen=True)
class Size:
    """A size as it was written, with its system where one was named."""

    label: str
    system: Optional[str] = None


@dataclass(frozen=True)
class Mentioned:
    """What a text says of sizes. `lengths` are lengths in centimetres that name no measure."""

    measures: Mapping[str, Decimal] = field(default_factory=dict)
    lengths: tuple[Decimal, ...] = ()
    named: tuple[str, ...] = ()  # measures named, with or without a number
    gender: Optional[str] = None
    kind: Optional[str] = None
    size: Optional[Size] = None
    target: Optional[str] = None


@dataclass(frozen=True)
class SizeWords:
    """The words of data/sizes/words.yml; made by `read_words`."""

    measures: Mapping[str, re.Pattern[str]]
    weak: Mapping[str, re.Pattern[str]]  # words that mean a measure where no other is named
    ranges: Mapping[str, tuple[Decimal, Decimal]]
    genders: Mapping[str, re.Pattern[str]]
    kinds: Mapping[str, re.Pattern[str]]
    codes: Mapping[str, str]  # code, folded -> system
    with_size: tuple[re.Pattern[str], re.Pattern[str]]  # "EU 42" and "42 EU"
    words: Mapping[str, re.Pattern[str]]
    beside: frozenset[str]
    also_words: frozenset[str]  # codes that are words of a language too
    countries: Mapping[str, str]
    special_countries: Mapping[str, Mapping[str, str]]

    def read(self, text: str, *, size: Optional[str] = None, system: Optional[str] = None) -> Mentioned:
        """Everything that the text says; `size` and `system` are what was already understood."""
        text = text[:_MOST_CHARS]
        plain = _folded(text)
        measures, lengths = self._lengths(plain)
        worn, target = self._systems(text, plain, size=size, system=system)
        return Mentioned(
            measures=measures,
            lengths=lengths,
            named=tuple(m for m, words in self.measures.items() if words.search(plain)),
            gender=self.gender_of(text),
            kind=next((k for k, words in self.kinds.items() if words.search(plain)), None),
            size=worn,
            target=target,
        )

    def gender_of(self, text: str) -> Optional[str]:
        """For whom a text asks: women, men or children; none when it does not say."""
        plain = _folded(text[:_MOST_CHARS])
        return next((gender for gender, words in self.genders.items() if words.search(plain)), None)

    def system_of(self, country: Optional[str], kind: str) -> str:
        """In which system a country counts a kind of size."""
        code = country or ""
        special = self.special_countries.get(kind, {}).get(code)
        return special or self.countries.get(code) or ("ISO" if kind == "rings" else "EU")

    def fits(self, measure: str, value: Decimal) -> bool:
        """Whether a measure can have so many centimetres."""
        low, high = self.ranges[measure]
        return low <= value <= high

    # -- measures ------------------------------------------------------------------------

    def _lengths(self, plain: str) -> tuple[dict[str, Decimal], tuple[Decimal, ...]]:
        """Numbers beside a measure's name, and lengths that stand alone."""
        numbers = [n for n in (_length(found) for found in _NUMBER.finditer(plain)) if n is not None]
        named = [
            (is_weak, found.start(), found.end(), measure)
            for is_weak, known in ((False, self.measures), (True, self.weak))
            for measure, words in known.items()
            for found in words.finditer(plain)
        ]
        pairs = sorted(
            (is_weak, _gap(plain, start, end, number), index, measure)
            for is_weak, start, end, measure in named
            for index, number in enumerate(numbers)
            if _gap(plain, start, end, number) <= _NEAR
        )
        measures: dict[str, Decimal] = {}
        used: set[int] = set()
        for _, _, index, measure in pairs:
            value = self._in_cm(measure, numbers[index])
            if index not in used and measure not in measures and value is not None:
                measures[measure] = value
                used.add(index)
        alone = tuple(n.cm for i, n in enumerate(numbers) if i not in used and n.cm is not None)
        return measures, alone

    def _in_cm(self, measure: str, number: _Length) -> Optional[Decimal]:
        if number.cm is not None:
            return number.cm if self.fits(measure, number.cm) else None
        for factor in (Decimal(1), INCH, Decimal(100)):
            if self.fits(measure, number.value * factor):
                return number.value * factor
        return None

    # -- systems -------------------------------------------------------------------------

    def _systems(
        self, text: str, plain: str, *, size: Optional[str], system: Optional[str]
    ) -> tuple[Optional[Size], Optional[str]]:
        """The size that was named with its own system, and the system that is asked for."""
        for pattern in self.with_size:
            found = next((m for m in pattern.finditer(plain) if self._is_code(m["system"], text)), None)
            if found:
                own = self.codes[found["system"]]
                others = [s for s in self._named(text, plain) if s != own]
                return Size(found["size"].upper(), own), next(iter(others), None)
        named = self._named(text, plain)
        if size and system:
            return Size(size, system), next((s for s in named if s != system), None)
        if size:
            return Size(size), next(iter(named), None)
        return None, next(iter(named), system)

    def _named(self, text: str, plain: str) -> list[str]:
        """Every system that is named, in the order of the text."""
        places: list[tuple[int, str]] = []
        for system, words in self.words.items():
            places += [(found.start(), system) for found in words.finditer(plain)]
        tokens = list(re.finditer(r"[a-z]+|\d+", plain))
        for at, token in enumerate(tokens):
            own = self.codes.get(token[0])
            if own is None:
                continue
            around = [tokens[i][0] for i in (at - 1, at + 1) if 0 <= i < len(tokens)]
            is_beside = any(word in self.beside or word.isdigit() for word in around)
            if (is_beside and self._is_code(token[0], text)) or _in_capitals(token[0], text):
                places.append((token.start(), own))
        return list(dict.fromkeys(system for _, system in sorted(places)))

    def _is_code(self, code: str, text: str) -> bool:
        """Whether this can be a system: "it" and "de" are words, unless they stand in capitals."""
        return code not in self.also_words or _in_capitals(code, text)


def _in_capitals(code: str, text: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z]){re.escape(code.upper())}(?![A-Za-z])", text))


@dataclass(frozen=True)
class _Length:
    start: int
    end: int
    value: Decimal
    cm: Optional[Decimal]  # none when no unit was written


def read_words(row: Mapping[str, Any]) -> SizeWords:
    """The words of the file's rows; KeyError and ValueError say what is missing."""
    unknown = set(row["systems"]) - set(SYSTEMS)
    if unknown:
        raise ValueError(f"no system {', '.join(sorted(unknown))}; known are {', '.join(SYSTEMS)}")
    codes = {fold(str(c)): s for s, known in row["systems"].items() for c in known["code"]}
    return SizeWords(
        measures={name: _pattern(_all(words, skip=_NOT_WORDS)) for name, words in row["measures"].items()},
        weak={
            name: _pattern([_folded(str(word)) for word in words["weak"]])
            for name, words in row["measures"].items()
            if "weak" in words
        },
        ranges={
            name: (Decimal(str(words["range"][0])), Decimal(str(words["range"][1])))
            for name, words in row["measures"].items()
        },
        genders={name: _pattern(_all(words)) for name, words in row["genders"].items()},
        kinds={name: _pattern(_all(words)) for name, words in row["kinds"].items()},
        codes=codes,
        with_size=_with_size(codes),
        words={s: _pattern([_folded(str(w)) for w in known["word"]]) for s, known in row["systems"].items()},
        beside=frozenset(_folded(str(w)) for w in row["beside"]),
        also_words=frozenset(str(w) for w in row["also_words"]),
        countries=dict(row["countries"]),
        special_countries={
            "shoes": dict(row.get("shoe_countries") or {}),
            "rings": dict(row.get("ring_countries") or {}),
        },
    )


def _with_size(codes: Iterable[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    either = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
    before = (
        rf"(?<![a-z0-9])(?P<system>{either})[\s:.-]?(?:size|gr\S*|talla|码)?\s?(?P<size>{_SIZE})(?![a-z0-9])"
    )
    after = rf"(?<![a-z0-9.,])(?P<size>{_SIZE})\s?(?:in\s|en\s)?(?P<system>{either})(?![a-z0-9])"
    return re.compile(before), re.compile(after)


def centimetres(measurement: str) -> Optional[Decimal]:
    """A measurement such as "24.5 cm" or "9.6 inch", in centimetres; none when it is no length."""
    found = _NUMBER.match(_folded(measurement))
    length = _length(found) if found else None
    return length.cm if length else None


def _length(found: re.Match[str]) -> Optional[_Length]:
    unit = found["unit"] or ""
    value = Decimal(found["number"].replace(",", "."))
    if not unit:
        return _Length(found.start(), found.end(), value, None)
    name = _UNITS.get(unit)
    if name is None and (unit.startswith(("cm", "centi")) or unit == "zentimeter"):
        name = "cm"
    if name is None and unit.startswith(("in", "zoll", "pulgada")):
        name = "inch"
    if name is None:
        return None  # a weight, an age, a percentage
    factor = {"mm": Decimal("0.1"), "cm": Decimal(1), "m": Decimal(100), "inch": INCH}[name]
    return _Length(found.start(), found.end(), value, value * factor)


def _gap(plain: str, start: int, end: int, number: _Length) -> int:
    """How far a number is from a name; one after its name is likelier meant than one before it."""
    is_after = number.start >= end
    between = plain[end : number.start] if is_after else plain[number.end : start]
    return len(between) + (0 if is_after else 2) + (_PARTED if _PARTS.search(between) else 0)


def _all(words: Mapping[str, Any], skip: Sequence[str] = ()) -> list[str]:
    return [_folded(str(w)) for lang, known in words.items() if lang not in skip for w in known]


def _folded(text: str) -> str:
    """Folded for matching, but with its points, commas and quotes; 34" is 34 inch."""
    kept = _MARKS.sub(" inch", text.replace(".", "\ue000"))
    return fold(kept).replace("\ue000", ".")


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Finds any of these words: with a plural's ending, but for one after "=", and Chinese anywhere."""
    longest = sorted(words, key=len, reverse=True)
    whole = "|".join(re.escape(w[1:]) for w in longest if w.startswith("="))
    plural = "|".join(re.escape(w) for w in longest if not w.startswith("=") and not _CJK.search(w))
    anywhere = [re.escape(w) for w in longest if _CJK.search(w)]
    latin = rf"(?<![a-z0-9])(?:(?:{plural})(?:s|n|e|es)?{f'|(?:{whole})' if whole else ''})(?![a-z])"
    return re.compile("|".join([latin, *anywhere]))
