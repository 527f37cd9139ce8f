"""Keeps Rasa from wording anything: a reply's name goes out, and the phrasebook does the rest."""

from __future__ import annotations

from typing import Any, Optional

from rasa.core.nlg.generator import NaturalLanguageGenerator

from bot.nlu.replies import key_of


class KeysOnly(NaturalLanguageGenerator):
    """Answers every `utter_…` with the reply's key."""

    async def generate(
        self, utter_action: str, tracker: Any, output_channel: str, **kwargs: Any
    ) -> Optional[dict[str, Any]]:
        """The key, as an answer without facts."""
        return {"custom": {"key": key_of(utter_action)}}
