from __future__ import annotations

import re
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, Optional, Sequence

import pytest

from bot.answer import Answer, Money
from bot.shop.asked import Asked
from bot.shop.backends.base import BackendUnavailable
from bot.shop.delivery import Delivery
from bot.shop.delivery_file import load_delivery
from bot.shop.exchange import Exchange
from bot.shop.importing import Importing, Seller
from bot.shop.model import Product
from tests.shop.market_files import DATA, exchange, markets
from tests.shop.said import say_everywhere

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=timezone.utc)


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

    def as_of(self) -> datetime:
        if self._down:
            raise BackendUnavailable("The shop does not answer.")
        return NOW

    def find(self, text: str, language: str) -> Optional[Product]:
        return next((p for p in self._products.values() if p.names["en"] in text), None)


SHELF = Shelf(product("tee", "20.00"), product("mug", "12.00", "691110"), product("coat", "180.00", "620193"))


def importing(shelf: Shelf = SHELF, rates: Optional[Exchange] = None) -> Importing:
    delivery = Delivery(table=load_delivery(DATA / "delivery" / "demo.yml"), markets=markets())
    return Importing(
        markets=markets(),
        exchange=rates or exchange(),
        asked=Asked.load(DATA / "policies"),
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
    amounts: Sequence[str] = (),
    order_number: Optional[str] = None,
) -> Answer:
    return importing(shelf, rates).answer(
        text=text,
        country=country,
        product=page,
        shop="demo",
        language=language,
        on=on,
        amounts=amounts,
        order_number=order_number,
    )


def facts(answer: Answer) -> dict[str, Any]:
    return {fact.name: fact.value for fact in answer.facts}


COUNTRIES = ("DE", "GB", "US", "BR", "AU", "CA")


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
    for country in COUNTRIES:
        for on in days:
            for page in (None, "coat"):
                say_everywhere(ask(country, page, on=on))
            for amount in ("40.00 EUR", "500.00 USD"):
                say_everywhere(ask(country, on=on, amounts=[amount]))


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


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("page", [None, "tee", "coat"])
@pytest.mark.parametrize("amounts", [[], ["40.00 EUR"], ["400.00 EUR"]])
def test_a_bubble_is_short_enough_for_a_phone_at_night(
    country: str, page: Optional[str], amounts: list[str]
) -> None:
    for language, said in say_everywhere(ask(country, page, amounts=amounts)).items():
        words = re.split("[ \n]+", said.text)  # "20 %" is one word
        assert len(said.text) <= 150 if language == "zh" else len(words) <= 59, said.text


@pytest.mark.parametrize(
    ("country", "page", "rows"),
    [
        (
            "ES",
            None,
            {
                "Up to €150.00": "€3.00 for each kind of goods, however many pieces",
                "Above €150.00": "Duty depends on the goods. The carrier then collects duty and tax"
                " before handing over the parcel.",
                "VAT": "21%",
                "Payment": "You pay it with us at checkout.",
                "Official rates": "EU Access2Markets: https://trade.ec.europa.eu/access-to-markets",
            },
        ),
        ("GB", None, {"Up to £135.00": "No duty", "VAT": "20%"}),
        ("CA", None, {"Up to CA$20.00": "Neither duty nor tax"}),
        ("DE", "coat", {"Above €150.00": "Depends on the goods", "Value of the goods": "€180.00"}),
        (
            "BR",
            None,
            {
                "Up to $50.00": "What holds now is not confirmed",
                "Above $50.00": "60% of goods and shipping, less $20.00",
                "Besides": "The carrier may add a handling fee of its own.",
            },
        ),
    ],
)
def test_the_card_of_a_rule_says_all_of_it(country: str, page: Optional[str], rows: dict[str, str]) -> None:
    card = say_everywhere(ask(country, page))["en"].card
    assert card is not None
    shown = {row["label"]: row["value"] for row in card["rows"]}
    assert {label: shown.get(label) for label in rows} == rows
    assert card["as_of"].startswith("As of Mon 23 Nov. Source: ")


def test_what_is_told_of_brazil_is_from_the_law_that_is_in_force() -> None:
    assert facts(ask("BR"))["rule_source"] == "Lei 14.902/2024"


def test_where_no_rate_is_named_the_sentence_does_not_ask_to_pay_one() -> None:
    said = say_everywhere(ask("US"))["en"].text
    assert "I can't name one. Whatever is due is added at checkout" in said
    assert "You pay it" not in said


@pytest.mark.parametrize("country", ["US", "BR"])
def test_a_referral_says_no_amount_of_this_parcel_and_offers_a_person(country: str) -> None:
    answer = ask(country, "tee")
    assert answer.card is not None
    assert answer.card["kind"] == "policy"
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
    assert answer.key == "duty.rule.tax_only"
    assert not {"goods", "tax", "total"} & set(facts(answer))


def test_the_price_is_the_catalogues_and_the_postage_the_shops() -> None:
    told = {fact.name: fact for fact in ask("DE", "tee").facts}
    assert (told["goods"].source, told["goods"].as_of) == ("shop catalogue", NOW)
    assert (told["shipping"].source, told["shipping"].as_of) == ("shop", date(2026, 11, 20))
    assert told["duty"].source == "Regulation (EU) 2026/382"
    coat = {fact.name: fact for fact in ask("DE", "coat").facts}
    assert (coat["goods"].source, coat["goods"].as_of) == ("shop catalogue", NOW)


def test_that_the_shop_pays_first_is_the_shops_to_say() -> None:
    told = {fact.name: fact for fact in ask("US").facts}
    assert (told["payable_open"].value, told["payable_open"].source) == ("checkout", "shop")


@pytest.mark.parametrize(
    ("country", "amount", "key", "expected"),
    [
        ("ES", "200.00 EUR", "duty.worth.tariff", {"goods": euro("200.00"), "threshold": euro("150")}),
        ("ES", "150.01 EUR", "duty.worth.tariff", {"payable": "delivery", "certainty": "state"}),
        ("ES", "150.00 EUR", "duty.worth.flat", {"payable": "checkout", "flat_duty": euro("3")}),
        ("ES", "60.00 USD", "duty.worth.flat", {"certainty": "converted"}),
        ("GB", "100.00 GBP", "duty.worth.tax_only", {"threshold": Money(Decimal(135), "GBP")}),
        ("GB", "400.00 EUR", "duty.worth.tariff", {"certainty": "converted"}),
        ("CA", "15.00 CAD", "duty.worth.free", {"threshold": Money(Decimal(20), "CAD")}),
        ("CA", "100.00 CAD", "duty.worth.tariff_by_region", {"certainty": "hedge"}),
        (
            "BR",
            "100.00 USD",
            "duty.worth.less_by_region",
            {"threshold": Money(Decimal(50), "USD"), "duty_less": Money(Decimal(20), "USD")},
        ),
        ("BR", "48.00 USD", "duty.worth.less_by_region", {}),  # above the limit with its shipping
        # no sides where nothing is confirmed, or where every value is treated alike
        ("BR", "30.00 USD", "duty.rule.rule_unverified_by_region", {"goods": None}),
        ("US", "90.00 USD", "duty.rule.rate_unverified", {"goods": None}),
        ("BR", "9000.00 USD", "duty.refer", {}),  # more than any rule covers
        ("ES", "90.00 XYZ", "duty.rule.flat", {"goods": None}),  # no rate of exchange
        ("JP", "90.00 EUR", "duty.no_rule", {}),
    ],
)
def test_an_amount_without_a_product_is_held_against_the_limit(
    country: str, amount: str, key: str, expected: dict[str, Any]
) -> None:
    answer = ask(country, amounts=[amount])
    assert answer.key == key
    assert {name: facts(answer).get(name) for name in expected} == expected
    say_everywhere(answer)


def test_goods_of_a_value_that_the_customer_names_are_the_customers_word() -> None:
    goods = next(fact for fact in ask("ES", amounts=["200.00 EUR"]).facts if fact.name == "goods")
    assert (goods.source, goods.as_of) == ("customer", TODAY)


@pytest.mark.parametrize(
    ("page", "text", "amounts", "key"),
    [
        ("mug", "What for goods of 200 euros?", ["200.00 EUR"], "duty.worth.tariff"),  # comes before the page
        (None, "customs for Thing tee, 200 euros", ["200.00 EUR"], "duty.cost"),  # the product comes first
        (None, "customs for 20 or 200 euros", ["20.00 EUR", "200.00 EUR"], "duty.rule.flat"),
        (None, "customs for nothing", ["0.00 EUR"], "duty.rule.flat"),
        (None, "customs on a declared value of 100 euros", ["100.00 EUR"], "duty.rule.flat"),
        (None, "wenn 100 Euro auf der Rechnung stehen", ["100.00 EUR"], "duty.rule.flat"),
        (None, "si la factura es de 100 euros", ["100.00 EUR"], "duty.rule.flat"),
        (None, "发票上是100欧元", ["100.00 EUR"], "duty.rule.flat"),
    ],
)
def test_which_goods_are_meant(page: Optional[str], text: str, amounts: list[str], key: str) -> None:
    assert ask("DE", page, text=text, amounts=amounts).key == key


@pytest.mark.parametrize(
    "text",
    [
        "my parcel is held by customs",
        "why is my package stuck at customs",
        "customs has stopped my order",
        "mein Paket hängt im Zoll fest",
        "Der Zoll hat meine Bestellung zurückgehalten",
        "Paket liegt seit Tagen beim Zoll",
        "Mi paquete está retenido en la aduana",
        "la aduana retiene mi pedido",
        "我的包裹被海关扣了怎么办",
        "包裹卡在海关很久了",
        "mon colis est bloqué à la douane",
        "посылка застряла на таможне",
    ],
)
def test_a_parcel_that_customs_keeps_is_looked_up_or_goes_to_a_person(text: str) -> None:
    answer = ask("DE", "tee", text=text, order_number="LL-10423")
    assert answer.key == "duty.held"
    assert [choice.intent for choice in answer.choices] == ["shipping_status", "human_handoff"]
    assert dict(answer.choices[0].entities or {}) == {"order_number": "LL-10423"}
    assert not ask(None, text=text).choices[0].entities
    say_everywhere(answer)


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
        "Can you declare it as 20 euros?",
        "please put 15 dollars on the customs form",
        "Können Sie 20 Euro auf die Rechnung schreiben?",
        "¿Pueden declararlo por 20 euros?",
        "能申报成20美元吗",
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
        "What customs for 200 euros of shoes?",
        "Do I pay duty on a declared value of 90 euros?",
        "Wie viel Zoll zahle ich bei 200 Euro?",
        "Bei wie viel Prozent liegt der Zoll?",
        "¿Cuánto es la aduana por 90 euros?",
        "请问申报200欧元要交多少税",
        "用信用卡付海关的税可以吗",
    ],
)
def test_honest_questions_are_answered(text: str) -> None:
    assert ask("DE", None, text=text).key == "duty.rule.flat"
