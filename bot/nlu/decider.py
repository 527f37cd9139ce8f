"""Graph component: decides the language of messages."""

from __future__ import annotations

from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.concepts import read_forms
from bot.nlu.graph import FOREIGN, LANGUAGE, examples, language_of, metadata, weight_of
from bot.nlu.languages import Known, Letters, decide, read_foreign
from bot.nlu.masking import without
from bot.settings import get_settings

# A concept's form is a word or two, an example a sentence.
_FORM_WEIGHT = 0.5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageDecider(GraphComponent):
    """Sets the language of a message, from what the turn knows and from the text.

    Learns spelling from the examples, from the concepts' forms, which are in more languages, and from a
    few lines in languages that the assistant does not understand, so as to know them for what they are.
    """

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, letters: Optional[Letters]
    ) -> None:
        self._spoken = tuple(config["spoken"])
        self._concepts = str(config["concepts"])
        self._foreign = str(config["foreign"])
        self._storage = storage
        self._resource = resource
        self._letters = letters

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`spoken`: languages that the assistant answers in; `concepts`, `foreign`: folders under data/."""
        return {"spoken": ["en", "zh", "es", "de"], "concepts": "concepts", "foreign": "foreign"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDecider:
        """A decider that has learnt nothing yet."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageDecider:
        """The decider of a trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Letters.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn how each language is spelt."""
        texts = [(m.get(TEXT), language_of(m), weight_of(m)) for m in examples(training_data)]
        data = get_settings().data
        forms = read_forms(data / self._concepts)
        texts += [
            (form.replace("*", ""), language, _FORM_WEIGHT)
            for languages in forms.values()
            for language, rows in languages.items()
            for form in rows
        ]
        self._letters = Letters.fit(texts, foreign=read_foreign(data / self._foreign))
        with self._storage.write_to(self._resource) as folder:
            self._letters.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's language.

        Without a turn around it (stock Rasa), the language is an entity too, which fills the slot
        that stock replies are chosen by.
        """
        if self._letters is None:
            raise RuntimeError("The language decider has not been trained.")
        for message in messages:
            known = metadata(message)
            decision = decide(
                message.get(TEXT) or "",
                self._letters,
                Known(
                    chosen=known.get("language_chosen"),
                    so_far=known.get("language_so_far"),
                    locale=known.get("locale"),
                    spoken=self._spoken,
                ),
                said=without(message.get(TEXT) or "", message.get(ENTITIES) or ()),
            )
            message.set(LANGUAGE, decision.language, add_to_output=True)
            message.set("language_by", decision.by, add_to_output=True)
            message.set("language_likely", decision.likely)
            message.set(FOREIGN, self._letters.is_foreign(decision), add_to_output=True)
            if "conversation" not in known:
                entity = {"entity": LANGUAGE, "value": decision.language, "start": 0, "end": 0}
                message.set(
                    ENTITIES,
                    [*(message.get(ENTITIES) or []), {**entity, "extractor": type(self).__name__}],
                    add_to_output=True,
                )
        return messages
