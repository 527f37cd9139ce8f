"""What a text refers to: orders, parcels, addresses, sizes, colours, countries, amounts, days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Iterator, Mapping, Optional, Sequence

from babel import Locale

from bot.nlu.amounts import Amounts, Measures
from bot.nlu.dates import Dates
from bot.nlu.numbers import Numbers
from bot.nlu.sizes import Sizes
from bot.nlu.spans import Claims, Folded, FormTable, Span, read
from bot.nlu.text import fold

_NAMED_IN = ("en", "zh", "es", "de", "pt", "fr", "it", "ru", "ar", "ja")
_ARTICLE = re.compile(r"(?:the|die|los|las|la) ", re.IGNORECASE)
# Longer texts are read up to here: no customer names an order after two pages.
LONGEST = 4000


@dataclass(frozen=True)
class References:
    """Everything that finds entities, read from data/lookups."""

    numbers: Numbers
    amounts: Amounts
    measures: Measures
    dates: Dates
    sizes: Sizes
    colours: FormTable
    carriers: FormTable
    countries: FormTable
    capital_only: frozenset[str]

    @classmethod
    def load(cls, folder: Path) -> References:
        """Read data/lookups; OSError, ValueError or KeyError when a file is not as it should be."""
        colours = read(folder, "colours")
        countries = read(folder, "countries")
        return cls(
            numbers=Numbers(folder),
            amounts=Amounts(folder),
            measures=Measures(folder),
            dates=Dates(folder),
            sizes=Sizes(folder),
            colours=FormTable(
                (str(form), code)
                for code, rows in colours.items()
                for forms in rows.values()
                for form in forms
            ),
            carriers=FormTable(
                (str(f), code) for code, forms in read(folder, "carriers").items() for f in forms
            ),
            countries=FormTable(_country_names(countries["also"], never=countries["never"])),
            capital_only=frozenset(fold(str(name)) for name in countries["capital_only"]),
        )

    def find(self, text: str, *, today: Optional[date] = None, month_first: bool = False) -> list[Span]:
        """The entities of a text, from left to right, none on top of another.

        `today` is the customer's; `month_first` reads 11/3 as the third of November.
        """
        text = text[:LONGEST]
        folded, claims = Folded(text), Claims(text)
        self.numbers.find_addresses(claims)
        self.numbers.find_tracking(folded, claims)
        self.amounts.find(folded, claims)
        self.measures.find(folded, claims)
        self.numbers.find_phones(claims)
        self.dates.find(folded, claims, today=today, month_first=month_first)
        colours = [(start, end) for start, end, _ in self.colours.find(folded)]
        self.sizes.find(folded, claims, colours=colours)
        self.numbers.find_quantities(folded, claims, colours=colours)
        self.numbers.find_orders(claims)
        self._take_all("carrier", self.carriers, folded, claims)
        self._take_all("country", self.countries, folded, claims)
        self._take_all("colour", self.colours, folded, claims)
        return sorted(claims.spans, key=lambda span: span.start)

    def _take_all(self, entity: str, table: FormTable, folded: Folded, claims: Claims) -> None:
        for start, end, value in table.find(folded):
            written = claims.raw[start:end]
            article = _ARTICLE.match(written)
            if article:  # "the US" is a form, since "us" alone is none
                start, written = start + article.end(), written[article.end() :]
                claims.take(entity, start, end, value)
                continue
            if entity == "country" and fold(written) in self.capital_only and not written[:1].isupper():
                continue
            claims.take(entity, start, end, value)


def _country_names(also: Mapping[str, Sequence[str]], *, never: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every name of every country, with its ISO 3166 alpha-2 code; our own names win."""
    left_out = {fold(str(name)) for name in never}
    for code, names in also.items():
        for name in names:
            yield str(name), str(code)
    for language in _NAMED_IN:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES and fold(name) not in left_out:
                yield name, code


# Codes of CLDR that are regions, unions or tests.
_NO_COUNTRIES = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
