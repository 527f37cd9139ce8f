"""Graph component: how the customer feels and how urgent it is."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.graph import CONCEPTS, language_of
from bot.nlu.signals import Signals
from bot.settings import get_settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SignalReader(GraphComponent):
    """Sets `emotion` and `urgency`; it stands after the classifier, whose intent it reads."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals

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
    ) -> SignalReader:
        """The reader, with data/lookups as it is now: it is no part of the model."""
        return cls(Signals.load(get_settings().data / str(config["lookups"])))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the signals to messages."""
        for message in messages:
            intent = (message.get(INTENT) or {}).get("name") or ""
            emotion, urgency = self._signals.read(
                message.get(TEXT) or "",
                language=language_of(message),
                concepts=message.get(CONCEPTS) or (),
                intent=intent,
            )
            message.set("emotion", emotion, add_to_output=True)
            message.set("urgency", urgency, add_to_output=True)
        return messages
