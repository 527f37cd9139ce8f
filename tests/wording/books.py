"""The real phrasebook and guard, loaded once, and small ways to use them."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import Optional, Sequence

from bot.answer import Fact
from bot.guard import Guard, Verdict
from bot.phrasebook import Phrasebook
from bot.settings import ROOT

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)
BERLIN = "Europe/Berlin"
LANGUAGES = ("en", "zh", "es", "de")


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    return Phrasebook.load(ROOT / "data" / "replies")


@lru_cache(maxsize=1)
def guard() -> Guard:
    return Guard.load(ROOT / "data" / "guard", words=phrasebook().words)


def word(fact: Fact, language: str, part: Optional[str] = None, *, zone: str = BERLIN) -> str:
    return phrasebook().words[language].word(fact, part, zone=zone, now=NOW)


def check(text: str, facts: Sequence[Fact], language: str, *, zone: str = BERLIN) -> Verdict:
    return guard().check(text, facts=tuple(facts), language=language, timezone=zone)
