"""Which product is meant: for whom, in which size, and not another one than was named."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Optional, Sequence

from bot.shop.finding import Found, Names, fold, is_word
from bot.shop.model import Product
from bot.shop.shelf import Shelf
from bot.yamls import load_yaml

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’‘`´][^\W\d_]+)*")
_JOINT = re.compile(r"[-'’‘`´]")
_LATIN = r"[A-Z][A-Za-z]{2,}"
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# Nobody names a product after so many characters.
_MOST_CHARS = 600
# A name of fewer letters is a size, a system or an initial.
_LEAST_NAME = 3
_ALIKE = 0.8


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
    gender: Optional[str],
    size: Optional[str],
    plain: frozenset[str],
) -> Meant:
    """The product that a text means: named, else the page's (`shown`), else the `last` one.

    `gender` is for whom it is asked, `size` the size that was named, `plain` as in `stranger`; with no
    plain words no name is taken for unknown.
    """
    named = names.find(text)
    is_open = bool(plain) and not named.is_brand
    if is_open and stranger(text, named.words, known=names.known, brands=names.brands, plain=plain):
        return Meant(None, narrowed(named, gender=gender, size=size).candidates, "unknown")
    found, is_here = _here(named, shown, last)
    is_bare = not named.named and not is_here
    if gender == "children":
        is_chosen = is_here or named.is_brand
        meant = _for_child(found, names, text, is_chosen=is_chosen, size=size)
        if meant is not None:
            return replace(meant, is_named=named.named and not is_here, is_bare=is_bare)
    found = narrowed(found, gender=gender, size=size)
    return Meant(found.product, found.candidates, is_named=named.named and not is_here, is_bare=is_bare)


def _here(named: Found, shown: Optional[Product], last: Optional[Product]) -> tuple[Found, bool]:
    """What is meant, and whether it is a product that page or memory gave."""
    ids = {product.id for product in named.candidates}
    if shown is not None and not (named.named and shown.id not in ids):
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


def stranger(
    text: str, words: Sequence[str], *, known: frozenset[str], brands: frozenset[str], plain: frozenset[str]
) -> Optional[str]:
    """A name beside the words found that nothing in the catalogue has: Rill, of "Rill rain jacket".

    `known` are the catalogue's words, `brands` those of them that are names (which a customer may
    misspell), `plain` other words that may stand there with a capital.
    """
    for name in _beside(text[:_MOST_CHARS], words):
        parts = [fold(name), *(fold(part) for part in _JOINT.split(name))]
        if any(is_word(part, known) or is_word(part, plain) for part in parts):
            continue
        if len(name) >= _LEAST_NAME and not get_close_matches(fold(name), brands, n=1, cutoff=_ALIKE):
            return name
    return None


def load_plain_words(folder: Path) -> frozenset[str]:
    """Words that are no product's name, from names.yml and colours.yml; ValueError names the file."""
    path = folder / "names.yml"
    rows: Any = load_yaml(path.read_text(encoding="utf-8")) or {}
    if not isinstance(rows, dict) or not all(isinstance(words, list) for words in rows.values()):
        raise ValueError(f"{path}: it takes a list of words for each language.")
    colours: Any = load_yaml((folder / "colours.yml").read_text(encoding="utf-8")) or {}
    forms = (
        str(form).rstrip("~") for known in colours.values() for words in known.values() for form in words
    )
    listed = (str(word) for words in rows.values() for word in words)
    return frozenset(fold(part) for form in (*forms, *listed) for part in form.split())


def _beside(text: str, words: Sequence[str]) -> list[str]:
    """The words with a capital that touch the found ones; a text in capitals has none."""
    if not words or text.isupper():
        return []
    joined = "".join(words)
    if _CJK.search(joined):
        at = text.casefold().find(joined)
        before, after = text[: max(at, 0)], text[at + len(joined) :] if at >= 0 else ""
        around = (re.search(rf"({_LATIN})\s?$", before), re.match(rf"\s?({_LATIN})", after))
        return [found[1] for found in around if found]
    tokens = list(_TOKEN.finditer(text))
    for at in range(len(tokens) - len(words) + 1):
        here = tokens[at : at + len(words)]
        if all(is_word(fold(t.group()), frozenset((word,))) for t, word in zip(here, words, strict=True)):
            names = [token.group() for token in _touching(text, tokens, at, at + len(words))]
            names += here[0].group().split("-")[:-1]  # the Rill of a "Rill-Regenjacke"
            return [name for name in names if name[:1].isupper()]
    return []


def _touching(text: str, tokens: Sequence[re.Match[str]], start: int, end: int) -> list[re.Match[str]]:
    """The words right before and right after a place, with nothing but a space or a quote between."""
    found = []
    if start > 0 and not text[tokens[start - 1].end() : tokens[start].start()].strip(" \"“”„'"):
        found.append(tokens[start - 1])
    if end < len(tokens) and not text[tokens[end - 1].end() : tokens[end].start()].strip(" \"“”„'"):
        found.append(tokens[end])
    return found
