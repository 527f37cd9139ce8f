"""The words that make a claim in one language: data/guard/<language>.yml, with CLDR's weekdays and months."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, Sequence

import yaml

from bot.wording.style import Style
from bot.yamls import load_yaml

UNITS = (
    "working_days",
    "days",
    "hours",
    "minutes",
    "weeks",
    "months",
    "years",
    "percent",
    "currency",
    "length",
    "clock",
    "scale",
    "date",
)
# Units that count when the number before them is a word; the others are too short for it.
_AFTER_WORDS = tuple(unit for unit in UNITS if unit not in ("length", "scale", "date"))
_LISTS = (
    "guarantee",
    "allow",
    "relative_days",
    "percentages",
    "weekdays",
    "weekday_short",
    "months",
    "not_months",
    "strange",
)
_NUMBERS = ("one", "numbers", "glue", "joins", "between")
_CURRENCY_CODES = (
    "usd|eur|gbp|cny|rmb|jpy|brl|aud|cad|chf|sek|nok|dkk|pln|inr|rub|hkd|sgd|mxn|krw|zar|aed|sar|thb"
)
CURRENCY_BEFORE = re.compile(rf"(?:[$€£¥₹₽]|(?<![^\W\d_])(?:{_CURRENCY_CODES}))\s*\Z")

# What a reader does not see, and letters that look alike; decimal digits of other scripts are ASCII's.
_SAME: dict[int, Any] = {
    **dict.fromkeys([0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]),
    0xFEFF: None,
    ord("’"): "'",
    ord("‑"): "-",
    **{
        zero + digit: str(digit)
        for zero in (
            0x660,
            0x6F0,
            0x7C0,
            0x966,
            0x9E6,
            0xA66,
            0xAE6,
            0xB66,
            0xBE6,
            0xC66,
            0xCE6,
            0xD66,
            0xE50,
        )
        for digit in range(10)
    },
}


def fold(text: str) -> str:
    """A text as the guard compares it: compatibility forms, decimal digits and case made equal."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_SAME)
    return text.lower()


@dataclass(frozen=True)
class Phrase:
    """Words to look for; `stem` when any ending may follow."""

    text: str
    stem: bool


@dataclass(frozen=True)
class Lexicon:
    """What the guard looks for in one language."""

    spaced: bool
    kinds: tuple[tuple[str, tuple[Phrase, ...]], ...]
    allow: tuple[Phrase, ...]
    strange: tuple[Phrase, ...]
    ones: frozenset[str]
    weekday_short: re.Pattern[str]
    half_days: re.Pattern[str]
    number_words: re.Pattern[str]
    unit_after: re.Pattern[str]
    unit_next: re.Pattern[str]
    group: str

    def find(self, text: str, phrases: Iterable[Phrase]) -> Iterator[tuple[int, int]]:
        """Where these phrases stand in a folded text."""
        for phrase in phrases:
            start = text.find(phrase.text)
            while start >= 0:
                end = start + len(phrase.text)
                if not self.spaced or self._is_word(text, start, end, phrase):
                    yield start, end
                start = text.find(phrase.text, start + 1)

    @staticmethod
    def _is_word(text: str, start: int, end: int, phrase: Phrase) -> bool:
        if start and text[start - 1].isalpha() and phrase.text[0].isalpha():
            return False
        return phrase.stem or end == len(text) or not text[end].isalpha()


def read_lexicon(path: Path, style: Style) -> Lexicon:
    """One language's words; ValueError names the file and what is missing."""
    try:
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(
            f"{path}: missing. The guard needs it for replies in {path.stem!r}; "
            "copy another language's (docs/adding.md#language)."
        ) from None
    except yaml.YAMLError as e:
        raise ValueError(f"{path}: not readable as YAML: {e}") from e
    if not isinstance(row, dict) or not isinstance(row.get("spaced"), bool):
        raise ValueError(f"{path}: the field spaced (true or false) is missing.")
    for field in (*_LISTS, *_NUMBERS):
        if not _is_texts(row.get(field)):
            raise ValueError(f"{path}: the field {field} is no list of texts.")
    units = row.get("units")
    for unit in UNITS:
        if not isinstance(units, dict) or not _is_texts(units.get(unit)):
            raise ValueError(f"{path}: the field units.{unit} is no list of texts.")
    half = row.get("half_days")
    if not isinstance(half, dict) or not all(_is_texts(half.get(side)) for side in ("before", "after")):
        raise ValueError(f"{path}: the field half_days needs the lists before and after.")
    return _lexicon(row, style)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _lexicon(row: Mapping[str, Any], style: Style) -> Lexicon:
    spaced: bool = row["spaced"]
    locale = style.locale
    weekdays = [*row["weekdays"], *_cldr(locale.days, "wide")]
    if not spaced:
        weekdays += [name for name in _cldr(locale.days, "abbreviated") if len(name) > 1]
    months = [*row["months"], *_cldr(locale.months, "wide")]
    months = [m for m in months if fold(m) not in row["not_months"] and not m[:1].isdigit()]
    short = [fold(name).rstrip(".") for name in row["weekday_short"]]
    return Lexicon(
        spaced=spaced,
        kinds=(
            ("guarantee", _phrases(row["guarantee"])),
            ("relative day", _phrases(row["relative_days"])),
            ("percentage", _phrases(row["percentages"])),
            ("weekday", _phrases(weekdays)),
            ("month", _phrases(months)),
        ),
        allow=_phrases(row["allow"]),
        strange=_phrases(row["strange"]),
        ones=frozenset(fold(word) for word in row["one"]),
        weekday_short=_weekday_short(short),
        half_days=_half_days(row, spaced),
        number_words=_number_words(row, spaced),
        unit_after=_unit_after(row, spaced, ranges=True),
        unit_next=_unit_after(row, spaced, ranges=False),
        group=fold(str(locale.number_symbols["latn"]["group"])),
    )


def _cldr(table: Mapping[str, Any], width: str) -> list[str]:
    names = {name for use in ("format", "stand-alone") for name in table[use].get(width, {}).values()}
    return sorted(names)


def _phrases(texts: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(fold(text.rstrip("*")), text.endswith("*")) for text in dict.fromkeys(texts))


def _any(texts: Iterable[str]) -> str:
    """An alternation of texts, the longest first; a * at the end stands for letters."""
    folded = sorted({fold(text) for text in texts}, key=len, reverse=True)
    return "|".join(_literal(text) for text in folded) or NEVER


def _literal(text: str) -> str:
    stem = text.endswith("*")
    pattern = re.escape(text.rstrip("*")).replace(r"\ ", r"\s+")
    return pattern + (r"[^\W\d_]*" if stem else "")


NEVER = r"(?!)"


def _bounded(texts: Sequence[str], spaced: bool) -> str:
    """The same, each ending where a word ends."""
    words = [t for t in texts if t.rstrip("*")[-1].isalpha()]
    signs = [t for t in texts if t not in words]
    ends = r"(?!\w)" if spaced else ""
    return f"(?:{_any(words)}){ends}|{_any(signs)}"


def _units(row: Mapping[str, Any], names: Iterable[str], spaced: bool) -> str:
    """One group for each unit, named after it."""
    return "|".join(f"(?P<{unit}>{_bounded(row['units'][unit], spaced)})" for unit in names)


def _weekday_short(names: Sequence[str]) -> re.Pattern[str]:
    """Short weekdays are also common words: they count next to a number, a fact, or another one."""
    any_name = _any(names)
    return re.compile(
        rf"(?<!\w)(?:{any_name})(?:\.?,?\s*[\d\0]|\.?\s*[–-]\s*(?:{any_name})(?!\w)|\.(?=\s|,))"
    )


def _half_days(row: Mapping[str, Any], spaced: bool) -> re.Pattern[str]:
    """A word for the half of the day beside a time: with it, 10:30 may be another time."""
    half = row["half_days"]
    number = "" if spaced else f"|{_any([*row['one'], *row['numbers']])}"
    return re.compile(
        rf"[\d\0]\s*(?:{_bounded(half['after'], True)})|(?:{_any(half['before'])})\s*(?:[\d\0]{number})"
    )


def _number_words(row: Mapping[str, Any], spaced: bool) -> re.Pattern[str]:
    """A number in words (`number`) with a unit after it (the group of its name)."""
    words = _any([*row["one"], *row["numbers"]])
    glue = f"(?:{_any(row['glue'])})?" if row["glue"] else ""
    gap = r"[\s-]+" if spaced and not row.get("compounds") else r"[\s-]*"
    edge = r"(?<!\w)" if spaced else ""
    number = rf"(?:{words})(?:[\s-]?{glue}[\s-]?(?:{words})){{0,3}}"
    joins = rf"(?:\s*(?:[–-]|{_any(row['joins'])})\s*(?:{number}|[\d\0][\d\0.,]*))?"
    between = rf"(?:(?:{_any(row['between'])}){gap}){{0,2}}"
    return re.compile(
        rf"{edge}(?P<number>{number}){joins}{gap}{between}(?:{_units(row, _AFTER_WORDS, spaced)})"
    )


def _unit_after(row: Mapping[str, Any], spaced: bool, *, ranges: bool) -> re.Pattern[str]:
    """The unit that follows a numeral; with `ranges` also the unit of a range that it begins."""
    gap = r"[\s-]*"
    rest = rf"(?:\s*(?:[–-]|{_any(row['joins'])})\s*[\d\0][\d\0.,]*)?" if ranges else ""
    between = rf"(?:(?:{_any(row['between'])}){gap}){{0,2}}"
    return re.compile(rf"{rest}{gap}{between}(?:{_units(row, UNITS, spaced)})")
