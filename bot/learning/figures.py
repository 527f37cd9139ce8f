"""Figures over judged messages: plain sums, a share is None where there is nothing to share."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Optional, Sequence

from bot.learning.messages import HeldOut
from bot.learning.slices import count_words
from bot.nlu.understanding import OUT_OF_SCOPE, Understanding

BINS = 10
AMONG = 3
# Up to how many words a text belongs to a length, and the length's name.
LENGTHS = ((1, "1 word"), (2, "2 words"), (3, "3 words"), (6, "4 to 6 words"), (10**9, "7 words and more"))
SHORT_LENGTHS = ("1 word", "2 words", "3 words")


@dataclass(frozen=True)
class Outcome:
    """A held-out message, what the model made of it, and the slices that it belongs to."""

    message: HeldOut
    understood: Understanding
    slices: tuple[str, ...] = ()

    @property
    def guess(self) -> str:
        """The likeliest intent, threshold or not."""
        ranking = self.understood.ranking
        return ranking[0].intent if ranking else OUT_OF_SCOPE

    @property
    def confidence(self) -> float:
        """Of the likeliest intent, from 0 to 1."""
        ranking = self.understood.ranking
        return ranking[0].confidence if ranking else 0.0

    @property
    def is_right(self) -> bool:
        """Whether the intent is right at the working threshold."""
        return self.understood.intent == self.message.intent


def share(part: float, whole: float) -> Optional[float]:
    """A part of a whole, to four places; None of nothing."""
    return round(part / whole, 4) if whole else None


def intent_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """How well intents are told.

    `first`: in scope, the likeliest is right; `at_threshold`: in scope, right and not abstained;
    `out_of_scope`: out of scope, told so; `right_among_answered`: right among all that was not
    told out of scope; `among_three`: in scope, the true one is among the first three.
    """
    inside = [o for o in outcomes if o.message.in_scope]
    outside = [o for o in outcomes if not o.message.in_scope]
    answered = [o for o in outcomes if o.understood.intent != OUT_OF_SCOPE]
    return {
        "in_scope": len(inside),
        "first": share(sum(o.guess == o.message.intent for o in inside), len(inside)),
        "at_threshold": share(sum(o.is_right for o in inside), len(inside)),
        "among_three": share(sum(_among(o) for o in inside), len(inside)),
        "outside": len(outside),
        "out_of_scope": share(sum(o.is_right for o in outside), len(outside)),
        "answered": share(len(answered), len(outcomes)),
        "right_among_answered": share(sum(o.is_right for o in answered), len(answered)),
    }


def _among(outcome: Outcome) -> bool:
    return any(guess.intent == outcome.message.intent for guess in outcome.understood.ranking[:AMONG])


def by_intent(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 of each intent at the working threshold."""
    expected = Counter(str(o.message.intent) for o in outcomes)
    said = Counter(o.understood.intent for o in outcomes)
    right = Counter(o.understood.intent for o in outcomes if o.is_right)
    return {name: prf(right[name], said[name], expected[name]) for name in sorted({*expected, *said})}


def prf(right: int, found: int, expected: int) -> dict[str, Any]:
    """Precision, recall and F1 of so many right among so many found, where so many were expected."""
    return {
        "expected": expected,
        "found": found,
        "precision": share(right, found),
        "recall": share(right, expected),
        "f1": share(2 * right, found + expected),
    }


def confusions(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """What was taken for what at the working threshold, most frequent first, with the messages."""
    taken: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.is_right:
            taken[str(outcome.message.intent), outcome.understood.intent].append(outcome)
    order = sorted(taken, key=lambda pair: (-len(taken[pair]), pair))
    return [
        {
            "expected": expected,
            "said": said,
            "count": len(taken[expected, said]),
            "messages": [
                {
                    "text": o.message.text,
                    "language": o.message.language,
                    "guess": o.guess,
                    "confidence": o.confidence,
                }
                for o in taken[expected, said]
            ],
        }
        for expected, said in order
    ]


def calibration(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Whether 0.8 means right in eight of ten: ten bins of confidence, and the expected error."""
    bins: list[list[Outcome]] = [[] for _ in range(BINS)]
    for outcome in outcomes:
        bins[min(int(outcome.confidence * BINS), BINS - 1)].append(outcome)
    rows, error = [], 0.0
    for at, held in enumerate(bins):
        sure = sum(o.confidence for o in held)
        right = sum(o.guess == o.message.intent for o in held)
        error += abs(sure - right)
        rows.append(
            {
                "from": at / BINS,
                "to": (at + 1) / BINS,
                "count": len(held),
                "confidence": share(sure, len(held)),
                "right": share(right, len(held)),
            }
        )
    return {"bins": rows, "error": share(error, len(outcomes))}


def language_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """How often the language is told, by the length of the text in words."""
    held: dict[str, list[bool]] = {name: [] for _, name in LENGTHS}
    for o in outcomes:
        words = count_words(o.message.text)
        name = next(name for most, name in LENGTHS if words <= most)
        held[name].append(o.understood.language == o.message.language)
    rows = {name: _counted(right) for name, right in held.items()}
    short = [right for name in SHORT_LENGTHS for right in held[name]]
    everything = [right for rights in held.values() for right in rights]
    return {"all": _counted(everything), "1 to 3 words": _counted(short), "lengths": rows}


def _counted(right: Sequence[bool]) -> dict[str, Any]:
    return {"count": len(right), "right": share(sum(right), len(right))}


def entity_figures(outcomes: Iterable[Outcome], *, judged: Sequence[str]) -> dict[str, Any]:
    """Exact matches of kind and words, over messages whose entities are written down.

    `values` is the share of right values among the matches that have one written down. Kinds
    that are not `judged` are left out on both sides.
    """
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    values: list[bool] = []
    missed: list[dict[str, Any]] = []
    for o in outcomes:
        if o.message.entities is None:
            continue
        theirs = Counter((e.entity, e.text) for e in o.understood.entities if e.entity in judged)
        ours = Counter((e.entity, e.text) for e in o.message.entities if e.entity in judged)
        for counter, names in ((right, ours & theirs), (found, theirs), (expected, ours)):
            for (entity, _), count in names.items():
                counter[entity] += count
        told = {(e.entity, e.text): e.value for e in o.understood.entities}
        values += [
            told[e.entity, e.text] == e.value
            for e in o.message.entities
            if e.value is not None and (e.entity, e.text) in told
        ]
        if ours != theirs:
            missed.append(_missed(o, ours, theirs))
    kinds = {name: prf(right[name], found[name], expected[name]) for name in sorted({*found, *expected})}
    return {
        "all": prf(right.total(), found.total(), expected.total()),
        "kinds": kinds,
        "values": _counted(values),
        "missed": missed,
    }


def _missed(
    outcome: Outcome, ours: Counter[tuple[str, str]], theirs: Counter[tuple[str, str]]
) -> dict[str, Any]:
    return {
        "text": outcome.message.text,
        "language": outcome.message.language,
        "not_found": [f"{entity}={text}" for entity, text in (ours - theirs).elements()],
        "not_there": [f"{entity}={text}" for entity, text in (theirs - ours).elements()],
    }


def signal_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Feelings, urgency and second intents: how often right, and found where there is something to find."""
    return {
        "emotion": _signal(outcomes, quiet="calm", name="emotion"),
        "urgency": _signal(outcomes, quiet="normal", name="urgency"),
        "also": _signal(outcomes, quiet=None, name="also"),
    }


def _signal(outcomes: Sequence[Outcome], *, quiet: Optional[str], name: str) -> Mapping[str, Any]:
    pairs = [(getattr(o.message, name), getattr(o.understood, name)) for o in outcomes]
    right = sum(ours == theirs for ours, theirs in pairs)
    marked = sum(ours == theirs != quiet for ours, theirs in pairs)
    found = sum(theirs != quiet for _, theirs in pairs)
    expected = sum(ours != quiet for ours, _ in pairs)
    return {"accuracy": share(right, len(pairs)), **prf(marked, found, expected)}
