"""Countries in a text, by name, short form, or an adjective beside an address."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, Iterator, Mapping, Sequence

from babel import Locale

from bot.nlu.endings import Endings
from bot.nlu.spans import Claims, Folded, FormTable, Found, read
from bot.nlu.text import fold

_NAMED_IN = ("en", "zh", "es", "de", "pt", "fr", "it", "ru", "ar", "ja", "zh_Hant", "pt_PT")
# Codes of CLDR that are unions or tests.
_NO_COUNTRIES = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
_UNION = "EU"
_NOTHING = "-"
_ARTICLES = ("the", "die", "los", "las", "la")
# How far from an adjective its noun may stand: "Mexican shipping address", "adresse de livraison allemande".
_AHEAD, _BEHIND = 2, 5
# A text of so many capitals says nothing by another one.
_LOUD = 8


class Countries:
    """Finds countries; a value is an ISO 3166 code, or EU."""

    def __init__(self, folder: Path, endings: Endings) -> None:
        data = read(folder, "countries")
        self._names = FormTable(_names(data, endings))
        self._adjectives = FormTable(
            (form, str(code)) for code, forms in data["adjectives"].items() for form in endings.spelt(forms)
        )
        self._beside = _tokens(endings.spelt(data["beside"]))
        self._tails = tuple(_tokens(data["tails"]))
        self._languages = _tokens(data["languages"])
        self._all_capitals = _folded(data["all_capitals"])
        self._capital = _folded(data["capital"])
        self._to, self._to_short = _tokens(data["to"]), _tokens(data["to_short"])
        self._things = _folded(data["things"])
        self._short = _folded(data["short"])
        self._money = _tokens(data["money"])

    def find(self, text: Folded, claims: Claims) -> None:
        """Take every country, after sizes and carriers were taken."""
        sized = any(span.entity in ("size", "size_system") for span in claims.spans)
        shouted = claims.raw.isupper() and sum(map(str.isupper, claims.raw)) >= _LOUD
        for found in self._names.matches(text):
            if found.value == _NOTHING or (found.value == _UNION and sized):
                continue
            first = found.first + (
                text.tokens[found.first].text in _ARTICLES and found.last - found.first > 1
            )
            start, end = text.place(text.tokens[first].start, text.tokens[found.last - 1].end)
            if self._is_meant(text, found, claims.raw[start:end], shouted):
                claims.take("country", start, end, found.value)
        for found in self._adjectives.matches(text):
            if self._has_noun(text, found):
                tokens = text.tokens
                place = text.place(tokens[found.first].start, tokens[found.last - 1].end)
                claims.take("country", *place, found.value)

    def _is_meant(self, text: Folded, found: Found, written: str, shouted: bool) -> bool:
        """Whether a name that is also a word, or money, stands for the country here."""
        tokens, name = text.tokens, fold(written)
        before = tokens[found.first - 1].text if found.first else ""
        after = tokens[found.last].text if found.last < len(tokens) else ""
        if after in self._money or after in self._languages:
            return False
        if name in self._all_capitals:
            if name in self._short and (before in self._to_short or (before in self._to and len(before) > 1)):
                return True
            if before in self._money or after.isdecimal():
                return False  # dollars US, and a VAT number that begins with GB
            has_article = tokens[found.first].text in _ARTICLES
            return has_article or (written.isupper() and (not shouted or len(tokens) == 1))
        if name in self._capital and not written[:1].isupper():
            return before in self._to and not (before == "a" and name in self._things)
        return True

    def _has_noun(self, text: Folded, found: Found) -> bool:
        near = [
            *text.tokens[max(0, found.first - _BEHIND) : found.first],
            *text.tokens[found.last : found.last + _AHEAD],
        ]
        return any(token.text in self._beside or token.text.endswith(self._tails) for token in near)


def _names(data: Mapping[str, Mapping[str, Sequence[str]]], endings: Endings) -> Iterator[tuple[str, str]]:
    """Every name of every country with its code; our own names win."""
    for phrase in data["nothing"]:
        yield str(phrase), _NOTHING
    for code, names in data["also"].items():
        yield from ((name, str(code)) for name in endings.spelt(names))
    left_out = _folded(data["never"])
    for language in _NAMED_IN:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES and fold(name) not in left_out:
                yield from ((form, code) for form in endings.cases(name))


def _folded(words: Iterable[object]) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in words)


def _tokens(words: Iterable[object]) -> frozenset[str]:
    """Words as they stand in a text's tokens; of an Arabic one what follows its prefixes."""
    return frozenset(Folded(str(word)).tokens[-1].text for word in words)
