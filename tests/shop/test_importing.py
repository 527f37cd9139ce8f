from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Optional, Sequence

import pytest

from bot.answer import Answer, Money
from bot.shop.backends.base import BackendUnavailable
from bot.shop.delivery import Delivery
from bot.shop.delivery_file import load_delivery
from bot.shop.exchange import Exchange
from bot.shop.importing import Importing, Refusals, Seller
from bot.shop.model import Product
from tests.shop.market_files import DATA, exchange, markets
from tests.shop.said import say_everywhere

TODAY = date(2026, 11, 24)


def product(id: str, price: str, hs6: str = "610910") -> Product:
    return Product(
        id=id,
        names={"en": f"Thing {id}", "de": f"Ding {id}"},
        category="clothing",
        hs6=hs6,
        origin="CN",
        price=Money(Decimal(price), "EUR"),
        weight_grams=200,
        variants=(),
    )


class Shelf:
    """A backend of a few products; `down` makes it silent."""

    source = "shop catalogue"

    def __init__(self, *products: Product, down: bool = False) -> None:
        self._products = {p.id: p for p in products}
        self._down = down

    def product(self, product_id: str) -> Optional[Product]:
        if self._down:
            raise BackendUnavailable("The shop does not answer.")
        return self._products.get(product_id)

    def products(self) -> Sequence[Product]:
        return tuple(self._products.values())

    def order(self, number: str) -> None:
        return None

    def as_of(self) -> Any:
        raise BackendUnavailable("The shop does not answer.")

    def find(self, text: str, language: str) -> Optional[Product]:
        return next((p for p in self._products.values() if p.names["en"] in text), None)


SHELF = Shelf(product("tee", "20.00"), product("mug", "12.00", "691110"), product("coat", "180.00", "620193"))


def importing(shelf: Shelf = SHELF, rates: Optional[Exchange] = None) -> Importing:
    delivery = Delivery(table=load_delivery(DATA / "delivery" / "demo.yml"), markets=markets())
    return Importing(
        markets=markets(),
        exchange=rates or exchange(),
        refusals=Refusals.load(DATA / "policies" / "refused.yml"),
        sellers={"demo": Seller(delivery=delivery, backend=shelf, find=shelf.find)},
    )


def ask(
    country: Optional[str],
    page: Optional[str] = None,
    *,
    text: str = "Do I have to pay customs?",
    on: date = TODAY,
    shelf: Shelf = SHELF,
    rates: Optional[Exchange] = None,
    language: str = "en",
) -> Answer:
    return importing(shelf, rates).answer(
        text=text, country=country, product=page, shop="demo", language=language, on=on
    )


def facts(answer: Answer) -> dict[str, Any]:
    return {fact.name: fact.value for fact in answer.facts}


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("country", "page", "key", "expected"),
    [
        (
            "DE",
            "tee",
            "duty.cost",
            {
                "goods": euro("20.00"),
                "shipping": euro("5.00"),
                "duty": euro("3.00"),
                "tax": euro("5.32"),
                "total": euro("33.32"),
                "hs_lines": 1,
                "tax_rate": Decimal(19),
                "payable": "checkout",
                "certainty": "state",
                "fee_note": "parcel",
            },
        ),
        ("DE", "coat", "duty.tariff", {"threshold": euro("150"), "payable": "delivery", "tax_name": "vat"}),
        (
            "GB",
            "tee",
            "duty.cost_no_duty",
            {
                "tax": euro("5.10"),
                "total": euro("30.60"),
                "threshold": Money(Decimal(135), "GBP"),
                "certainty": "converted",
            },
        ),
        ("GB", "coat", "duty.tariff", {"tax_rate": Decimal(20), "payable": "delivery"}),
        ("US", "tee", "duty.rule.rate_unverified", {"payable": "checkout", "ships_from": "CN"}),
        (
            "BR",
            "tee",
            "duty.rule.rule_unverified_by_region",
            {
                "threshold": Money(Decimal(50), "USD"),
                "duty_rate": Decimal(60),
                "duty_less": Money(Decimal(20), "USD"),
                "tax_low": Decimal(17),
                "tax_high": Decimal(20),
            },
        ),
        (
            "BR",
            "coat",
            "duty.cost_by_region",
            {"tax_rate": Decimal(17), "payable": "checkout", "certainty": "hedge"},
        ),
        (
            "AU",
            "tee",
            "duty.cost_no_duty",
            {"tax": euro("2.80"), "total": euro("30.80"), "certainty": "hedge"},
        ),
        ("CA", "mug", "duty.cost_nothing", {"total": euro("20.00"), "duty": euro("0.00")}),
        (
            "CA",
            "coat",
            "duty.tariff_by_region",
            {"tax_low": Decimal(5), "tax_high": Decimal(15), "payable": "delivery"},
        ),
        (
            "DE",
            None,
            "duty.rule.flat",
            {"threshold": euro("150"), "flat_duty": euro("3"), "payable_above": "delivery"},
        ),
        ("GB", None, "duty.rule.tax_only", {"tax_rate": Decimal(20), "payable": "checkout"}),
        ("CA", None, "duty.rule.free_by_region", {"threshold": Money(Decimal(20), "CAD")}),
        ("AU", None, "duty.rule.tax_only", {"tax_rate": Decimal(10), "tax_name": "gst"}),
        ("JP", "tee", "duty.no_rule", {"country": "JP"}),
        ("EU", "tee", "duty.which_country", {}),
        ("CN", "tee", "duty.which_country", {}),  # named as the place that it comes from
        (None, "tee", "duty.which_country", {}),
    ],
)
def test_the_answer_of_a_country(
    country: Optional[str], page: Optional[str], key: str, expected: dict[str, Any]
) -> None:
    answer = ask(country, page)
    assert answer.key == key
    assert {name: facts(answer).get(name) for name in expected} == expected
    say_everywhere(answer)


def test_every_market_scheme_and_season_can_be_said() -> None:
    days = (date(2020, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 10), date(2027, 6, 1))
    for country in ("DE", "GB", "US", "BR", "AU", "CA"):
        for on in days:
            for page in (None, "coat"):
                say_everywhere(ask(country, page, on=on))


def test_every_figure_has_its_source_and_day() -> None:
    for country in ("DE", "GB", "AU"):
        for fact in ask(country, "tee").facts:
            assert fact.source, fact.name
            if isinstance(fact.value, (Money, Decimal)):
                assert fact.as_of is not None, fact.name


def test_the_card_has_a_row_for_each_line_and_the_total_last() -> None:
    card = say_everywhere(ask("DE", "tee", language="de"))["de"].card
    assert card is not None
    assert card["kind"] == "cost"
    rows = [(row["label"], row["value"].replace("\xa0", " "), row.get("style")) for row in card["rows"]]
    assert rows == [
        ("Ware, ohne Steuer", "20,00 €", None),
        ("Versand", "5,00 €", None),
        ("Zoll", "3,00 €", "sub"),
        ("Mehrwertsteuer", "5,32 €", "sub"),
        ("Gesamt", "33,32 €", "total"),
    ]
    assert "Verordnung (EU) 2026/382" in card["as_of"]


@pytest.mark.parametrize("country", ["US", "BR"])
def test_a_referral_says_no_amount_of_this_parcel_and_offers_a_person(country: str) -> None:
    answer = ask(country, "tee")
    assert answer.card is None
    assert not {"duty", "tax", "total"} & set(facts(answer))
    assert [choice.intent for choice in answer.choices] == ["human_handoff"]
    assert facts(answer)["official_url"].startswith("https://")


def test_a_stale_rule_states_nothing() -> None:
    answer = ask("GB", "tee", on=date(2027, 2, 22))
    assert answer.key == "duty.refer"
    assert set(facts(answer)) == {"country", "official_place", "official_url", "ships_from"}
    say_everywhere(answer)


def test_without_a_rate_of_exchange_the_rule_is_told_but_no_figure() -> None:
    answer = ask("GB", "tee", rates=Exchange(days=(), good_for_days=1))
    assert (answer.key, answer.card) == ("duty.rule.tax_only", None)


def test_a_product_that_the_text_names_comes_before_the_page() -> None:
    answer = ask("DE", "mug", text="What about customs for Thing tee?")
    assert facts(answer)["product"] == "Thing tee"
    assert facts(ask("DE", "tee", language="de"))["product"] == "Ding tee"


def test_a_silent_shop_system_leaves_the_rule() -> None:
    assert ask("DE", "tee", shelf=Shelf(down=True)).key == "duty.rule.flat"


def test_a_country_button_asks_the_same_question_for_it() -> None:
    choice = ask(None).choices[0]
    assert (choice.intent, dict(choice.entities or {})) == ("customs_duty", {"country": "DE"})


def test_an_unknown_shop_is_named() -> None:
    with pytest.raises(LookupError, match=r"No shop 'other'\. Known: demo"):
        importing().answer(text="", country="DE", product=None, shop="other", language="en", on=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "Can you mark it as a gift?",
        "please declare a lower value on the invoice",
        "could you split my order into two parcels so I stay under the tax limit",
        "please undervalue the package",
        "Bitte als Geschenk deklarieren",
        "Können Sie einen niedrigeren Wert auf die Rechnung schreiben?",
        "Kann man die Bestellung aufteilen, um den Zoll zu sparen?",
        "¿Pueden declararlo como regalo?",
        "¿Pueden poner un valor más bajo en la factura?",
        "¿Me lo pueden enviar en dos paquetes para evitar la aduana?",
        "能不能申报成礼物？",
        "报关的时候价格写低一点可以吗",
        "可以帮我拆单避免关税吗",
        "Pouvez-vous le déclarer comme cadeau ?",
        "Pode declarar um valor menor?",
        "Можете указать как подарок?",
    ],
)
def test_nobody_gets_help_with_a_false_declaration(text: str) -> None:
    answer = ask("DE", "tee", text=text)
    assert answer.key == "duty.no_help"
    say_everywhere(answer)


@pytest.mark.parametrize(
    "text",
    [
        "How much customs duty do I pay in Denmark for a present?",
        "Do I have to pay VAT on the jacket?",
        "Which value do you write on the customs form?",
        "Is the split skirt subject to duty?",
        "Muss ich für ein Geschenk Zoll zahlen?",
        "Wie hoch ist der Zoll?",
        "¿Cuánto se paga de aduana por un regalo de 40 euros?",
        "¿Quién responde de los impuestos?",
        "寄到德国要交关税吗",
        "送礼物给朋友要交多少关税",
    ],
)
def test_honest_questions_are_answered(text: str) -> None:
    assert ask("DE", None, text=text).key == "duty.rule.flat"
