"""What the customs and policy actions read from a message: where to, which amounts, which order."""

from __future__ import annotations

import asyncio
from typing import Any, Iterator, Optional

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.shopping import CustomsDuty, DeliveryTime, Policy, ShippingOptions
from bot import wiring
from bot.answer import Answer
from bot.settings import Settings, get_settings

AT = "2026-11-24T02:00:00+00:00"
FROM_CHINA_TO_SPAIN = [("country", "CN"), ("country", "ES")]


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    wiring.use(Settings(var=tmp_path_factory.mktemp("var"), database_url=""))
    yield
    wiring.use(get_settings())


def said(
    action: type[Action],
    entities: list[tuple[str, str]],
    *,
    text: str = "",
    intent: str = "customs_duty",
    country: Optional[str] = "DE",
) -> Answer:
    """What an action says to a message with these entities."""
    message: dict[str, Any] = {
        "text": text,
        "intent": {"name": intent},
        "entities": [{"entity": name, "value": value} for name, value in entities],
        "metadata": {
            "conversation": "c",
            "seq": 2,
            "shop": "demo",
            "language": "en",
            "country": country,
            "at": AT,
        },
    }
    tracker = Tracker("c", {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    asyncio.run(action().run(dispatcher, tracker, {}))
    return Answer.from_json(dispatcher.messages[0]["custom"])


def fact(answer: Answer, name: str) -> Any:
    return next((fact.value for fact in answer.facts if fact.name == name), None)


@pytest.mark.parametrize(
    ("entities", "country", "to"),
    [
        (FROM_CHINA_TO_SPAIN, "DE", "ES"),
        ([("country", "ES"), ("country", "CN")], "DE", "ES"),
        ([("country", "CN")], "DE", "DE"),  # where it comes from is no destination
        ([], "DE", "DE"),
        ([("country", "CN")], None, None),
    ],
)
@pytest.mark.parametrize("action", [CustomsDuty, DeliveryTime, ShippingOptions])
def test_the_country_that_parcels_start_in_is_no_destination(
    action: type[Action], entities: list[tuple[str, str]], country: Optional[str], to: Optional[str]
) -> None:
    assert fact(said(action, entities, country=country), "country") == to


def test_a_policy_is_that_of_the_country_that_is_named() -> None:
    answer = said(Policy, [("country", "GB")], intent="return_request")
    assert fact(answer, "withdrawal_law") == "gb"


@pytest.mark.parametrize(
    ("entities", "key"),
    [
        ([("amount", "200.00 EUR")], "duty.worth.tariff"),
        ([("amount", "200.00 EUR"), ("quantity", "1")], "duty.worth.tariff"),
        ([("amount", "40.00 EUR"), ("quantity", "3")], "duty.rule.flat"),  # perhaps for each of them
        ([("amount", "40.00 EUR"), ("amount", "60.00 EUR")], "duty.rule.flat"),
    ],
)
def test_an_amount_is_the_value_of_the_goods(entities: list[tuple[str, str]], key: str) -> None:
    assert said(CustomsDuty, entities).key == key


def test_the_order_that_customs_keeps_is_asked_for_by_its_number() -> None:
    answer = said(CustomsDuty, [("order_number", "LL-10423")], text="customs holds my parcel, stuck for days")
    assert dict(answer.choices[0].entities or {}) == {"order_number": "LL-10423"}
