"""Which product a text speaks of, by its names in every language."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Iterable, Iterator, Optional, Sequence

from bot.shop.model import Product

# Languages whose nouns stand first: the head of "botas de agua" is "botas".
HEAD_FIRST = ("es", "pt", "fr", "it")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W_]+")
_JOINERS = re.compile(r"[-'’‘`´.]")
_ENDINGS = ("s", "n", "e")
_LONG_ENDINGS = ("en", "es", "er")
# A Schal has no Schalen: two letters more need a word that is long enough to stay itself.
_LEAST_STEM = 6
# "T-Shirt für Damen" is a T-Shirt.
_FOR = ("for", "fur", "voor")
# A German compound ends in what it is: a Damenregenjacke is a Regenjacke.
_LEAST_TAIL = 5
_LONGEST_END = 4
# Nobody names a product after so many characters.
_MOST_CHARS = 600


@dataclass(frozen=True)
class Found:
    """What a text speaks of: one product surely (`product`), or several perhaps (`candidates`).

    `named` is False when nothing but a bare noun ("jacket") points at the candidates, `is_brand` says
    that a name was said which is nothing but a name ("Marlow"), `words` are the words that were found.
    """

    product: Optional[Product]
    candidates: tuple[Product, ...] = ()
    named: bool = False
    is_brand: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Phrase:
    words: tuple[str, ...]
    weight: int


class Names:
    """The names, aliases and numbers of a catalogue, ready to be looked for in texts."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = tuple(products)
        self._skus = {fold(v.sku): at for at, p in enumerate(products) for v in p.variants}
        self._called: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._heads: dict[str, set[int]] = defaultdict(set)
        self._brands = [_brands(product) for product in self._products]
        self.brands = frozenset(brand for brands in self._brands for brand in brands)
        self.known = frozenset(word for product in self._products for word in _vocabulary(product))
        for at, product in enumerate(self._products):
            for name in _names(product):
                self._called[_words(name)].add(at)
            for head in _heads(product):
                self._heads[head].add(at)
        self._starts: dict[str, list[_Phrase]] = defaultdict(list)
        self._unspaced: list[_Phrase] = []
        self._ends = _shared_ends(self._products)
        for words in self._called:
            phrase = _Phrase(words, sum(map(len, words)))
            if _CJK.search("".join(words)):
                self._unspaced.append(phrase)
            else:
                self._starts[words[0]].append(phrase)

    def find(self, text: str) -> Found:
        """The product whose name or alias stands in the text; a longer name beats a shorter one."""
        words = _words(text[:_MOST_CHARS])
        number = next((self._skus[word] for word in words if word in self._skus), None)
        if number is not None:
            return replace(self._found({number}, named=True), is_brand=True)
        said = tuple(self._said(words))
        best = max(said, key=lambda phrase: phrase.weight, default=None)
        if best is not None:
            places = self._called[best.words]
            own = {brand for at in places for brand in self._brands[at]}
            is_brand = any(_holds(phrase.words, brand) for phrase in said for brand in own)
            return replace(self._found(places, named=True), is_brand=is_brand, words=best.words)
        heads = [form for word in words for form in _forms(word) if form in self._heads]
        end = None if heads else self._end_in(words)
        places = self._ends[end] if end else {at for head in heads for at in self._heads[head]}
        return replace(self._found(places), words=(end,) if end else tuple(heads[:1]))

    def brands_of(self, products: Sequence[Product]) -> frozenset[str]:
        """The words of these products that are nothing but their names."""
        ids = {product.id for product in products}
        pairs = zip(self._products, self._brands, strict=True)
        return frozenset(brand for product, brands in pairs if product.id in ids for brand in brands)

    def beyond(self, words: Sequence[str], product: Product) -> Optional[str]:
        """What words say beyond a product's alias: the women's of "women's boots"; none: another kind."""
        joined = "".join(words)
        for language, aliases in product.aliases.items():
            for alias in map(_words, aliases):
                short = "".join(alias)
                if language in HEAD_FIRST and tuple(words[: len(alias)]) == alias:
                    return " ".join(words[len(alias) :])
                if language not in HEAD_FIRST and len(short) >= _LEAST_TAIL and joined.endswith(short):
                    return joined[: -len(short)]
        return None

    def said_in(self, text: str) -> tuple[str, ...]:
        """The pieces of a text that name what `find` finds, as they are typed."""
        found = self.find(text)
        if not found.candidates:
            return ()
        names = {name for product in found.candidates for name in _names(product)}
        known = frozenset(word for name in names for word in _words(name) if not _CJK.search(word))
        words = [word for word in _WORD.findall(text[:_MOST_CHARS]) if is_word(fold(word), known)]
        dense = [name for name in (*names, *found.words) if _CJK.search(name) and name in fold(text)]
        return tuple(dict.fromkeys((*words, *sorted(dense, key=len, reverse=True))))

    def kinds(self, text: str) -> tuple[Product, ...]:
        """Every product whose kind a text names: for "raincoat" also the children's raincoat."""
        found = self.find(text)
        heads = {form for word in _words(text[:_MOST_CHARS]) for form in _forms(word)}
        places = {at for head in heads for at in self._heads.get(head, ())}
        end = self._end_in(_words(text[:_MOST_CHARS]))
        places |= self._ends[end] if end else set()
        bare = [self._products[at] for at in sorted(places)]
        like = [other for product in found.candidates for other in self.alike(product)]
        return tuple({product.id: product for product in (*found.candidates, *like, *bare)}.values())

    def alike(self, product: Product) -> tuple[Product, ...]:
        """Other products of the same kind: the children's raincoat is a raincoat."""
        return tuple(p for p in self._products if p is not product and _is_kind_of(p, product))

    def _end_in(self, words: Sequence[str]) -> Optional[str]:
        """The longest bare noun of a language without spaces that stands in the words."""
        joined = "".join(words)
        if not _CJK.search(joined):
            return None
        return max((end for end in self._ends if end in joined), key=len, default=None)

    def _said(self, words: Sequence[str]) -> Iterator[_Phrase]:
        """Every name that stands in the words."""
        for at, word in enumerate(words):
            for form in _forms(word):
                for phrase in self._starts.get(form, ()):
                    rest = phrase.words[1:]
                    following = words[at + 1 : at + 1 + len(rest)]
                    if len(following) == len(rest) and all(map(_is, following, rest)):
                        yield phrase
        joined = "".join(words)
        if _CJK.search(joined):
            yield from (phrase for phrase in self._unspaced if "".join(phrase.words) in joined)

    def _found(self, places: Iterable[int], *, named: bool = False) -> Found:
        products = tuple(self._products[at] for at in sorted(places))
        is_one = named and len(products) == 1
        return Found(products[0] if is_one else None, products, named)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A text without capitals, accents and hyphens; ü and ue become one."""
    marks = unicodedata.normalize("NFKD", text.casefold())
    bare = _JOINERS.sub("", "".join(c for c in marks if not unicodedata.combining(c)))
    return bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def _names(product: Product) -> Iterator[str]:
    yield from product.names.values()
    for aliases in product.aliases.values():
        yield from aliases


def _heads(product: Product) -> Iterator[str]:
    """The bare nouns of a product's aliases: the jacket of a rain jacket."""
    for language, aliases in product.aliases.items():
        for alias in aliases:
            words = _words(alias)
            of_whom = next((at for at, word in enumerate(words) if at and word in _FOR), len(words))
            if len(words) > 1:
                yield words[0 if language in HEAD_FIRST else of_whom - 1]


def _brands(product: Product) -> frozenset[str]:
    """The words of a product that are only its name: the same in each language, or an alias in front."""
    latin = [set(_words(name)) for name in product.names.values() if not _CJK.search(name)]
    same = set.intersection(*latin) if len(latin) > 1 else set()
    unspaced = {name for name in product.names.values() if _CJK.search(name)}
    aliases = (alias for known in product.aliases.values() for alias in known)
    in_front = {fold(a) for a in aliases if any(name.startswith(a) and name != a for name in unspaced)}
    return frozenset(same | in_front)


def _vocabulary(product: Product) -> Iterator[str]:
    for text in (*_names(product), *product.descriptions.values()):
        yield from _words(text)


def _holds(words: tuple[str, ...], brand: str) -> bool:
    return brand in words or bool(_CJK.search(brand) and brand in "".join(words))


def _is_kind_of(product: Product, other: Product) -> bool:
    """Whether an alias of one is an alias of the other with a word more ("kids raincoat")."""
    for language, aliases in product.aliases.items():
        ours = {"".join(_words(alias)) for alias in aliases}
        theirs = {"".join(_words(alias)) for alias in other.aliases.get(language, ())}
        for short in (t for t in theirs if len(t) >= (2 if _CJK.search(t) else _LEAST_TAIL)):
            if any(o.startswith(short) if language in HEAD_FIRST else o.endswith(short) for o in ours):
                return True
    return False


def is_word(word: str, known: frozenset[str]) -> bool:
    """Whether a folded word is one of these, also in the plural or as the end of a compound."""
    return any(form in known for form in _forms(word))


def _shared_ends(products: Sequence[Product]) -> dict[str, set[int]]:
    """Bare nouns where no space shows them: ends that the names of several products share (T恤)."""
    ends: dict[str, set[int]] = defaultdict(set)
    for at, product in enumerate(products):
        for name in map(fold, _names(product)):
            if _CJK.search(name):
                for length in range(2, min(len(name), _LONGEST_END) + 1):
                    ends[name[-length:]].add(at)
                ends[name[-1] + "子"].add(at)  # a 雨靴 is a 靴子
    return {end: places for end, places in ends.items() if len(places) > 1}


def _is(word: str, part: str) -> bool:
    """A word is a name's word, also in the plural or as the end of a compound."""
    return any(form == part for form in _forms(word))


@lru_cache(maxsize=4096)
def _forms(word: str) -> tuple[str, ...]:
    """What a word may be a form of: itself, its singular, its plural, the end of a compound."""
    forms = [word, *_stems(word)]
    if len(word) >= _LEAST_TAIL - 1:
        forms.append(word + "s")
    if len(word) >= _LEAST_TAIL:
        forms += [word + "n", word + "e"]
    if len(word) >= _LEAST_STEM:
        forms += [word + ending for ending in _LONG_ENDINGS]
    if not _CJK.search(word):
        for cut in range(2, len(word) - _LEAST_TAIL + 1):
            tail = word[cut:]
            forms += [tail, *(stem for stem in _stems(tail) if len(stem) >= _LEAST_TAIL)]
    return tuple(dict.fromkeys(forms))


def _stems(word: str) -> Iterator[str]:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            yield word[: -len(ending)]
    for ending in _LONG_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            yield word[: -len(ending)]
