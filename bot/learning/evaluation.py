"""Judges a model on messages that it never saw, and puts the figures together."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence

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
from bot.learning.messages import HeldOut
from bot.learning.overlap import Lookup
from bot.learning.slices import ORDINARY, PLAIN, SHORT, WITHOUT, Keywords
from bot.nlu.understanding import ENTITIES, Understanding
from bot.yamls import load_yaml

Parse = Callable[[str, Mapping[str, Any]], Understanding]
Progress = Callable[[int, int], None]
SLICES = (PLAIN, ORDINARY, WITHOUT, SHORT)
# Products are found by a shop's own catalogue, which a held-out message knows nothing of.
JUDGED_ENTITIES = tuple(name for name in ENTITIES if name != "product")
# The storefront of each language, as a door would tell of it.
LOCALES = {
    "en": "en-GB",
    "zh": "zh-CN",
    "es": "es-ES",
    "pt": "pt-BR",
    "fr": "fr-FR",
    "de": "de-DE",
    "it": "it-IT",
    "ru": "ru-RU",
    "ar": "ar-SA",
    "ja": "ja-JP",
}
# Held-out days are written for this one, a Tuesday.
AT = "2026-11-24T10:00:00+00:00"


def known_places(messages: Sequence[HeldOut], training: Sequence[str]) -> frozenset[int]:
    """The places of messages that training has too, or nearly: they judge nothing."""
    lookup = Lookup([message.text for message in messages])
    return frozenset(alike.at for text in training for alike in lookup.find(text))


def read_training(folder: Path) -> list[str]:
    """The texts of every example below data/nlu."""
    texts = []
    for path in sorted(folder.glob("*/*.yml")):
        for block in load_yaml(path.read_text(encoding="utf-8"))["nlu"]:
            lines = str(block.get("examples") or "").splitlines()
            texts += [line.strip()[2:] for line in lines if line.strip()]
    return texts


def context_of(message: HeldOut) -> dict[str, Any]:
    """What a door would tell of a message that opens a conversation on its language's storefront."""
    locale = LOCALES.get(message.language, message.language)
    return {"conversation": "evaluation", "locale": locale, "timezone": "UTC", "at": AT}


def judge(
    messages: Sequence[HeldOut], parse: Parse, *, keywords: Keywords, progress: Optional[Progress] = None
) -> list[Outcome]:
    """What a model makes of each message; `progress` is told how many of how many are done."""
    outcomes = []
    for at, message in enumerate(messages, 1):
        understood = parse(message.text, context_of(message))
        slices = (
            keywords.slices_of(message.text, intent=message.intent, language=message.language)
            if message.intent is not None
            else ()
        )
        outcomes.append(Outcome(message, understood, slices))
        if progress is not None:
            progress(at, len(messages))
    return outcomes


def section(outcomes: Sequence[Outcome], *, intents_only: bool = False) -> dict[str, Any]:
    """All figures over some outcomes, as JSON values."""
    judged = [o for o in outcomes if o.message.intent is not None]
    figures: dict[str, Any] = {
        "all": intent_figures(judged),
        "slices": {name: intent_figures([o for o in judged if name in o.slices]) for name in SLICES},
        "intents": by_intent(judged),
        "confusions": confusions(judged),
        "calibration": calibration(judged),
    }
    if not intents_only:
        figures["language"] = language_figures(outcomes)
        figures["entities"] = entity_figures(outcomes, judged=JUDGED_ENTITIES)
        figures["signals"] = signal_figures(judged)
    return figures


def evaluation(outcomes: Sequence[Outcome], *, intents_only: bool = False) -> dict[str, Any]:
    """The figures over all outcomes, and by language in the order of the outcomes."""
    languages = list(dict.fromkeys(o.message.language for o in outcomes))
    return {
        "all": section(outcomes, intents_only=intents_only),
        "languages": {
            language: section(
                [o for o in outcomes if o.message.language == language], intents_only=intents_only
            )
            for language in languages
        },
    }


def above(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, dict[str, Optional[float]]]:
    """By how many points one evaluation lies above another, by language and over all."""
    pairs = {"all": (ours["all"], theirs["all"])}
    pairs.update({name: (row, theirs["languages"][name]) for name, row in ours["languages"].items()})
    return {
        name: {
            figure: _points(mine["all"][figure], other["all"][figure])
            for figure in ("first", "at_threshold", "out_of_scope")
        }
        for name, (mine, other) in pairs.items()
    }


def _points(mine: Optional[float], other: Optional[float]) -> Optional[float]:
    return None if mine is None or other is None else round((mine - other) * 100, 1)
