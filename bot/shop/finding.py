"""Which product a text speaks of, by its names in every language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterable, Sequence

from bot.shop.model import Product

# Languages whose nouns stand first: the head of "botas de agua" is "botas".
HEAD_FIRST = ("es", "pt", "fr", "it")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W_]+")
_JOINERS = re.compile(r"[-'’‘`´.]")
_ENDINGS = ("", "s", "n", "e")
_LONG_ENDINGS = ("en", "es", "er")
# A Schal has no Schalen: two letters more need a word that is long enough to stay itself.
_LEAST_STEM = 6
# A German compound ends in what it is: a Damenregenjacke is a Regenjacke.
_LEAST_TAIL = 5


@dataclass(frozen=True)
class Found:
    """What a text speaks of: one product surely (`product`), or several perhaps (`candidates`).

    `named` is False when nothing but a bare noun ("jacket") points at the candidates.
    """

    product: Product | None
    candidates: tuple[Product, ...] = ()
    named: bool = False


def find(text: str, products: Sequence[Product]) -> Found:
    """The product whose name or alias stands in the text; a longer name beats a shorter one."""
    words, plain = _words(text), fold(text)
    skus = [p for p in products for v in p.variants if _has_sku(words, v.sku)]
    if skus:
        return Found(skus[0], (skus[0],), named=True)
    best, phrase = 0, ""
    for product in products:
        for name in _names(product):
            size = len(fold(name))
            if size > best and _says(words, plain, name):
                best, phrase = size, name
    if phrase:
        named = tuple(p for p in products if any(_is_called(name, phrase) for name in _names(p)))
        return Found(named[0] if len(named) == 1 else None, named, named=True)
    return Found(None, tuple(p for p in products if _says_head(words, p)))


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A text without capitals, accents and hyphens; ü and ue become one."""
    marks = unicodedata.normalize("NFKD", text.casefold())
    bare = _JOINERS.sub("", "".join(c for c in marks if not unicodedata.combining(c)))
    return bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


@lru_cache(maxsize=8192)
def _phrase(name: str) -> tuple[str, ...]:
    return _words(name)


def _names(product: Product) -> Iterable[str]:
    yield from product.names.values()
    for aliases in product.aliases.values():
        yield from aliases


def _says(words: Sequence[str], plain: str, name: str) -> bool:
    parts = _phrase(name)
    if parts[0][:3] not in plain:  # most names end here: a catalogue has hundreds
        return False
    if _CJK.search(name):
        return "".join(parts) in plain.replace(" ", "")
    span = len(parts)
    return any(_same(words[at : at + span], parts) for at in range(len(words) - span + 1))


def _same(words: Sequence[str], parts: Sequence[str]) -> bool:
    return all(_is(word, part) for word, part in zip(words, parts, strict=True))


def _is(word: str, part: str) -> bool:
    """A word is this name's word, also with a plural's ending or as the end of a compound."""
    if word.startswith(part):
        return _ends(part, word[len(part) :])
    if part.startswith(word) and len(word) >= _LEAST_TAIL - 1:  # a boot, of boots
        ending = part[len(word) :]
        return ending == "s" or (len(word) >= _LEAST_TAIL and _ends(word, ending))
    if len(part) < _LEAST_TAIL or len(word) <= len(part) + 1:
        return False
    return any(word.endswith(part + ending) for ending in _ENDINGS)


def _ends(stem: str, ending: str) -> bool:
    return ending in _ENDINGS or (len(stem) >= _LEAST_STEM and ending in _LONG_ENDINGS)


def _is_called(name: str, phrase: str) -> bool:
    """Whether a name and a phrase are the same words, plurals aside."""
    parts, words = _phrase(phrase), _phrase(name)
    return len(parts) == len(words) and (words == parts or _same(words, parts))


def _says_head(words: Sequence[str], product: Product) -> bool:
    """Whether the text has the bare noun of one of the product's aliases ("jacket")."""
    return any(_is(word, head) for head in _heads(product) for word in words)


def _heads(product: Product) -> Iterable[str]:
    for language, aliases in product.aliases.items():
        for alias in aliases:
            parts = _phrase(alias)
            if len(parts) > 1:
                yield parts[0 if language in HEAD_FIRST else -1]


def _has_sku(words: Sequence[str], sku: str) -> bool:
    return fold(sku) in words
