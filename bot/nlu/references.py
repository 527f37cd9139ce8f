"""What a text refers to: orders, parcels, addresses, sizes, colours, countries, amounts, days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Optional

from bot.nlu.amounts import Amounts, Measures
from bot.nlu.colours import Colours
from bot.nlu.countries import Countries
from bot.nlu.dates import Dates
from bot.nlu.endings import Endings
from bot.nlu.numbers import Numbers
from bot.nlu.sizes import Sizes
from bot.nlu.spans import Claims, Folded, FormTable, Span, read

# Longer texts are read up to here: no customer names an order after two pages.
LONGEST = 4000
# The value of what holds a carrier's name and is none.
NO_CARRIER = "nothing"


@dataclass(frozen=True)
class References:
    """Everything that finds entities, read from data/lookups."""

    numbers: Numbers
    amounts: Amounts
    measures: Measures
    dates: Dates
    sizes: Sizes
    colours: Colours
    carriers: FormTable
    countries: Countries

    @classmethod
    def load(cls, folder: Path) -> References:
        """Read data/lookups; OSError, ValueError or KeyError when a file is not as it should be."""
        endings = Endings(folder)
        return cls(
            numbers=Numbers(folder),
            amounts=Amounts(folder),
            measures=Measures(folder),
            dates=Dates(folder, endings),
            sizes=Sizes(folder),
            colours=Colours(folder, endings),
            carriers=FormTable(
                (form, str(code))
                for code, forms in read(folder, "carriers").items()
                for form in endings.spelt(forms)
            ),
            countries=Countries(folder, endings),
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
        colours = self.colours.find(folded)
        places = [(start, end) for start, end, _ in colours]
        self.sizes.find(folded, claims, colours=places)
        self.numbers.find_quantities(folded, claims, colours=places)
        self.numbers.find_orders(claims)
        for start, end, carrier in self.carriers.find(folded):
            if carrier != NO_CARRIER:
                claims.take("carrier", start, end, carrier)
        self.countries.find(folded, claims)
        for start, end, colour in colours:
            claims.take("colour", start, end, colour)
        return sorted(claims.spans, key=lambda span: span.start)
