"""How the customer feels and how urgent it is, by points that data/lookups/signals.yml gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Collection, Mapping

from bot.nlu.spans import Folded, FormTable, read

CALM, NORMAL = "calm", "normal"
_MARKS = re.compile(r"[!?！？]{2,}|[!！].*[!！]", re.DOTALL)
_FEWEST_CAPITALS = 12
_CAPITALS_SHARE = 0.8
_WORD_POINTS = 2


@dataclass(frozen=True)
class Scale:
    """What speaks for one feeling or one urgency, in points."""

    name: str
    concepts: Mapping[str, int]
    intents: Mapping[str, int]
    words: FormTable

    def points(self, text: Folded, concepts: Collection[str], intent: str) -> int:
        """How much a message speaks for it."""
        points = sum(self.concepts.get(concept, 0) for concept in concepts)
        points += _WORD_POINTS * any(True for _ in self.words.find(text))
        return points + self.intents.get(intent, 0)


@dataclass(frozen=True)
class Signals:
    """Reads feelings and urgency; both lists are in the order of precedence."""

    emotions: tuple[Scale, ...]
    urgencies: tuple[Scale, ...]
    least: int
    shouting: int

    @classmethod
    def load(cls, folder: Path) -> Signals:
        """Read signals.yml; OSError, ValueError or KeyError when it is not as it should be."""
        data = read(folder, "signals")
        return cls(
            emotions=_scales(data["emotions"]),
            urgencies=_scales(data["urgency"]),
            least=int(data["least"]),
            shouting=int(data["shouting"]),
        )

    def read(self, text: str, *, concepts: Collection[str], intent: str) -> tuple[str, str]:
        """Emotion (calm, worried, angry) and urgency (low, normal, high) of a message."""
        folded = Folded(text)
        loud = self.shouting if is_shouting(text) else 0
        emotion = next(
            (s.name for s in self.emotions if _with(loud, s.points(folded, concepts, intent)) >= self.least),
            CALM,
        )
        urgency = next(
            (s.name for s in self.urgencies if s.points(folded, concepts, intent) >= self.least), NORMAL
        )
        return emotion, urgency


def is_shouting(text: str) -> bool:
    """Whether a text is in capitals, or full of exclamation and question marks."""
    letters = [char for char in text if char.isalpha() and char.upper() != char.lower()]
    capitals = sum(char.isupper() for char in letters)
    loud = len(letters) >= _FEWEST_CAPITALS and capitals >= _CAPITALS_SHARE * len(letters)
    return loud or bool(_MARKS.search(text))


def _with(loud: int, points: int) -> int:
    """Being loud adds to a feeling; by itself it is none."""
    return points + loud if points > 0 else points


def _scales(data: Mapping[str, Any]) -> tuple[Scale, ...]:
    return tuple(
        Scale(
            name=str(name),
            concepts={str(k): int(v) for k, v in row["concepts"].items()},
            intents={str(k): int(v) for k, v in row["intents"].items()},
            words=FormTable((str(form), "") for forms in row["words"] for form in forms),
        )
        for name, row in data.items()
    )
