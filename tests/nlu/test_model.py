"""The classifier, the replies and the values, without Rasa's graph around them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.nlu.linear import Linear, fit, strangeness
from bot.nlu.replies import key_of, responses
from bot.nlu.understanding import Understanding


@pytest.fixture(scope="module")
def lines() -> Linear:
    """Three labels, each with a feature of its own and noise in the others."""
    random = np.random.default_rng(0)
    labels = np.repeat(["a", "b", "out"], 40)
    rows = random.random((120, 6)) * 0.3
    for at, label in enumerate(labels):
        rows[at, {"a": 0, "b": 1, "out": 2}[label]] += 1
    return fit(csr_matrix(rows), list(labels), weights=np.ones(120), penalty=1.0, unknown="out", caution=1.0)


def test_each_label_is_sure_of_its_own(lines: Linear) -> None:
    for at, label in enumerate(("a", "b", "out")):
        sure = lines.probabilities(np.array([at]), np.array([1.0]))
        assert lines.labels[int(sure.argmax())] == label
        assert sure.max() > 0.8


@pytest.mark.parametrize(("at", "strange"), [(0, False), (1, False), (2, True)])
def test_what_is_nearer_to_the_unknown_is_strange(lines: Linear, at: int, strange: bool) -> None:
    assert lines.is_strange(lines.margins(np.array([at]), np.array([1.0]))) is strange


def test_without_examples_of_the_unknown_what_is_far_from_all_is_strangest(lines: Linear) -> None:
    margins = np.array([[0.4, -0.2], [-0.7, -0.9]])
    near, far = strangeness(margins, ["a", "b"], "out")
    assert near < far


def test_more_caution_tells_more_apart_and_a_language_has_its_own_threshold() -> None:
    random = np.random.default_rng(1)
    labels = ["a", "b", "out"] * 100
    rows = random.random((300, 5))
    for at, label in enumerate(labels):
        rows[at, ["a", "b", "out"].index(label)] += 0.3
    languages = ["en"] * 270 + ["de"] * 30  # ten strangers in German: too few to say anything
    calm, careful = (
        fit(
            csr_matrix(rows),
            labels,
            weights=np.ones(300),
            penalty=1.0,
            unknown="out",
            caution=caution,
            languages=languages,
        )
        for caution in (0.2, 5.0)
    )
    assert careful.threshold < calm.threshold
    assert set(calm.thresholds) == {"en"}
    strangers = [lines.is_strange(lines.margins(np.arange(5), rows[2]), "de") for lines in (calm, careful)]
    assert strangers == sorted(strangers)


def test_a_saved_classifier_says_the_same(lines: Linear, tmp_path: Path) -> None:
    lines.save(tmp_path)
    loaded = Linear.load(tmp_path)
    indices, values = np.array([0, 3]), np.array([0.7, 0.2])
    assert np.array_equal(lines.probabilities(indices, values), loaded.probabilities(indices, values))
    assert (lines.labels, lines.threshold, lines.unknown) == (loaded.labels, loaded.threshold, loaded.unknown)
    assert lines.thresholds == loaded.thresholds


def test_half_a_model_is_no_model(lines: Linear, tmp_path: Path) -> None:
    lines.save(tmp_path)
    (tmp_path / "lines.npz").unlink()
    with pytest.raises(OSError, match=r"lines\.npz"):
        Linear.load(tmp_path)


def test_reasons_are_led_by_what_weighs_most(lines: Linear) -> None:
    reasons = lines.reasons(np.array([0, 1, 4]), np.array([1.0, 0.2, 0.1]), "a")
    assert reasons[0][0] == 0
    assert reasons[0][1] > 0


def test_an_understanding_is_shown_as_the_public_surface_says() -> None:
    text = "🙏 order #10423"
    parsed = {
        "text": text,
        "language": "en",
        "intent": {"name": "shipping_status", "confidence": 0.98765},
        "intent_ranking": [{"name": "shipping_status", "confidence": 0.98765}],
        "entities": [
            {"entity": "language", "value": "en", "start": 0, "end": 0},
            {"entity": "order_number", "value": "10423", "start": 8, "end": 14},
        ],
        "abstained": False,
        "also": None,
    }
    assert json.loads(json.dumps(Understanding.from_rasa(parsed, text).to_json())) == {
        "text": text,
        "language": "en",
        "intent": "shipping_status",
        "confidence": 0.9877,
        "abstained": False,
        "ranking": [{"intent": "shipping_status", "confidence": 0.9877}],
        "entities": [{"entity": "order_number", "text": "#10423", "start": 8, "end": 14, "value": "10423"}],
        "emotion": "calm",
        "urgency": "normal",
        "also": None,
    }


def test_an_empty_parse_is_an_abstention() -> None:
    understood = Understanding.from_rasa({"intent": {"name": None}}, "?")
    assert (understood.intent, understood.abstained) == ("out_of_scope", True)


def test_replies_become_stock_responses(tmp_path: Path) -> None:
    for language, text in (("en", "Hello."), ("de", "[Hallo., Guten Tag.]")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "social.yml").write_text(f"social.greet: {text}\n", encoding="utf-8")
    found = responses(["utter_social_greet", "action_stock"], folder=tmp_path)
    german = [{"type": "slot", "name": "language", "value": "de"}]
    assert found == {
        "utter_social_greet": [
            {"text": "Hallo.", "condition": german},
            {"text": "Guten Tag.", "condition": german},
            {"text": "Hello."},
        ]
    }
    assert key_of("utter_social_bot_challenge") == "social.bot_challenge"
