"""Graph component: what the customer wants, or that the model would rather not say."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import CLAUSE_VECTORS, SENTENCE_VECTOR
from bot.nlu.features import Row
from bot.nlu.graph import CLAUSES, FOREIGN, examples, language_of, weight_of
from bot.nlu.linear import Linear, fit
from bot.nlu.understanding import OUT_OF_SCOPE

_RANKED = 10
_BARE = 0.9


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MarginClassifier(GraphComponent, IntentClassifier):
    """One line between each intent and the others, calibrated, with a threshold below which it abstains."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, lines: Optional[Linear]
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._lines = lines
        self._small_talk = {*config["social"], OUT_OF_SCOPE}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`penalty` is the SVM's C; `caution` what recognising a stranger weighs against answering.
        Nothing is understood with a confidence below `least_sure`, be it a stranger or not.

        `social` intents give way to a question in the same message; a message of nothing but an
        order number or an address means `bare`; a part of a message counts from `part_sure` on.
        `vector_weight` is the length of an encoder's vector, where there is an encoder.
        """
        return {
            "penalty": 1.5,
            "caution": 1.0,
            "least_sure": 0.2,
            "part_sure": 0.7,
            "vector_weight": 1.0,
            "social": ["greet", "goodbye", "thank", "affirm", "deny"],
            "bare": "shipping_status",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MarginClassifier:
        """A classifier that has learnt nothing yet."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MarginClassifier:
        """The classifier of a trained model; it raises rather than come back untrained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Linear.load(folder))

    @property
    def lines(self) -> Linear:
        """What was learnt; RuntimeError before training."""
        if self._lines is None:
            raise RuntimeError("The classifier has not been trained.")
        return self._lines

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the lines, their calibration and the threshold."""
        messages = examples(training_data)
        self._lines = fit(
            _matrix([self.row_of(m) for m in messages]),
            [m.get(INTENT) for m in messages],
            weights=np.array([weight_of(m) for m in messages]),
            penalty=float(self._config["penalty"]),
            unknown=OUT_OF_SCOPE,
            caution=float(self._config["caution"]),
            languages=[language_of(m) for m in messages],
        )
        with self._storage.write_to(self._resource) as folder:
            self._lines.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, the ranking and whether the model abstained."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        lines = self.lines
        if not message.get(TEXT):
            _abstain(message, 0.0, [])
            return
        margins = lines.margins(*self.row_of(message))
        ranking = _ranked(lines, margins)
        best, also = ranking[0], None
        if is_bare_reference(message.get(TEXT), message.get(ENTITIES) or []):
            best = {"name": self._config["bare"], "confidence": _BARE}
            ranking, is_strange = _led_by(best, ranking), False
        else:
            is_strange = lines.is_strange(margins, language_of(message))
            asked = self._asked(lines, message)
            if asked and (is_strange or best["name"] in self._small_talk or best["name"] in _names(asked)):
                best, is_strange = asked[0], False
            also = next((name for name in _names(asked) if name != best["name"]), None)
        is_strange = is_strange or best["confidence"] < self._config["least_sure"]
        if message.get(FOREIGN) or (is_strange and best["name"] != OUT_OF_SCOPE):
            _abstain(message, best["confidence"], ranking)
        else:
            message.set("intent", dict(best), add_to_output=True)
            message.set("intent_ranking", _led_by(best, ranking), add_to_output=True)
            message.set("abstained", False, add_to_output=True)
        message.set("also", also, add_to_output=True)

    def row_of(self, message: Message) -> Row:
        """The features of a message: the sparse ones, and an encoder's vector after them."""
        sparse = _sentence(message)
        return self._beside((sparse.indices, sparse.data), message.get(SENTENCE_VECTOR), message)

    def _beside(self, row: Row, vector: Any, message: Message) -> Row:
        if vector is None:
            return row
        first = _sentence(message).shape[1]
        indices, values = row
        weight = np.float32(self._config["vector_weight"])
        return (
            np.concatenate([indices, np.arange(first, first + len(vector), dtype=np.int32)]),
            np.concatenate([values, np.asarray(vector, dtype=np.float32) * weight]),
        )

    def _asked(self, lines: Linear, message: Message) -> list[dict[str, Any]]:
        """What the parts of a message ask, in their order; nothing when it is one part."""
        asked: list[dict[str, Any]] = []
        rows = message.get(CLAUSES) or ()
        vectors = message.get(CLAUSE_VECTORS) or [None] * len(rows)
        for row, vector in zip(rows, vectors, strict=True):
            margins = lines.margins(*self._beside(row, vector, message))
            best = _ranked(lines, margins)[0]
            if best["confidence"] < self._config["part_sure"] or best["name"] in self._small_talk:
                continue
            if best["name"] not in _names(asked) and not lines.is_strange(margins, language_of(message)):
                asked.append(best)
        return asked


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def _ranked(lines: Linear, margins: Any) -> list[dict[str, Any]]:
    sure = lines.likely(margins)
    order = np.argsort(-sure)[:_RANKED]
    return [{"name": lines.labels[i], "confidence": float(sure[i])} for i in order]


def is_bare_reference(text: str, entities: list[dict[str, Any]]) -> bool:
    """Whether a text is an order number, a tracking number or an e-mail address and nothing else."""
    named = [e for e in entities if e["entity"] in ("order_number", "tracking_number", "email")]
    if not named:
        return False
    rest = list(text)
    for entity in named:
        rest[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    return not any(char.isalnum() for char in rest)


def _led_by(best: dict[str, Any], ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [dict(best), *(row for row in ranking if row["name"] != best["name"])][:_RANKED]


def _abstain(message: Message, confidence: float, ranking: list[dict[str, Any]]) -> None:
    message.set("intent", {"name": OUT_OF_SCOPE, "confidence": confidence}, add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    message.set("abstained", True, add_to_output=True)


def _sentence(message: Message) -> Any:
    return message.get_sparse_features(TEXT)[1].features


def _matrix(rows: list[Row]) -> Any:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0] + [len(indices) for indices, _ in rows])
    indices = np.concatenate([indices for indices, _ in rows])
    return csr_matrix((np.concatenate([values for _, values in rows]), indices, ends))
