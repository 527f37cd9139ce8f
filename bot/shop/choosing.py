"""Which product is meant: for whom, in which size, and not another one than was named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Optional, Sequence

from bot.shop.finding import Found, Names
from bot.shop.model import Product
from bot.shop.shelf import Shelf
from bot.shop.strangers import PlainWords, asks_for_another, stranger


@dataclass(frozen=True)
class Meant:
    """The product meant, or the candidates to ask about, and why it has to be asked.

    `why` is "" as a rule; "unknown" when a name stands in the text that no product has; "adults"
    when it is asked for a child and the product is none: `candidates` are then the children's ones.
    `is_named`: a name or alias was said; `is_bare`: nothing but a bare noun points there ("shoes").
    """

    product: Optional[Product]
    candidates: tuple[Product, ...] = ()
    why: str = ""
    is_named: bool = False
    is_bare: bool = False


def choose(
    text: str,
    *,
    names: Names,
    shown: Optional[Product],
    last: Optional[Product],
    gender_of: Callable[[str], Optional[str]],
    size: Optional[str],
    plain: Optional[PlainWords],
) -> Meant:
    """The product that a text means: named, else the page's (`shown`), else the `last` one.

    `gender_of` says for whom a text asks, `size` the size that was named, `plain` as in `stranger`; without
    plain words no name is taken for unknown.
    """
    named, gender = names.find(text), gender_of(text)
    another = _another(text, named, names, plain)
    if another is not None:
        may_be = narrowed(named, gender=gender, size=size).candidates
        return Meant(None, (*may_be, *names.find(another).candidates), "unknown")
    is_same = shown is not None and not named.is_brand and _is_same(named, shown, names, gender_of)
    if plain is not None and asks_for_another(text, names.known, plain):
        last = None
    found, is_here = _here(named, shown, last, is_same=is_same)
    is_bare = not named.named and not is_here
    if gender == "children":
        ids = {product.id for product in named.candidates}
        is_chosen = named.is_brand or (is_here and (not ids or found.candidates[0].id in ids))
        meant = _for_child(found, names, text, is_chosen=is_chosen, size=size)
        if meant is not None:
            return replace(meant, is_named=named.named and not is_here, is_bare=is_bare)
    found = narrowed(found, gender=gender, size=size)
    return Meant(found.product, found.candidates, is_named=named.named and not is_here, is_bare=is_bare)


def _another(text: str, named: Found, names: Names, plain: Optional[PlainWords]) -> Optional[str]:
    """A name in the text that none of the products found has: of nothing we know, or of another product."""
    if named.is_brand or plain is None:
        return None
    own = names.brands_of(named.candidates)
    return stranger(
        text, named.words, known=names.known - (names.brands - own), brands=own, plain=plain.words
    )


def _is_same(named: Found, shown: Product, names: Names, gender_of: Callable[[str], Optional[str]]) -> bool:
    """Whether the page's product was named, and for whom: "women's boots" on a page of boots for all."""
    more = names.beyond(named.words, shown)
    whom = gender_of(more) if more else None
    return whom is not None and for_whom(shown) in (whom, "unisex")


def _here(
    named: Found, shown: Optional[Product], last: Optional[Product], *, is_same: bool
) -> tuple[Found, bool]:
    """What is meant, and whether it is a product that page or memory gave."""
    ids = {product.id for product in named.candidates}
    is_apart = shown is not None and bool(ids) and all(p.category != shown.category for p in named.candidates)
    if shown is not None and (is_same or shown.id in ids or not (named.named or is_apart)):
        return Found(shown, (shown,)), True
    if last is not None and shown is None and named.product is None and (not ids or last.id in ids):
        return Found(last, (last,)), True
    return named, False


def _for_child(
    found: Found, names: Names, text: str, *, is_chosen: bool, size: Optional[str]
) -> Optional[Meant]:
    """What is meant when it is for a child; none when the child makes no difference.

    `is_chosen`: a page, a memory or a name points at this very product.
    """
    product = found.product
    others = tuple(p for p in found.candidates if is_for_others(p))
    if not others or (product is not None and size and Shelf(product).size(size)):
        return None
    children = for_children(names.alike(product) if product is not None and is_chosen else names.kinds(text))
    if is_chosen or not children:
        return Meant(product, children or (() if product is not None else others), "adults")
    children = tuple(p for p in children if size and Shelf(p).size(size)) or children
    return Meant(children[0] if len(children) == 1 else None, children)


def narrowed(found: Found, *, gender: Optional[str], size: Optional[str]) -> Found:
    """The candidates that are for this gender and come in this size, where some are and do."""
    if found.product is not None:
        return found
    left = found.candidates
    if gender in ("women", "men"):
        left = tuple(p for p in left if for_whom(p) in (gender, "unisex", None)) or left
    if size:
        left = tuple(p for p in left if Shelf(p).size(size)) or left
    is_one = len(left) == 1 < len(found.candidates)
    return Found(left[0] if is_one else None, left, found.named, found.is_brand, found.words)


def for_whom(product: Product) -> Optional[str]:
    """Whom a product is cut for, by its size chart."""
    return product.chart.gender if product.chart else None


def for_children(products: Sequence[Product]) -> tuple[Product, ...]:
    """The ones that are cut for children."""
    return tuple(product for product in products if for_whom(product) == "children")


def is_for_others(product: Product) -> bool:
    """Whether a product has sizes, and none of them is a child's."""
    return for_whom(product) not in ("children", None)
