"""The storefront's front page: what the shop is, and all it sells by kind."""

from __future__ import annotations

from typing import Sequence

from bot.answer import Fact
from bot.channels.markup import Markup, el
from bot.channels.pictures import drawing, swatch
from bot.channels.store.frame import categories_of, page
from bot.channels.store.parts import icon
from bot.channels.store.visit import Site, Visit
from bot.shop.model import Product


def home(site: Site, visit: Visit) -> str:
    """The front page: what the shop is, and all it sells by kind."""
    products = list(site.products())
    sections = [
        _section(visit, category, [one for one in products if one.category == category])
        for category in categories_of(products)
    ]
    return page(
        visit,
        title=site.shop.name,
        categories=categories_of(products),
        main=[el("div", _hero(visit, products), sections, _facts(visit), class_="st-wrap")],
    )


def _hero(visit: Visit, products: Sequence[Product]) -> Markup:
    ships_from = Fact("ships_from", visit.site.shop.ships_from, "country")
    art = [
        el("span", drawing(product.picture, label="", background=False, margin=0), class_=f"pic {place}")
        for product, place in zip(_on_show(products), ("a", "c"), strict=False)
    ]
    return el(
        "section",
        el(
            "div",
            el("h1", visit.say("hero.title")),
            el("p", visit.say("hero.text", ships_from)),
            el("a", visit.say("hero.more"), icon("arrow", 20, "flip"), href="#products", class_="st-cta"),
        ),
        el("div", art, class_="st-art", aria_hidden="true"),
        class_="st-hero",
    )


def _on_show(products: Sequence[Product]) -> list[Product]:
    """A jacket and a backpack where the shop has them, else the first two products."""
    by_shape = {str(product.picture.get("shape")): product for product in reversed(products)}
    shown = [by_shape[shape] for shape in ("jacket", "backpack") if shape in by_shape]
    return shown if len(shown) == 2 else list(products[:2])


def _section(visit: Visit, category: str, products: Sequence[Product]) -> Markup:
    count = el("span", visit.say("count", Fact("count", len(products))), class_="st-sm")
    first = visit.site.products()[0].category == category
    return el(
        "section",
        el("span", id="products") if first else None,
        el("header", el("h2", visit.say(f"category.{category}")), count),
        el("div", [_tile(visit, product) for product in products], class_="st-grid"),
        id=category,
        class_="st-sec",
    )


def _tile(visit: Visit, product: Product) -> Markup:
    colours = list(dict.fromkeys(v.colour for v in product.variants if v.colour))
    dots = [swatch(visit.site.palettes[c][0]) for c in colours if visit.site.palettes.get(c)]
    many = visit.say("colours", Fact("count", len(colours))) if colours else ""
    return el(
        "a",
        el("span", drawing(product.picture, label=""), class_="pic"),
        el("h3", product.name(visit.language), " ", el("span", visit.price(product))),
        el("p", dots, many),
        href=visit.link(f"/p/{product.id}"),
        class_="st-card",
    )


def _facts(visit: Visit) -> Markup:
    def fact(name: str, sign: str) -> Markup:
        ask = el("button", visit.say("ask"), type="button", class_="st-ask", data_chat=True)
        return el(
            "div",
            el("h3", icon(sign, 20), visit.say(f"{name}.title")),
            el("p", visit.say(f"{name}.text")),
            ask,
        )

    return el(
        "div", fact("delivery", "truck"), fact("costs", "stamp"), fact("returns", "retry"), class_="st-facts"
    )
