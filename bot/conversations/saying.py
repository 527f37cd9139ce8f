"""The one way to render: an answer becomes words, and the guard reads them before anybody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Iterator, Optional

from bot.answer import Answer
from bot.conversations.ports import Rendered
from bot.guard import Guard
from bot.phrasebook import Phrasebook


class Saying:
    """Words an answer, and says why its words may not go out."""

    def __init__(self, *, phrasebook: Phrasebook, guard: Guard) -> None:
        self._phrasebook = phrasebook
        self._guard = guard
        self.languages: tuple[str, ...] = tuple(phrasebook.languages)

    def say(
        self, answer: Answer, *, language: str, timezone: str, now: datetime, variation: int = 0
    ) -> Rendered:
        """The answer's words, its card and its buttons, in a language and a zone."""
        return self._phrasebook.render(
            answer, language=language, timezone=timezone, now=now, variation=variation
        )

    def refusal(
        self, answer: Answer, rendered: Rendered, *, language: str, timezone: str
    ) -> Optional[dict[str, Any]]:
        """What in these words is no fact of the answer, or None. Cards are read like sentences."""
        for text in (rendered.text, *_strings(rendered.card)):
            verdict = self._guard.check(text, facts=answer.facts, language=language, timezone=timezone)
            if not verdict.ok:
                return {
                    "reply_key": answer.key,
                    "text": text,
                    "findings": [{"kind": f.kind, "text": f.text} for f in verdict.findings],
                }
        return None


# Fields of a card that no customer reads.
_SILENT = {"kind", "state", "style", "picture", "url", "form", "type", "name", "autocomplete", "swatch"}


def _strings(card: Any) -> Iterator[str]:
    if isinstance(card, str):
        yield card
    elif isinstance(card, dict):
        for key, value in card.items():
            if key not in _SILENT:
                yield from _strings(value)
    elif isinstance(card, (list, tuple)):
        for value in card:
            yield from _strings(value)
