"""What the assistant asks when it is not sure, and which language somebody asks for."""

from __future__ import annotations

import pytest

from bot.answer import Fact
from bot.desk.topics import Topics, named_language

TOPICS = Topics(priorities={}, languages=("en", "de"), guess=0.04)


@pytest.mark.parametrize(
    ("ranking", "abstained", "offered"),
    [
        ([("shipping_status", 0.3), ("delivery_time", 0.2), ("complaint", 0.1)], True, 2),
        ([("shipping_status", 0.3), ("delivery_time", 0.01)], True, 1),
        ([("out_of_scope", 0.3), ("greet", 0.2), ("complaint", 0.1)], True, 1),
        ([("shipping_status", 0.03)], True, 0),
        ([("out_of_scope", 0.9), ("shipping_status", 0.3)], False, 0),
    ],
    ids=["two likely", "one likely", "no button for small talk", "nothing likely", "surely not for us"],
)
def test_guesses_are_offered_when_there_is_something_for_them(
    ranking: list[tuple[str, float]], abstained: bool, offered: int
) -> None:
    answer = TOPICS.unsure(ranking, abstained=abstained)
    assert [choice.intent for choice in answer.choices][-1] == "human_handoff"
    assert len(answer.choices) == offered + 1


@pytest.mark.parametrize(
    ("intent", "confidence", "guess"),
    [
        ("warranty", 0.39, True),
        ("warranty", 0.4, False),
        ("safety_incident", 0.1, False),
        ("usage_help", 0.1, True),
    ],
)
def test_what_is_urgent_is_never_asked_about_first(intent: str, confidence: float, guess: bool) -> None:
    topics = Topics(
        priorities={"warranty": "normal", "safety_incident": "urgent"}, languages=(), ask_first=0.4
    )
    assert topics.is_guess(intent, confidence) is guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("can you speak English?", "en"),
        ("auf Deutsch bitte", "de"),
        ("¿habla español?", "es"),
        ("可以说英文吗", "en"),
        ("parlez-vous français", "fr"),
        ("where is my order", None),
    ],
)
def test_a_language_is_known_by_its_names(text: str, language: str | None) -> None:
    assert named_language(text) == language


@pytest.mark.parametrize(
    ("named", "ranking", "key", "offered"),
    [
        (
            ["order_number"],
            [("size_question", 0.3)],
            "social.unsure_about.order",
            ["shipping_status", "order_change"],
        ),
        (
            ["order_number"],
            [("refund_status", 0.3)],
            "social.unsure_about.order",
            ["refund_status", "shipping_status"],
        ),
        (["colour", "product", "size"], [], "social.unsure_about.product_both", ["stock_question"]),
        ([], [("size_question", 0.3)], "social.unsure", ["size_question"]),
    ],
    ids=["not what cannot be meant", "likely before usual", "usual alone", "nothing named"],
)
def test_what_was_understood_is_named_and_goes_along(
    named: list[str], ranking: list[tuple[str, float]], key: str, offered: list[str]
) -> None:
    order = ("shipping_status", "order_change", "refund_status")
    topics = Topics(
        priorities={}, languages=(), guess=0.04, usual={"order_number": order, "product": ("stock_question",)}
    )
    facts = [Fact(name, "x") for name in named]
    answer = topics.unsure(ranking, abstained=True, said="the words", named=facts)
    assert answer.key == key
    assert [choice.intent for choice in answer.choices] == [*offered, "human_handoff"]
    assert all((choice.entities or {}).get("said") == "the words" for choice in answer.choices[:-1])


def test_the_second_time_a_person_is_the_first_button() -> None:
    answer = TOPICS.unsure([("shipping_status", 0.3)], abstained=True, said="x", again=True)
    assert answer.key == "handoff.offer"
    assert [choice.intent for choice in answer.choices] == ["human_handoff", "shipping_status"]
    assert answer.handoff is None
