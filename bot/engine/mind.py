"""The mind of a turn: the engine's parse and answers, with the meaning of buttons beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Mapping, Optional, Sequence

from bot.conversations import ports
from bot.engine.engine import Engine, Thought
from bot.engine.sense import Reading, Sense
from bot.nlu.understanding import OUT_OF_SCOPE, Understanding

SAID = "said"
_SAID_SECONDS = 2.0


@dataclass(frozen=True)
class Understood:
    """What a message means, and Rasa's own form of it."""

    understanding: Understanding
    parsed: Mapping[str, Any]
    # Only a detail more to what a person was asked already.
    adds_to_handoff: bool = False

    @property
    def intent(self) -> str:
        """One of the intents of the domain."""
        return self.understanding.intent

    @property
    def confidence(self) -> float:
        """From 0 to 1."""
        return self.understanding.confidence

    @property
    def abstained(self) -> bool:
        """Whether the model would rather not say."""
        return self.understanding.abstained

    @property
    def language(self) -> str:
        """ISO 639-1."""
        return self.understanding.language

    def to_json(self) -> dict[str, Any]:
        """The parse as the public surface shows it."""
        return self.understanding.to_json()


class RasaMind:
    """Understands and answers with an engine; `sense` reads messages in the light of what was said."""

    def __init__(self, engine: Engine, *, sense: Optional[Sense] = None) -> None:
        self._engine = engine
        self._sense = sense

    def understand(
        self, text: str, *, context: Mapping[str, Any], memory: Mapping[str, Any], timeout: float
    ) -> Understood:
        """What a customer's text means after what was said; text that starts with a slash is plain text."""
        parsed = self._engine.parse(text, context, timeout=timeout)
        if self._sense is None:
            return Understood(understanding=Understanding.from_rasa(parsed, text), parsed=parsed)
        reading = self._sense.read(text, parsed, memory=memory, shop=str(context.get("shop") or ""))
        entities = _meant(parsed, reading)
        if reading.text != text:
            full = self._engine.parse(reading.text, context, timeout=timeout)
            entities = _together(full.get("entities") or (), entities)
        if reading.product is not None:
            entities.insert(0, _entity("product", reading.product))
        if reading.size is not None and not any(e["entity"] == "size" for e in entities):
            entities.append(_entity("size", reading.size))
        is_doubtful = self._sense.is_doubtful(reading, parsed, memory)
        intent = OUT_OF_SCOPE if is_doubtful else reading.intent
        is_settled = reading.follows or bool(reading.asks)
        meant = {
            "intent": {"name": intent, "confidence": reading.confidence},
            "abstained": is_doubtful or (bool(parsed.get("abstained")) and not is_settled),
            "entities": _meant(parsed, reading),
        }
        return Understood(
            understanding=Understanding.from_rasa({**parsed, **meant}, text),
            parsed={
                **parsed,
                **meant,
                "text": reading.text,
                "entities": entities,
                "asks": reading.asks,
            },
            adds_to_handoff=reading.follows and reading.handed,
        )

    def chosen(
        self, text: str, *, intent: str, entities: Mapping[str, str], context: Mapping[str, Any]
    ) -> Understood:
        """What a button or a form means: the server wrote it down itself, so it is certain.

        The entity `said` is what the customer had typed before the button was offered: the button says what
        was meant by it.
        """
        said = entities.get(SAID, "")
        before = self._engine.parse(said, context, timeout=_SAID_SECONDS) if said else {}
        parsed: dict[str, Any] = {
            "text": said or text,
            "intent": {"name": intent, "confidence": 1.0},
            "intent_ranking": [{"name": intent, "confidence": 1.0}],
            "entities": [
                *(
                    {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "choice"}
                    for name, value in entities.items()
                    if name != SAID
                ),
                *(before.get("entities") or ()),
            ],
            "language": context.get("language"),
            "abstained": False,
        }
        own = {**parsed, "entities": [{**e, "start": 0, "end": 0} for e in parsed["entities"]]}
        return Understood(understanding=Understanding.from_rasa(own, text), parsed=parsed)

    def respond(
        self,
        text: str,
        *,
        understood: ports.Understood,
        context: Mapping[str, Any],
        memory: Mapping[str, Any],
        timeout: float,
    ) -> Thought:
        """Answers to an understood message, and the memory after them."""
        thought = self._engine.respond(
            conversation=str(context["conversation"]),
            text=str(understood.parsed.get("text") or text),
            parsed=understood.parsed,
            metadata=context,
            memory=memory,
            timeout=timeout,
        )
        if self._sense is None:
            return thought
        remembered = self._sense.remember(
            memory, thought.memory, parsed=understood.parsed, answers=thought.answers
        )
        return replace(thought, memory=remembered)


def _meant(parsed: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    """The entities of the message without those that it says it does not mean."""
    return [dict(e) for e in parsed.get("entities") or () if (e["start"], e["end"]) not in reading.drops]


def _together(full: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entities of the message in full; what it names itself is never lost."""
    kinds = {e["entity"] for e in full}
    return [*map(dict, full), *({**e, "start": 0, "end": 0} for e in own if e["entity"] not in kinds)]


def _entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "memory"}
