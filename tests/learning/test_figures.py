"""Figures on a set so small that they can be computed by hand."""

from __future__ import annotations

from typing import Optional

import pytest

from bot.learning.evaluation import above, evaluation
from bot.learning.figures import (
    Outcome,
    by_intent,
    calibration,
    confusions,
    entity_figures,
    intent_figures,
    language_figures,
    signal_figures,
)
from bot.learning.messages import HeldOut, Named
from bot.nlu.understanding import OUT_OF_SCOPE, Entity, Guess, Understanding

Ranking = tuple[tuple[str, float], ...]


def outcome(
    expected: str,
    ranking: Ranking,
    *,
    abstained: bool = False,
    text: str = "where is it now",
    language: str = "en",
    told: Optional[str] = None,
    slices: tuple[str, ...] = (),
) -> Outcome:
    intent = OUT_OF_SCOPE if abstained or not ranking else ranking[0][0]
    understood = Understanding(
        text=text,
        language=told or language,
        intent=intent,
        confidence=ranking[0][1] if ranking else 0.0,
        abstained=abstained,
        ranking=tuple(Guess(*row) for row in ranking),
    )
    return Outcome(HeldOut(text, language, expected), understood, slices)


# Five in scope: two right, one right but abstained, one fourth in its ranking, one second; and
# three outside: one abstained, one told so, one taken for an intent.
SET = (
    outcome("greet", (("greet", 0.95), ("thank", 0.3))),
    outcome("thank", (("thank", 0.85), ("greet", 0.2))),
    outcome("thank", (("thank", 0.15), ("greet", 0.1)), abstained=True),
    outcome("warranty", (("greet", 0.65), ("thank", 0.2), ("deny", 0.1), ("warranty", 0.05))),
    outcome("deny", (("thank", 0.55), ("deny", 0.5)), language="de"),
    outcome(OUT_OF_SCOPE, (("greet", 0.12),), abstained=True),
    outcome(OUT_OF_SCOPE, ((OUT_OF_SCOPE, 0.9),)),
    outcome(OUT_OF_SCOPE, (("deny", 0.75),), language="de"),
)


def test_intents() -> None:
    assert intent_figures(SET) == {
        "in_scope": 5,
        "first": 0.6,
        "at_threshold": 0.4,
        "among_three": 0.8,
        "outside": 3,
        "out_of_scope": 0.6667,
        "answered": 0.625,
        "right_among_answered": 0.4,
    }


def test_nothing_to_share_is_none_and_not_zero() -> None:
    figures = intent_figures([])
    assert (figures["in_scope"], figures["first"], figures["right_among_answered"]) == (0, None, None)


def test_precision_and_recall_of_each_intent() -> None:
    figures = by_intent(SET)
    assert figures["thank"] == {"expected": 2, "found": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert figures["greet"] == {"expected": 1, "found": 2, "precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert figures["warranty"] == {"expected": 1, "found": 0, "precision": None, "recall": 0.0, "f1": 0.0}
    assert figures[OUT_OF_SCOPE]["found"] == 3


def test_confusions_have_their_messages() -> None:
    rows = confusions(SET)
    assert [(row["expected"], row["said"], row["count"]) for row in rows] == [
        ("deny", "thank", 1),
        (OUT_OF_SCOPE, "deny", 1),
        ("thank", OUT_OF_SCOPE, 1),
        ("warranty", "greet", 1),
    ]
    [message] = rows[2]["messages"]
    assert message == {"text": "where is it now", "language": "en", "guess": "thank", "confidence": 0.15}


def test_calibration_counts_what_was_guessed_whether_abstained_or_not() -> None:
    figures = calibration(SET)
    bins = {row["from"]: (row["count"], row["confidence"], row["right"]) for row in figures["bins"]}
    assert bins[0.1] == (2, 0.135, 0.5)
    assert bins[0.9] == (2, 0.925, 1.0)
    assert bins[0.3] == (0, None, None)
    # |0.27-1| + |0.55-0| + |0.65-0| + |0.75-0| + |0.85-1| + |1.85-2|, over eight
    assert figures["error"] == pytest.approx(0.3725, abs=1e-4)


def test_a_confidence_of_one_belongs_to_the_last_bin() -> None:
    assert calibration([outcome("greet", (("greet", 1.0),))])["bins"][-1]["count"] == 1


def test_language_by_length() -> None:
    figures = language_figures(
        [
            outcome("greet", (), text="hola", language="es"),
            outcome("greet", (), text="buenas tardes", language="es", told="pt"),
            outcome("greet", (), text="que tal todo", language="es"),
            outcome("greet", (), text="我的包裹在哪里", language="zh"),
        ]
    )
    assert figures["all"] == {"count": 4, "right": 0.75}
    assert figures["1 to 3 words"] == {"count": 3, "right": 0.6667}
    assert figures["lengths"]["2 words"] == {"count": 1, "right": 0.0}
    assert figures["lengths"]["4 to 6 words"] == {"count": 1, "right": 1.0}


def named(text: str, expected: tuple[Named, ...], found: tuple[tuple[str, str, str], ...]) -> Outcome:
    entities = tuple(
        Entity(kind, words, text.index(words), text.index(words) + len(words), value)
        for kind, words, value in found
    )
    understood = Understanding(text, "en", "greet", 1.0, False, entities=entities)
    return Outcome(HeldOut(text, "en", None, entities=expected), understood)


def test_entities_match_by_kind_and_words() -> None:
    figures = entity_figures(
        [
            named(
                "#12 to Peru in red",
                (Named("order_number", "#12", "12"), Named("country", "Peru", "PE"), Named("colour", "red")),
                (("order_number", "12", "12"), ("country", "Peru", "PT"), ("product", "red", "x")),
            ),
            named("no entity here", (), (("size", "here", "h"),)),
            Outcome(HeldOut("not judged, 5", "en", "greet"), SET[0].understood),
        ],
        judged=("order_number", "country", "colour", "size"),
    )
    assert figures["all"] == {"expected": 3, "found": 3, "precision": 0.3333, "recall": 0.3333, "f1": 0.3333}
    assert figures["kinds"]["country"]["f1"] == 1.0
    assert figures["kinds"]["order_number"]["f1"] == 0.0
    assert figures["values"] == {"count": 1, "right": 0.0}
    assert figures["missed"][0]["not_found"] == ["order_number=#12", "colour=red"]
    assert figures["missed"][1]["not_there"] == ["size=here"]


def felt(expected: tuple[str, Optional[str]], told: tuple[str, Optional[str]]) -> Outcome:
    message = HeldOut("x", "en", "greet", emotion=expected[0], also=expected[1])
    understood = Understanding("x", "en", "greet", 1.0, False, emotion=told[0], also=told[1])
    return Outcome(message, understood)


def test_signals() -> None:
    figures = signal_figures(
        [
            felt(("calm", None), ("calm", None)),
            felt(("angry", "thank"), ("angry", "greet")),
            felt(("angry", None), ("worried", None)),
            felt(("calm", "deny"), ("worried", "deny")),
        ]
    )
    assert figures["emotion"] == {
        "accuracy": 0.5,
        "expected": 2,
        "found": 3,
        "precision": 0.3333,
        "recall": 0.5,
        "f1": 0.4,
    }
    assert (figures["also"]["accuracy"], figures["also"]["f1"]) == (0.75, 0.5)


def test_languages_and_slices_apart_and_points_between_two() -> None:
    ours = evaluation(SET)
    assert list(ours["languages"]) == ["en", "de"]
    assert ours["languages"]["de"]["all"]["first"] == 0.0
    better = [outcome("deny", (("deny", 0.9),), language="de", slices=("plain",))]
    theirs = evaluation(better, intents_only=True)
    assert theirs["languages"]["de"]["slices"]["plain"]["first"] == 1.0
    assert theirs["languages"]["de"]["slices"]["ordinary"]["first"] is None
    points = above(evaluation([*better, SET[0]]), evaluation([SET[4], SET[0]], intents_only=True))
    assert points["de"] == {"first": 100.0, "at_threshold": 100.0, "out_of_scope": None}
    assert points["all"]["first"] == 50.0
