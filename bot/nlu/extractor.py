"""Graph component: finds what messages refer to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Mapping, Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.graph import metadata
from bot.nlu.references import References
from bot.settings import get_settings

# Where 11/3 is the third of November.
_MONTH_FIRST = ("en-us", "en-ca", "en-ph", "es-us")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ReferenceExtractor(GraphComponent, EntityExtractorMixin):
    """Order numbers, e-mails, sizes, colours, countries and the like, each with one value."""

    def __init__(self, references: References) -> None:
        self._references = references

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`lookups` is a folder under data/."""
        return {"lookups": "lookups"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ReferenceExtractor:
        """The extractor, with the lookups as they are now: they are no part of the model."""
        return cls(References.load(get_settings().data / str(config["lookups"])))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to messages."""
        for message in messages:
            text = message.get(TEXT) or ""
            known = metadata(message)
            spans = self._references.find(
                text, today=_today(known), month_first=str(known.get("locale") or "").lower() in _MONTH_FIRST
            )
            entities = [
                {
                    "entity": s.entity,
                    "start": s.start,
                    "end": s.end,
                    "value": s.value,
                    "extractor": type(self).__name__,
                }
                for s in spans
            ]
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *entities], add_to_output=True)
        return messages


def _today(known: Mapping[str, Any]) -> Optional[date]:
    """The customer's day, when the turn said what time it is."""
    if not known.get("at"):
        return None
    try:
        at = datetime.fromisoformat(str(known["at"]).replace("Z", "+00:00"))
        return at.astimezone(ZoneInfo(str(known.get("timezone") or "UTC"))).date()
    except (ValueError, ZoneInfoNotFoundError):
        return None
