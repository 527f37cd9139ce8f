"""Who visits the demo storefront, in which language, and what there is to see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Callable, Mapping, Optional, Protocol, Sequence
from urllib.parse import urlencode

from bot.answer import Fact
from bot.shop.model import Product, Shop


class StoreWords(Protocol):
    """The phrasebook, as far as the storefront needs it."""

    @property
    def languages(self) -> Sequence[str]: ...

    def has(self, key: str) -> bool: ...

    def text(
        self, key: str, *, language: str, facts: Sequence[Fact] = (), timezone: str = "UTC", now: datetime
    ) -> str: ...


@dataclass(frozen=True)
class Site:
    """What the storefront shows. `palettes` are the four tones of a colour code; `countries` ISO codes."""

    shop: Shop
    products: Callable[[], Sequence[Product]]
    words: StoreWords
    clock: Callable[[], datetime]
    countries: Sequence[str] = ()
    palettes: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Visit:
    """One visitor's language and country, and the files that a page needs."""

    site: Site
    language: str
    country: Optional[str]
    chosen: Mapping[str, str]
    path: str
    sheets: Sequence[str]
    script: str
    mark: str

    @classmethod
    def of(
        cls,
        site: Site,
        *,
        language: Optional[str],
        country: Optional[str],
        accepted: str,
        path: str,
        sheets: Sequence[str],
        script: str,
        mark: str,
    ) -> Visit:
        """What was chosen if it exists, else what the browser prefers, else the shop's own."""
        spoken = [code for code in site.words.languages if code in site.shop.languages]
        tags = [part.split(";")[0].strip() for part in accepted.split(",")]
        preferred = [tag.split("-")[0].lower() for tag in tags]
        regions = [tag.split("-")[-1].upper() for tag in tags if "-" in tag]
        chosen = {}
        if language in spoken:
            chosen["lang"] = str(language)
        if country in site.countries:
            chosen["country"] = str(country)
        return cls(
            site=site,
            language=chosen.get("lang")
            or next((code for code in preferred if code in spoken), site.shop.default_language),
            country=chosen.get("country") or next((code for code in regions if code in site.countries), None),
            chosen=chosen,
            path=path,
            sheets=sheets,
            script=script,
            mark=mark,
        )

    def say(self, key: str, *facts: Fact) -> str:
        """A text of the storefront, or of a term, in the visitor's language."""
        return self.site.words.text(
            f"store.{key}", language=self.language, facts=facts, now=self.site.clock()
        )

    def link(self, path: str, **more: str) -> str:
        """An address that keeps what the visitor has chosen."""
        query = urlencode({**self.chosen, **more})
        return f"{path}?{query}" if query else path

    def colour(self, code: str) -> str:
        """A colour's name, or its code where nobody has named it."""
        known = self.site.words.has(f"term.colour.{code}")
        name = self.say("colour", Fact("colour", code, "term")) if known else code
        return name[:1].upper() + name[1:]

    def price(self, product: Product) -> str:
        """A product's price."""
        return self.say("price", Fact("price", product.price))
