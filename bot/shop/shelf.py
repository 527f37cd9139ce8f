"""What is on the shelf of one product: colours, sizes, pieces, and what could be had instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Optional

from bot.shop.model import Product, Variant

_X = re.compile(r"([2-5])\s*x\s*l")
_SPAN = re.compile(r"(\d+)\s*[-–/]\s*(\d+)")
_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=\d)")
_SYSTEM = re.compile(r"(?:eu|us|uk|cn|jp|kr|it|fr|de|au|iso|size|gr|talla)\.?\s*(?=[\dxsml])")
_NUMBER_OF = re.compile(r"([A-Za-z]{2,3})\s+[\d.,]+")
_LETTERS = {"small": "s", "medium": "m", "large": "l", "extra large": "xl", "extra small": "xs"}


@dataclass(frozen=True)
class Shelf:
    """A product's variants with the questions that one asks of them."""

    product: Product

    @property
    def colours(self) -> tuple[str, ...]:
        """The colours that the product is made in, in the catalogue's order."""
        return tuple(dict.fromkeys(v.colour for v in self.product.variants if v.colour))

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that the product is made in, in the catalogue's order."""
        return tuple(dict.fromkeys(v.size for v in self.product.variants if v.size))

    def size(self, asked: str) -> Optional[str]:
        """The label that a customer means ("xxl", "2XL", "41" of 39-42), or none.

        A number of another system than the product's is none of its labels: US 34 is not 34.
        """
        if _is_foreign(asked, self.product.size_system):
            return None
        wanted = _plain(asked)
        exact = next((s for s in self.sizes if _plain(s) == wanted), None)
        return exact or next((s for s in self.sizes if _spans(s, wanted)), None)

    def matching(self, *, colour: Optional[str] = None, size: Optional[str] = None) -> tuple[Variant, ...]:
        """The variants of this colour and this size; none given means any."""
        return tuple(
            v
            for v in self.product.variants
            if (colour is None or v.colour == colour) and (size is None or v.size == size)
        )

    def pieces(self, *, colour: Optional[str] = None, size: Optional[str] = None) -> int:
        """How many pieces of this colour and size there are."""
        return sum(v.stock for v in self.matching(colour=colour, size=size))

    def colours_there(self, *, size: Optional[str] = None) -> tuple[str, ...]:
        """The colours that are in stock, in this size where one is given."""
        return tuple(c for c in self.colours if self.pieces(colour=c, size=size))

    def sizes_there(self, *, colour: Optional[str] = None) -> tuple[str, ...]:
        """The sizes that are in stock, in this colour where one is given."""
        return tuple(s for s in self.sizes if self.pieces(colour=colour, size=s))

    def back_on(
        self, *, colour: Optional[str] = None, size: Optional[str] = None, today: date
    ) -> Optional[date]:
        """The first day on which more is expected; a day that has passed is no answer."""
        days = [v.restock_on for v in self.matching(colour=colour, size=size) if v.restock_on]
        return min((day for day in days if day >= today), default=None)


def _plain(size: str) -> str:
    text = size.casefold().strip().replace(",", ".")
    text = _SYSTEM.sub("", text)
    text = _LETTERS.get(text, text)
    text = _X.sub(lambda found: "x" * int(found[1]) + "l", text)
    text = _TIMES.sub("x", text).replace("–", "-")
    text = re.sub(r"\s*(cm|号|码|號|碼)$", "", text)
    return text[:-2] if text.endswith(".0") else text


def _is_foreign(asked: str, system: Optional[str]) -> bool:
    found = _NUMBER_OF.fullmatch(asked.strip())
    return found is not None and system is not None and found[1].upper() != system


def _spans(label: str, wanted: str) -> bool:
    """Whether a size such as 39-42 holds the size 41."""
    found = _SPAN.fullmatch(label)
    return bool(found and wanted.isdigit() and int(found[1]) <= int(wanted) <= int(found[2]))
