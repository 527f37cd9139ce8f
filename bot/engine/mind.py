"""The mind of a turn: the engine's parse and answers, with the meaning of buttons beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from bot.conversations import ports
from bot.engine.engine import Engine, Thought
from bot.nlu.understanding import Understanding


@dataclass(frozen=True)
class Understood:
    """What a message means, and Rasa's own form of it."""

    understanding: Understanding
    parsed: Mapping[str, Any]

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
    """Understands and answers with an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def understand(self, text: str, *, context: Mapping[str, Any], timeout: float) -> Understood:
        """What a customer's text means; text that starts with a slash is plain text too."""
        parsed = self._engine.parse(text, context, timeout=timeout)
        return Understood(understanding=Understanding.from_rasa(parsed, text), parsed=parsed)

    def chosen(
        self, text: str, *, intent: str, entities: Mapping[str, str], context: Mapping[str, Any]
    ) -> Understood:
        """What a button or a form means: the server wrote it down itself, so it is certain."""
        parsed = {
            "text": text,
            "intent": {"name": intent, "confidence": 1.0},
            "intent_ranking": [{"name": intent, "confidence": 1.0}],
            "entities": [
                {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "choice"}
                for name, value in entities.items()
            ],
            "language": context.get("language"),
            "abstained": False,
        }
        return Understood(understanding=Understanding.from_rasa(parsed, text), parsed=parsed)

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
        return self._engine.respond(
            conversation=str(context["conversation"]),
            text=text,
            parsed=understood.parsed,
            metadata=context,
            memory=memory,
            timeout=timeout,
        )
