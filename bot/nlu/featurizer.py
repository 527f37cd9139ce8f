"""Graph component: turns messages into features."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, Optional

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import ENTITIES, FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features as RasaFeatures
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.nlu.concepts import ConceptBook, read_forms
from bot.nlu.features import Features, Options, Prepared, Row, prepare
from bot.nlu.graph import CLAUSES, CONCEPTS, examples, language_of
from bot.nlu.references import References
from bot.settings import get_settings

# Where a message may go on to say a second thing.
_CLAUSE = re.compile(r"[.!?;。！？；…\n]+|(?<=\w),\s|，")
_MOST_CLAUSES = 6
_SPACED = re.compile(r"\S+")
# Rows of the examples, from the component that learns to the one that adds them: Rasa makes two of
# it in one training process, and reading every example again would take as long as learning.
_READ: dict[str, dict[tuple[str, str], Row]] = {}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MeaningFeaturizer(GraphComponent):
    """Character and word n-grams, weighted by rarity, and concepts."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, features: Optional[Features]
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._features = features

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`concepts` and `lookups` are folders under data/; the rest are the fields of `Options`."""
        return {
            "concepts": "concepts",
            "lookups": "lookups",
            "longest_chars": 4,
            "longest_words": 2,
            "least_texts": 2,
            "least_texts_of_chars": 3,
            "concept_weight": 0.7,
            "pair_weight": 0.5,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """A changed concept means new features, and so does another way to find references."""
        digest = hashlib.sha256()
        for name in ("concepts", "lookups"):
            for path in sorted(_folder({**cls.get_default_config(), **config}, name).glob("*.yml")):
                digest.update(path.read_bytes())
        return digest.hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MeaningFeaturizer:
        """A featurizer that has learnt nothing yet."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MeaningFeaturizer:
        """The featurizer of a trained model."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
            with np.load(folder / "rarity.npz", allow_pickle=False) as numbers:
                rarity = numbers["rarity"]
        features = Features(
            vocabulary={key: at for at, key in enumerate(words["vocabulary"])},
            rarity=rarity,
            book=ConceptBook(words["concepts"]),
            options=Options(**words["options"]),
        )
        return cls(config, model_storage, resource, features)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary."""
        book = ConceptBook(read_forms(_folder(self._config, "concepts")))
        references = References.load(_folder(self._config, "lookups"))
        options = Options(**{name: self._config[name] for name in Options.__dataclass_fields__})
        messages = examples(training_data)
        self._features, rows = Features.fit_rows(
            [_prepared(m, map(vars, references.find(m.get(TEXT)))) for m in messages], book, options
        )
        _READ[self._resource.name] = {_key(m): row for m, row in zip(messages, rows, strict=True)}
        with self._storage.write_to(self._resource) as folder:
            words = {
                "vocabulary": list(self._features.vocabulary),
                "concepts": book.forms,
                "options": vars(options),
            }
            (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
            np.savez_compressed(folder / "rarity.npz", rarity=self._features.rarity)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to every example."""
        read = _READ.pop(self._resource.name, {})
        for message in training_data.training_examples:
            row = read.get(_key(message))
            if row is not None:
                self._add(message, row)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages, and to their clauses where there are several."""
        features = self.features
        for message in messages:
            if not message.get(TEXT):
                continue
            prepared = _prepared(message, message.get(ENTITIES) or ())
            self._add(message, features.row(prepared))
            message.set(CONCEPTS, sorted(features.book.find(prepared.whole)), add_to_output=True)
            message.set(CLAUSES, [features.row(clause) for clause in _clauses(message)])
        return messages

    @property
    def features(self) -> Features:
        """What was learnt; RuntimeError before training."""
        if self._features is None:
            raise RuntimeError("The featurizer has not been trained.")
        return self._features

    def _add(self, message: Message, row: Row) -> None:
        indices, values = row
        matrix = csr_matrix(
            (values, indices, [0, len(indices)]), shape=(1, len(self.features.vocabulary)), dtype=np.float32
        )
        message.add_features(RasaFeatures(matrix, FEATURE_TYPE_SENTENCE, TEXT, self._resource.name))


def clauses(text: str) -> list[tuple[int, str]]:
    """The parts of a text that may each say something of their own, with their places.

    None when it is one part.
    """
    ends = [*((found.start(), found.end()) for found in _CLAUSE.finditer(text)), (len(text), len(text))]
    parts, start = [], 0
    for end, after in ends:
        part = text[start:end]
        if len(part.strip()) > 3:
            parts.append((start + len(part) - len(part.lstrip()), part.strip()))
        start = after
    return parts[:_MOST_CLAUSES] if len(parts) > 1 else []


def _clauses(message: Message) -> Iterator[Prepared]:
    found = message.get(ENTITIES) or ()
    for start, clause in clauses(message.get(TEXT)):
        end = start + len(clause)
        inside = [
            {**row, "start": row["start"] - start, "end": row["end"] - start}
            for row in found
            if start <= row["start"] and row["end"] <= end
        ]
        yield prepare(clause, [(w.group(), w.start()) for w in _SPACED.finditer(clause)], inside)


def _key(message: Message) -> tuple[str, str]:
    return message.get(TEXT), language_of(message)


def _prepared(message: Message, entities: Iterable[Mapping[str, Any]]) -> Prepared:
    words = [(token.text, token.start) for token in message.get(TOKENS_NAMES[TEXT]) or ()]
    return prepare(message.get(TEXT), words, entities)


def _folder(config: dict[str, Any], name: str) -> Path:
    return get_settings().data / str(config[name])
