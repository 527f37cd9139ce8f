"""Is it there: answers about stock, for the product, colour and size that were asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

from bot.answer import Answer, Choice, Fact, HandoffRequest
from bot.shop import choosing, stock
from bot.shop.backends.base import Backend, BackendUnavailable
from bot.shop.chart import counts_alike, knows, row_named
from bot.shop.choosing import Meant
from bot.shop.finding import Found, Names
from bot.shop.model import Product
from bot.shop.shelf import Shelf
from bot.shop.size_model import SYSTEMS
from bot.shop.size_words import SizeWords
from bot.shop.stock import Asked, Finding
from bot.shop.strangers import PlainWords
from bot.yamls import load_yaml

_NUMBER = re.compile(r"(?<![\w.])\d{2,3}(?:\.5)?(?![\w.]*\d)")

Colours = Mapping[str, Sequence[str]]


class Catalogue:
    """Answers about a shop's products.

    `colours` are the four tones of each colour code (data/shops/<shop>/colours.yml), `few` the
    most pieces that are called few, `url` the path of a product's page. `words` tell for whom a text
    asks, `plain` are words that are no product's name (`load_plain_words`).
    """

    def __init__(
        self,
        *,
        backend: Backend,
        colours: Colours,
        words: Optional[SizeWords] = None,
        plain: Optional[PlainWords] = None,
        few: int = 3,
        url: str = "/p/{product}",
    ) -> None:
        self._backend = backend
        self._colours = colours
        self._words = words
        self._plain = plain
        self._few = few
        self._url = url
        self._names: Optional[tuple[Sequence[Product], Names]] = None

    def stock(
        self,
        *,
        text: str,
        product: Optional[str],
        colour: Optional[str],
        size: Optional[str],
        language: str,
        timezone: str,
        now: datetime,
        quantity: Optional[int] = None,
        seen: Optional[str] = None,
    ) -> Answer:
        """Whether this version is in stock.

        `product` is the page's; a product named in the text wins. `seen` is the last one that an answer
        was about; it is meant where neither text nor page names one.
        """
        try:
            found = self.speaks_of(text, page=product, seen=seen, size=size, quantity=quantity)
            as_of = self._backend.as_of()
        except BackendUnavailable:
            request = HandoffRequest(reason="shop_unavailable", topic="stock_question")
            return Answer(key="stock.unavailable", handoff=request)
        size = size or _size_in(text, found.candidates, quantity)
        if found.product is None or found.why:
            asked = {"colour": colour, "size": size}
            answer = which(found, intent="stock_question", asked=asked, language=language)
            return self._sourced(answer, as_of)
        shelf = Shelf(found.product)
        own = _own_label(shelf, size, text) if size else None
        asked_for = own or (_with_system(shelf, size, text) if size else None)
        seen_as = stock.look(
            shelf, colour=colour, size=asked_for, quantity=quantity, few=self._few, today=now.date()
        )
        known = (
            Fact("product", found.product.name(language)),
            Fact("price", _price(shelf, seen_as.asked)),
            *(_as_asked(fact, size, own, text) for fact in seen_as.facts),
            Fact("as_of", as_of, "instant"),
            *_made(shelf),
        )
        card = product_card(shelf, seen_as, colours=self._colours, url=self._url)
        return self._sourced(Answer(seen_as.key, facts=known, card=card, choices=seen_as.choices), as_of)

    @property
    def source(self) -> str:
        """Where the facts about products come from."""
        return self._backend.source

    def as_of(self) -> datetime:
        """When stock, prices and charts were last known to be true; BackendUnavailable passes through."""
        return self._backend.as_of()

    def find(self, text: str, language: str) -> Optional[Product]:
        """The one product that a text names, in any language; BackendUnavailable passes through."""
        return self._find(text).product

    def name_of(self, text: str, *, language: str) -> Optional[str]:
        """The name of the one product that a text names; none when there is no such, or nobody can say."""
        try:
            product = self.find(text, language)
        except BackendUnavailable:
            return None
        return product.name(language) if product else None

    def named(self, text: str) -> tuple[str, ...]:
        """The pieces of a text that name a product or its kind, as typed; none when nobody can say."""
        try:
            return self._known_names().said_in(text)
        except BackendUnavailable:
            return ()

    def called(self, name: str) -> Optional[str]:
        """The id of the product that has exactly this name in some language; none when nobody can say."""
        try:
            return next((p.id for p in self._backend.products() if name in p.names.values()), None)
        except BackendUnavailable:
            return None

    def speaks_of(
        self,
        text: str,
        *,
        page: Optional[str],
        seen: Optional[str] = None,
        size: Optional[str] = None,
        quantity: Optional[int] = None,
    ) -> Meant:
        """The product meant: the one that the text names, else the page's, else the one `seen` last.

        `size` and `quantity` are what was already understood; BackendUnavailable passes through.
        """
        names = self._known_names()
        return choosing.choose(
            text,
            names=names,
            shown=self._backend.product(page) if page else None,
            last=self._backend.product(seen) if seen else None,
            gender_of=self._words.gender_of if self._words else lambda _: None,
            size=size or _size_in(text, names.find(text).candidates, quantity),
            plain=self._plain,
        )

    def _find(self, text: str) -> Found:
        """What a text names."""
        return self._known_names().find(text)

    def _known_names(self) -> Names:
        """The names, read anew when the backend has other products."""
        products = self._backend.products()
        known = self._names
        if known is None or known[0] is not products:
            known = self._names = (products, Names(products))
        return known[1]

    def _sourced(self, answer: Answer, as_of: datetime) -> Answer:
        facts = tuple(replace(fact, source=self._backend.source, as_of=as_of) for fact in answer.facts)
        return replace(answer, facts=facts)


def load_colours(path: Path) -> Colours:
    """The four tones of each colour code; ValueError names the file and the colour."""
    rows: Any = load_yaml(path.read_text(encoding="utf-8")) or {}
    for code, tones in rows.items():
        if not isinstance(tones, list) or len(tones) != 4 or not all(str(t).startswith("#") for t in tones):
            raise ValueError(f'{path}: {code} takes four tones, such as ["#35507f", …]; it has {tones!r}.')
    return {str(code): tuple(str(t) for t in tones) for code, tones in rows.items()}


def product_card(shelf: Shelf, seen: Finding, *, colours: Colours, url: str) -> Mapping[str, Any]:
    """The card of a product, with the version that was asked for marked on it."""
    product, asked = shelf.product, seen.asked
    card: dict[str, Any] = {
        "kind": "product",
        "name": {"fact": "product"},
        "price": {"fact": "price"},
        "stock": {"reply": f"stock.card.{seen.state}"},
        "available": bool(shelf.pieces(colour=asked.colour, size=asked.size)) and seen.state != "out",
        "picture": _picture(product, asked.colour, colours),
        "url": url.format(product=product.id),
        "as_of": {"reply": "stock.card.as_of"},
    }
    if shelf.colours:
        card["colour_label"] = {"reply": "stock.card.colour"}
        card["colours"] = [
            {
                "label": {"reply": f"term.colour.{code}"},
                "swatch": next(iter(colours.get(code, ())), ""),
                "state": _state(code == asked.colour, shelf.pieces(colour=code, size=asked.size)),
            }
            for code in shelf.colours
        ]
    if shelf.sizes:
        card["size_label"] = {"reply": "stock.card.size"}
        card["sizes"] = [
            {
                "label": label,
                "state": _state(label == asked.size, shelf.pieces(colour=asked.colour, size=label)),
            }
            for label in shelf.sizes
        ]
    return card


def _made(shelf: Shelf) -> tuple[Fact, ...]:
    """The sizes that the card shows: the guard reads a card's labels like a sentence."""
    return (Fact("sizes_made", tuple(shelf.sizes), "list"),) if shelf.sizes else ()


def _size_in(text: str, products: Sequence[Product], quantity: Optional[int]) -> Optional[str]:
    """The one number of a text, where it is a size that one of these products has ("boots in 38")."""
    numbers = set(_NUMBER.findall(text.replace(",", "."))) - {str(quantity)}
    if len(numbers) != 1:
        return None
    (number,) = numbers
    return number if any(Shelf(product).size(number) for product in products) else None


def _own_label(shelf: Shelf, size: str, text: str) -> Optional[str]:
    """The product's own label for a size of another system ("US 8.5"), where its chart has it."""
    chart = shelf.product.chart
    system = _system_in(text, size)
    if chart is None or system is None or (counts_alike(chart, system) and shelf.size(size)):
        return None
    rows = [row.size for row in row_named(chart, size, system)]
    return next((label for label in rows if label in shelf.sizes), None)


def _with_system(shelf: Shelf, size: str, text: str) -> Optional[str]:
    """A number with the system that was typed, where it is not the product's own: US 9 is not 9.

    None where the chart does not know the system: then nobody can say whether it is made.
    """
    system = _system_in(text, size)
    chart = shelf.product.chart
    if chart is None or system is None or counts_alike(chart, system):
        return size
    if not size.replace(".", "").isdecimal():
        return size
    return f"{system} {size}" if knows(chart, system) else None


def _system_in(text: str, size: str) -> Optional[str]:
    """The system that stands beside a size in a text."""
    names, label = "|".join(SYSTEMS), re.escape(size)
    beside = rf"(?<![A-Za-z])(?:({names})[\s:.-]*{label}|{label}\s*({names}))(?![A-Za-z])"
    found = re.search(beside, text.replace(",", "."), re.IGNORECASE)
    return (found[1] or found[2]).upper() if found else None


def _as_asked(fact: Fact, size: Optional[str], own: Optional[str], text: str) -> Fact:
    """A translated size is said with the one that was asked for: 38 (US 7.5)."""
    if own is None or size is None or fact.name != "size":
        return fact
    return replace(fact, value=f"{own} ({_system_in(text, size)} {size})")


def _state(is_chosen: bool, pieces: int) -> str:
    if not pieces:
        return "out"
    return "chosen" if is_chosen else "free"


def _picture(product: Product, colour: Optional[str], colours: Colours) -> Mapping[str, Any]:
    """The product's picture, drawn in the colour that was asked for."""
    picture = dict(product.picture)
    if colour is not None and colour in colours:
        picture["palette"] = list(colours[colour])
    return picture


def _price(shelf: Shelf, asked: Asked) -> Any:
    matching = shelf.matching(colour=asked.colour, size=asked.size)
    return matching[0].price if len(matching) == 1 else shelf.product.price


def which(found: Meant, *, intent: str, asked: Mapping[str, Optional[str]], language: str) -> Answer:
    """Ask which product is meant; `asked` goes along with the buttons as entities."""
    entities = {name: value for name, value in asked.items() if value}
    choices = tuple(
        Choice(
            label="stock.choice.product",
            intent=intent,
            entities={"product": product.id, **entities},
            facts=(Fact("product", product.name(language)),),
        )
        for product in found.candidates[: stock.MOST_CHOICES]
    )
    if found.why == "unknown":
        return Answer(key=f"stock.unknown_name.{'one' if len(choices) == 1 else 'these'}", choices=choices)
    if found.why == "adults":
        return _adults(found, choices, language)
    return Answer(key="stock.which_of" if choices else "stock.which_product", choices=choices)


def _adults(found: Meant, choices: tuple[Choice, ...], language: str) -> Answer:
    """It is for a child, and what was asked for is not: say so, and show what is."""
    if found.product is None:
        return Answer(key="stock.adults.these", choices=(*choices[: stock.MOST_CHOICES - 1], stock.PERSON))
    about = (Fact("product", found.product.name(language)),)
    if choices:
        return Answer(key="stock.adults.instead", facts=about, choices=choices)
    return Answer(key="stock.adults.none", facts=about, choices=(stock.PERSON,))
