from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Optional

import pytest
import yaml

from bot.answer import Answer, Fact
from bot.conversations.saying import Saying
from bot.database import Database
from bot.guard import Guard
from bot.phrasebook import Phrasebook
from bot.shop.backends.demo_orders import demo_orders
from bot.shop.carriers.book import load_carriers
from bot.shop.model import Order, Parcel
from bot.shop.order_story import Teller
from bot.shop.orders import REFUSED, UNAVAILABLE, Orders
from bot.shop.products_file import load_products
from bot.shop.proofs import ProofStore
from tests.shop.orders_at_hand import DATA, NOW, FakeBackend, event, order, parcel

CARRIERS = load_carriers(DATA / "carriers.yml")
TELLER = Teller(carriers=CARRIERS, transit={"BR": (25, 45)}.get, source="shop orders")
ZONES = {"en": "America/New_York", "de": "Europe/Berlin", "es": "Europe/Madrid", "zh": "Asia/Shanghai"}
SENT = (event(12, "label_created", "Shenzhen", "CN"), event(11.5, "accepted", "Shenzhen", "CN"))
DEMO = demo_orders(
    DATA / "shops/demo/orders.yml", products=load_products(DATA / "shops/demo"), now=NOW, seed=1
)


def tell(told: Order, *, timezone: str = "Europe/Berlin", language: str = "de") -> Answer:
    return TELLER.tell(told, now=NOW, timezone=timezone, language=language)


def facts(answer: Answer) -> dict[str, Any]:
    return {fact.name: fact.value for fact in answer.facts}


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    return Phrasebook.load(DATA / "replies")


@pytest.fixture(scope="module")
def saying(book: Phrasebook) -> Saying:
    return Saying(phrasebook=book, guard=Guard.load(DATA / "guard", words=book.words))


# -- which story -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "key", "handoff", "choices"),
    [
        (order(state="unpaid"), "unpaid", None, ["human_handoff", "payment_problem"]),
        (order(state="paid"), "paid", None, []),
        (order(state="packed"), "packed", None, []),
        (order(state="cancelled"), "cancelled", None, ["refund_status"]),
        (order(state="returned"), "returned", None, ["refund_status"]),
        (order(state="shipped"), "shipped", None, ["human_handoff"]),
        (
            order(state="delivered"),
            "delivered_unscanned",
            None,
            ["parcel_not_received", "human_handoff"],
        ),
        (order(parcel(*SENT, event(5, "delivered")), state="returned"), "returned", None, ["refund_status"]),
        (order(parcel()), "no_scan", None, []),
        (order(parcel(event(1, "label_created")), state="packed"), "label_created", None, []),
        (order(parcel(*SENT, event(1, "import_customs"))), "import_customs", None, []),
        (order(parcel(*SENT, event(1, "customs_held"))), "customs_held", None, ["human_handoff"]),
        (order(parcel(*SENT, event(1, "delivery_failed"))), "delivery_failed", None, ["human_handoff"]),
        (order(parcel(*SENT, event(1, "returning"))), "returning", None, ["human_handoff"]),
        (order(parcel(*SENT, event(1, "exception"))), "exception", "parcel_exception", []),
        (
            order(parcel(*SENT, event(1, "delivered"))),
            "delivered",
            None,
            ["parcel_not_received", "human_handoff"],
        ),
        # no scan for too long: 7 days of an express service, 15 of a line, 20 of the post
        (order(parcel(event(6.9, "accepted"), carrier="dhl_express")), "accepted", None, []),
        (order(parcel(event(7.1, "accepted"), carrier="dhl_express")), "stalled", None, ["human_handoff"]),
        (order(parcel(event(14.9, "accepted"))), "accepted", None, []),
        (order(parcel(event(15.1, "accepted"))), "stalled", None, ["human_handoff"]),
        (order(parcel(event(19.9, "accepted"), carrier="china_post")), "accepted", None, []),
        (order(parcel(event(20.1, "accepted"), carrier="china_post")), "stalled", None, ["human_handoff"]),
        (order(parcel(event(19.9, "accepted"), carrier="pigeon")), "accepted", None, []),
        # scanned, but past the usual range
        (
            order(parcel(event(40, "accepted"), event(1, "import_customs"))),
            "overdue",
            None,
            ["human_handoff"],
        ),
        # two parcels
        (
            order(parcel(*SENT, event(1, "delivered")), parcel(*SENT, event(1, "import_customs"))),
            "several",
            None,
            [],
        ),
        (order(parcel(*SENT, event(1, "delivered")), parcel()), "several_no_scan", None, []),
        (
            order(parcel(*SENT, event(1, "delivered")), parcel(*SENT, event(2, "delivered"))),
            "delivered",
            None,
            ["parcel_not_received", "human_handoff"],
        ),
        (
            order(parcel(*SENT, event(1, "in_transit")), parcel(*SENT, event(2, "exception"))),
            "exception",
            "parcel_exception",
            [],
        ),
    ],
)
def test_the_story_that_is_told(told: Order, key: str, handoff: Optional[str], choices: list[str]) -> None:
    answer = tell(told)
    assert answer.key == f"order.status.{key}"
    assert (answer.handoff.reason if answer.handoff else None) == handoff
    assert [choice.intent for choice in answer.choices] == choices


def test_the_one_furthest_behind_is_told_of_several() -> None:
    answer = tell(
        order(
            parcel(*SENT, event(1, "delivered")),
            Parcel("SECOND", "china_post", (*SENT, event(2, "export_customs", "Guangzhou", "CN"))),
        )
    )
    told = facts(answer)
    assert (told["parcel_count"], told["delivered_count"]) == (2, 1)
    assert (told["tracking_number"], told["carrier"], told["place"]) == ("SECOND", "China Post", "Guangzhou")
    assert answer.card is not None
    assert [step["state"] for step in answer.card["steps"]] == ["done", "now"]


# -- facts -----------------------------------------------------------------------------


def test_facts_of_a_parcel_under_way() -> None:
    last = event(1, "import_customs")
    told = facts(tell(order(parcel(*SENT, last))))
    assert told["event_at"] == last.at
    assert told["status"] == "import_customs"
    assert told["place"] == "Frankfurt"
    assert told["carrier"] == "YunExpress"
    assert told["tracking_url"] == "https://www.yuntrack.com/parcelTracking?id=YT2229521272164446"
    assert (told["transit_low"], told["transit_high"], told["working_day"]) == (8, 18, 8)
    assert told["as_of"] == NOW


def test_every_fact_has_a_source_and_a_date() -> None:
    for told in DEMO:
        for fact in tell(told).facts:
            assert fact.source, fact
            assert fact.as_of is not None, fact


def test_the_shops_own_range_goes_before_the_carriers() -> None:
    lines = {
        country: facts(tell(Order(**{**DEMO[10].__dict__, "country": country}))) for country in ("BR", "ES")
    }
    assert (lines["BR"]["transit_low"], lines["BR"]["transit_high"]) == (25, 45)
    assert (lines["ES"]["transit_low"], lines["ES"]["transit_high"]) == (8, 18)


@pytest.mark.parametrize(
    ("place", "country", "value", "unit"),
    [("Frankfurt", "DE", "Frankfurt", None), ("", "DE", "DE", "country"), ("", None, "unknown", "term")],
)
def test_a_scan_without_a_place(place: str, country: Optional[str], value: str, unit: Optional[str]) -> None:
    answer = tell(order(parcel(*SENT, event(1, "import_customs", place, country))))
    fact = next(fact for fact in answer.facts if fact.name == "place")
    assert (fact.value, fact.unit) == (value, unit)


@pytest.mark.parametrize(
    ("place", "language", "said"),
    [
        ("Munich", "de", "München"),
        ("Munich", "en", "Munich"),
        ("Vienna", "es", "Viena"),
        ("Guangzhou", "zh", "广州"),
        ("Little Whinging", "de", "Little Whinging"),
        ("Munich", "xx", "Munich"),
    ],
)
def test_a_place_has_its_name_in_the_customers_language(place: str, language: str, said: str) -> None:
    answer = tell(order(parcel(*SENT, event(1, "arrived_country", place))), language=language)
    told = facts(answer)
    assert told["place"] == said
    steps = [value for name, value in told.items() if name.startswith("step_") and name.endswith("_place")]
    assert steps[-1] == said


def test_every_place_of_the_demo_shop_has_a_chinese_name() -> None:
    for told in DEMO:
        for one in (scan for each in told.parcels for scan in each.events if scan.place):
            assert CARRIERS.place(one.place, language="zh") != one.place, one.place


def test_a_number_cannot_break_out_of_the_address_of_the_page() -> None:
    told = Parcel("1&x=<a b>#", "yunexpress", SENT)
    assert facts(tell(order(told)))["tracking_url"].endswith("?id=1%26x%3D%3Ca%20b%3E%23")


# -- the card --------------------------------------------------------------------------


def test_the_card_shows_what_is_done_what_is_now_and_what_is_next() -> None:
    answer = tell(
        order(
            parcel(
                *SENT,
                event(10, "export_customs", "Guangzhou", "CN"),
                event(3, "arrived_country"),
                event(1, "import_customs"),
            )
        )
    )
    card = answer.card
    assert card is not None
    assert [(step["state"], step["label"]["reply"]) for step in card["steps"]] == [
        ("done", "order.step.accepted"),
        ("done", "order.step.export_customs"),
        ("done", "order.step.arrived_country"),
        ("now", "order.step.import_customs"),
        ("next", "order.step.out_for_delivery"),
    ]
    assert (card["range"]["low"], card["range"]["high"], card["range"]["today"]) == (8, 18, 8)


@pytest.mark.parametrize("state", ["delivered", "customs_held", "exception", "returning", "pickup_ready"])
def test_no_range_where_none_is_meant(state: str) -> None:
    card = tell(order(parcel(*SENT, event(1, state)))).card
    assert card is not None
    assert "range" not in card


def test_no_answer_names_a_day_of_delivery() -> None:
    for told in DEMO:
        for fact in tell(told).facts:
            if fact.unit in ("instant", "day") and fact.name != "pick_up_until":
                assert fact.value <= NOW, fact  # type: ignore[operator]


# -- in words --------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(ZONES))
def test_every_order_can_be_said_and_passes_the_guard(
    book: Phrasebook, saying: Saying, language: str
) -> None:
    odd = [
        order(parcel(*SENT, event(1, "delivered")), parcel()),
        order(parcel(*SENT, event(1, "import_customs", "", None))),
        order(parcel(*SENT, event(1, "import_customs", "", "DE"))),
        order(parcel(event(0, "accepted"), carrier="pigeon")),
    ]
    said = set()
    for zone in (ZONES[language], "UTC", "Pacific/Kiritimati"):
        for told in (*DEMO, *odd):
            answer = promised(tell(told, timezone=zone, language=language))
            rendered = saying.say(answer, language=language, timezone=zone, now=NOW)
            assert saying.refusal(answer, rendered, language=language, timezone=zone) is None
            assert told.number in rendered.text
            assert rendered.card is not None
            said.add(answer.key)
    stories = {key for key in book.keys(language) if key.startswith("order.status.")}
    assert said == stories


@pytest.mark.parametrize("language", sorted(ZONES))
def test_questions_and_refusals_can_be_said(saying: Saying, language: str) -> None:
    orders = Orders(backend=FakeBackend(), proofs=ProofStore(Database("sqlite://")), carriers=CARRIERS)
    asked = [
        orders.ask(missing=missing, wrong=wrong)
        for missing in ("both", "number", "email")
        for wrong in (True, False)
    ]
    for answer in (*asked, promised(REFUSED), promised(UNAVAILABLE)):
        rendered = saying.say(answer, language=language, timezone="UTC", now=NOW)
        assert saying.refusal(answer, rendered, language=language, timezone="UTC") is None


def promised(answer: Answer) -> Answer:
    """As the turn completes a handoff."""
    due = Fact("due_at", NOW + timedelta(hours=7), "instant", "desk")
    return answer.with_facts(due) if answer.handoff else answer


def test_all_languages_have_the_same_replies_with_the_same_facts() -> None:
    def shape(path: Path) -> dict[str, set[str]]:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {key: set(re.findall(r"\{(\w+)", text)) for key, text in rows.items()}

    shapes = [shape(DATA / "replies" / language / "order.yml") for language in ZONES]
    assert all(found == shapes[0] for found in shapes)


# -- carriers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "instead", "sentence"),
    [
        ("kind: line\n", "kind: rocket\n", "rocket is missing"),
        ("kinds:", "sorts:", "kinds is missing"),
        ("range: [4, 8]", "range: [4]", "expected kinds"),
    ],
)
def test_a_fault_in_the_book_of_carriers_is_named(
    tmp_path: Path, fault: str, instead: str, sentence: str
) -> None:
    text = (DATA / "carriers.yml").read_text(encoding="utf-8")
    assert fault in text
    path = tmp_path / "carriers.yml"
    path.write_text(text.replace(fault, instead), encoding="utf-8")
    with pytest.raises(ValueError, match=sentence):
        load_carriers(path)
