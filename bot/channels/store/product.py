"""The storefront's page of one product."""

from __future__ import annotations

from typing import Optional, Sequence

from bot.channels.markup import Markup, el
from bot.channels.pictures import drawing, swatch
from bot.channels.store.frame import categories_of, page
from bot.channels.store.parts import icon
from bot.channels.store.visit import Site, Visit
from bot.shop.model import Product


def product_page(site: Site, visit: Visit, product: Product, *, colour: Optional[str]) -> str:
    """One product, drawn in the colour that is looked at."""
    colours = list(dict.fromkeys(v.colour for v in product.variants if v.colour))
    shown = colour if colour in colours else (colours[0] if colours else None)
    name = product.name(visit.language)
    category = visit.say(f"category.{product.category}")
    crumb = el(
        "p", el("a", category, href=visit.link("/") + f"#{product.category}"), " / ", name, class_="crumb"
    )
    picture = el("span", _drawn(visit, product, shown, label=name), class_="pic")
    thumbs = [
        el(
            "a",
            _drawn(visit, product, code, label=visit.colour(code)),
            href=visit.link(visit.path, colour=code),
            class_="pic on" if code == shown else "pic",
        )
        for code in colours
    ]
    main = el(
        "div",
        crumb,
        el(
            "div",
            el("div", picture, el("div", thumbs, class_="st-thumbs") if len(thumbs) > 1 else None),
            el(
                "div",
                el("h1", name),
                el("p", visit.price(product), class_="st-price"),
                el(
                    "p",
                    product.descriptions.get(visit.language) or product.descriptions.get("en", ""),
                    class_="st-sm",
                ),
                _colour_choice(visit, colours, shown),
                _size_choice(visit, product, shown),
                el(
                    "button",
                    icon("bubble", 20),
                    visit.say("product.ask"),
                    type="button",
                    class_="st-cta",
                    data_chat=True,
                ),
                _notes(visit),
            ),
            class_="st-pp",
        ),
        class_="st-wrap",
    )
    return page(
        visit,
        title=f"{name} · {site.shop.name}",
        categories=categories_of(site.products()),
        main=[main],
        product=product.id,
    )


def missing(site: Site, visit: Visit) -> str:
    """The page for a product that is not there."""
    main = el(
        "div",
        el("h1", visit.say("missing.title")),
        el("p", el("a", visit.say("missing.back"), href=visit.link("/"), class_="st-cta"), class_="st-gap"),
        class_="st-wrap st-missing",
    )
    return page(visit, title=site.shop.name, categories=categories_of(site.products()), main=[main])


def _drawn(visit: Visit, product: Product, colour: Optional[str], *, label: str) -> Markup:
    return drawing(product.picture, label=label, palette=visit.site.palettes.get(colour or ""))


def _colour_choice(visit: Visit, colours: Sequence[str], shown: Optional[str]) -> Optional[Markup]:
    if not colours:
        return None
    links = [
        el(
            "a",
            swatch(visit.site.palettes[code][0]) if visit.site.palettes.get(code) else None,
            visit.colour(code),
            href=visit.link(visit.path, colour=code),
            class_="st-c",
            aria_current="true" if code == shown else None,
        )
        for code in colours
    ]
    return el("div", el("b", visit.say("product.colour")), el("div", links, class_="st-set"), class_="st-opt")


def _size_choice(visit: Visit, product: Product, colour: Optional[str]) -> Optional[Markup]:
    rows = [v for v in product.variants if v.size and v.colour == colour]
    if not rows:
        return None
    chips = [
        el(
            "li",
            v.size,
            el("span", f" ({visit.say('product.out')})", class_="st-hidden") if v.stock <= 0 else None,
            class_="st-c" if v.stock > 0 else "st-c out",
        )
        for v in rows
    ]
    label = el(
        "b", visit.say("product.size"), el("span", product.size_system) if product.size_system else None
    )
    return el("div", label, el("ul", chips, class_="st-set"), class_="st-opt")


def _notes(visit: Visit) -> Markup:
    rows = [
        el("div", icon(sign, 20), el("dt", visit.say(f"{name}.title")), el("dd", visit.say(f"{name}.text")))
        for name, sign in (("delivery", "truck"), ("costs", "stamp"), ("returns", "retry"))
    ]
    return el("dl", rows, class_="st-dl")
