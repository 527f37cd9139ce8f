"""How the customer feels and how urgent it is, by cues of the language and points that data/lookups gives."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Collection, Mapping, Sequence

from bot.nlu.cues import Cue, Lexicon
from bot.nlu.spans import read

CALM, NORMAL = "calm", "normal"
FOLDER, SHARED = "signals", "shared"
_MARKS = re.compile(r"[?？؟!！]{2,}")
_FEWEST_CAPITALS = 12
_CAPITALS_SHARE = 0.8


@dataclass(frozen=True)
class Scale:
    """What speaks for one feeling or one urgency, in points.

    `groups` are of cues, `most` how many points of one group count; `together` are groups that say
    with one another what neither says alone. In `heated` intents being loud is enough.
    """

    name: str
    groups: Mapping[str, int]
    most: Mapping[str, int]
    together: Sequence[tuple[frozenset[str], int]]
    concepts: Mapping[str, int]
    intents: Mapping[str, int]
    loud: int
    heated: frozenset[str]

    def points(self, cues: Sequence[Cue], concepts: Collection[str], intent: str, loudness: int) -> int:
        """How much a message speaks for it."""
        forms = Counter(group for _, group in {(c.form, c.group) for c in cues if c.scale == self.name})
        points = sum(
            min(self.groups.get(group, 0) * count, self.most.get(group, 99)) for group, count in forms.items()
        )
        points += sum(worth for groups, worth in self.together if groups <= set(forms))
        points += sum(self.concepts.get(concept, 0) for concept in concepts)
        if points > 0 or intent in self.heated:
            points += self.loud * loudness
        return points + self.intents.get(intent, 0)


@dataclass(frozen=True)
class Signals:
    """Reads feelings and urgency; both lists are in the order of precedence."""

    emotions: tuple[Scale, ...]
    urgencies: tuple[Scale, ...]
    least: int
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Signals:
        """Read signals.yml and signals/<language>.yml.

        OSError, ValueError or KeyError when they are not as they should be.
        """
        data = read(folder, "signals")
        split = frozenset(data["splits_apostrophes"])
        shared = read(folder / FOLDER, SHARED)
        names = sorted(path.stem for path in (folder / FOLDER).glob("*.yml"))
        return cls(
            emotions=_scales(data["emotions"]),
            urgencies=_scales(data["urgency"]),
            least=int(data["least"]),
            lexicons={
                name: Lexicon(_joined(read(folder / FOLDER, name), shared), splits_apostrophes=name in split)
                for name in names
            },
        )

    def read(self, text: str, *, language: str, concepts: Collection[str], intent: str) -> tuple[str, str]:
        """Emotion (calm, worried, angry) and urgency (low, normal, high) of a message.

        A language without cues of its own is read by those that all share.
        """
        cues = self.lexicons[language if language in self.lexicons else SHARED].find(text)
        loudness = loudness_of(text)
        emotion = self._first(self.emotions, CALM, cues, concepts, intent, loudness)
        return emotion, self._first(self.urgencies, NORMAL, cues, concepts, intent, loudness)

    def _first(
        self,
        scales: Sequence[Scale],
        quiet: str,
        cues: Sequence[Cue],
        concepts: Collection[str],
        intent: str,
        loudness: int,
    ) -> str:
        reached = (s.name for s in scales if s.points(cues, concepts, intent, loudness) >= self.least)
        return next(reached, quiet)


def loudness_of(text: str) -> int:
    """From 0 to 2: one for a text in capitals, one for exclamation or question marks in a row."""
    return int(is_in_capitals(text)) + int(bool(_MARKS.search(text)))


def is_in_capitals(text: str) -> bool:
    """Whether nearly all of a text that is long enough is in capitals."""
    letters = [char for char in text if char.isalpha() and char.upper() != char.lower()]
    capitals = sum(char.isupper() for char in letters)
    return len(letters) >= _FEWEST_CAPITALS and capitals >= _CAPITALS_SHARE * len(letters)


def _joined(own: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """A language's cues and those that all languages share."""
    if own is shared:
        return own
    cues: dict[str, dict[str, list[str]]] = {}
    for data in (own, shared):
        for scale, groups in data["cues"].items():
            for group, forms in groups.items():
                cues.setdefault(scale, {}).setdefault(group, []).extend(forms)
    return {**own, "cues": cues}


def _scales(data: Mapping[str, Any]) -> tuple[Scale, ...]:
    return tuple(
        Scale(
            name=str(name),
            groups=_points(row.get("groups")),
            most=_points(row.get("most")),
            together=[(frozenset(each["groups"]), int(each["points"])) for each in row.get("together", ())],
            concepts=_points(row.get("concepts")),
            intents=_points(row.get("intents")),
            loud=int(row.get("loud", 0)),
            heated=frozenset(row.get("heated", ())),
        )
        for name, row in data.items()
    )


def _points(row: Any) -> dict[str, int]:
    return {str(name): int(points) for name, points in (row or {}).items()}
