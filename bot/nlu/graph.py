"""What our graph components share: where a message keeps what one component tells the next."""

from __future__ import annotations

from typing import Any, Mapping

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

LANGUAGE = "language"
FOREIGN = "foreign"
CONCEPTS = "concepts"
CLAUSES = "clauses"


def metadata(message: Message) -> Mapping[str, Any]:
    """What the turn said about the message, or what the importer said about the example."""
    known = message.get("metadata")
    return known if isinstance(known, Mapping) else {}


def language_of(message: Message) -> str:
    """The language that was decided, or the one of the example's folder."""
    return str(message.get(LANGUAGE) or metadata(message).get(LANGUAGE) or "en")


def weight_of(message: Message) -> float:
    """How much an example counts: `metadata: {weight: …}` beside its intent."""
    return float((metadata(message).get("intent") or {}).get("weight", 1.0))


def examples(data: TrainingData) -> list[Message]:
    """The examples that have a text and an intent."""
    return [m for m in data.training_examples if m.get(TEXT) and m.get(INTENT)]
