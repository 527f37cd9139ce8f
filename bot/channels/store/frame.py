"""The frame of every page of the storefront: head, navigation, the switch, the foot."""

from __future__ import annotations

from typing import Optional, Sequence

from bot.answer import Fact
from bot.channels.front import direction, own_name
from bot.channels.markup import Markup, document, el
from bot.channels.store.parts import ICONS, MARK, icon
from bot.channels.store.visit import Visit
from bot.shop.model import Product


def page(
    visit: Visit,
    *,
    title: str,
    categories: Sequence[str],
    main: Sequence[Markup],
    product: Optional[str] = None,
) -> str:
    head = [
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title),
        el("link", rel="icon", href=visit.mark, type="image/svg+xml"),
        [el("link", rel="stylesheet", href=sheet) for sheet in visit.sheets],
        el("script", src=visit.script, defer=True),
        el(
            "script",
            src="/widget/nightdesk.js",
            data_shop=visit.site.shop.id,
            data_product=product,
            data_country=visit.country,
            defer=True,
        ),
    ]
    ships_from = Fact("ships_from", visit.site.shop.ships_from, "country")
    body = el(
        "div",
        el("div", visit.say("note", ships_from), class_="st-note"),
        el("div", _nav(visit, categories), class_="st-wrap"),
        el("main", main),
        el(
            "footer",
            el("div", el("span", visit.site.shop.name), el("span", visit.say("demo")), class_="st-wrap"),
            class_="st-foot",
        ),
        class_="st",
    )
    return document(
        head=head,
        body=[ICONS, body],
        lang=visit.language,
        direction=direction(visit.language),
    )


def _nav(visit: Visit, categories: Sequence[str]) -> Markup:
    links = [el("a", visit.say(f"category.{c}"), href=f"{visit.link('/')}#{c}") for c in categories]
    return el(
        "div",
        el("a", MARK, el("span", visit.site.shop.name, class_="ltr"), href=visit.link("/"), class_="st-logo"),
        el("nav", links, aria_label=visit.say("nav")),
        el("div", _switch(visit), class_="st-tools"),
        class_="st-nav",
    )


def _switch(visit: Visit) -> Markup:
    """Country and language, in a form that needs no script."""
    words = visit.site.words.languages
    spoken = [code for code in words if code in visit.site.shop.languages]
    countries = sorted(
        ((visit.say("country", Fact("country", c, "country")), c) for c in visit.site.countries),
        key=lambda row: row[0],
    )
    now = [name for name, code in countries if code == visit.country] + [own_name(visit.language)]
    fields = []
    if countries:
        none = el("option", visit.say("switch.any"), value="", selected=visit.country is None)
        options = [el("option", name, value=code, selected=code == visit.country) for name, code in countries]
        fields.append(
            el(
                "label",
                visit.say("switch.country"),
                el("select", none, options, name="country", class_="st-sel"),
            )
        )
    languages = [
        el("option", own_name(code), value=code, lang=code, selected=code == visit.language)
        for code in spoken
    ]
    fields.append(
        el("label", visit.say("switch.language"), el("select", languages, name="lang", class_="st-sel"))
    )
    return el(
        "details",
        el(
            "summary",
            icon("globe", 18),
            el("span", ", ".join(now)),
            aria_label=visit.say("switch.label"),
            class_="st-switch",
        ),
        el(
            "form",
            fields,
            el("button", visit.say("switch.save"), type="submit", class_="st-cta"),
            action=visit.path,
            class_="st-menu",
        ),
        class_="st-details",
    )


def categories_of(products: Sequence[Product]) -> list[str]:
    return list(dict.fromkeys(product.category for product in products))
