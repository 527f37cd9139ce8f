"""What a message means, as every other room reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

OUT_OF_SCOPE = "out_of_scope"
ENTITIES = (
    "order_number",
    "tracking_number",
    "email",
    "product",
    "colour",
    "size",
    "size_system",
    "quantity",
    "country",
    "amount",
    "date",
    "measurement",
    "carrier",
)


@dataclass(frozen=True)
class Guess:
    """An intent and how likely it is, from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Entity:
    """A thing that the text names; `start` and `end` are code points of the text as typed."""

    entity: str
    text: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Understanding:
    """What the model made of a text. `intent` is always one of the domain; `also` is a second one, if any."""

    text: str
    language: str
    intent: str
    confidence: float
    abstained: bool
    ranking: tuple[Guess, ...] = ()
    entities: tuple[Entity, ...] = ()
    emotion: str = "calm"
    urgency: str = "normal"
    also: Optional[str] = None

    @classmethod
    def from_rasa(cls, parsed: Mapping[str, Any], text: str) -> Understanding:
        """Rasa's parse result of a text, in our own words."""
        intent = parsed.get("intent") or {}
        return cls(
            text=text,
            language=str(parsed.get("language") or "en"),
            intent=str(intent.get("name") or OUT_OF_SCOPE),
            confidence=round(float(intent.get("confidence") or 0.0), 4),
            abstained=bool(parsed.get("abstained", intent.get("name") is None)),
            ranking=tuple(
                Guess(str(row["name"]), round(float(row["confidence"]), 4))
                for row in parsed.get("intent_ranking") or ()
            ),
            entities=tuple(
                Entity(
                    entity=str(row["entity"]),
                    text=text[row["start"] : row["end"]],
                    start=int(row["start"]),
                    end=int(row["end"]),
                    value=str(row["value"]),
                )
                for row in parsed.get("entities") or ()
                if row["entity"] in ENTITIES
            ),
            emotion=str(parsed.get("emotion") or "calm"),
            urgency=str(parsed.get("urgency") or "normal"),
            also=parsed.get("also"),
        )

    def to_json(self) -> dict[str, Any]:
        """The public form of a parse."""
        return {
            "text": self.text,
            "language": self.language,
            "intent": self.intent,
            "confidence": self.confidence,
            "abstained": self.abstained,
            "ranking": [{"intent": g.intent, "confidence": g.confidence} for g in self.ranking],
            "entities": [
                {"entity": e.entity, "text": e.text, "start": e.start, "end": e.end, "value": e.value}
                for e in self.entities
            ],
            "emotion": self.emotion,
            "urgency": self.urgency,
            "also": self.also,
        }
