"""Graph component: the meaning of a message as a vector, when an encoder is installed."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any, Optional

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder_note import NOTE, Note, folder_of, read_note
from bot.nlu.featurizer import clauses
from bot.nlu.graph import language_of
from bot.nlu.kept_vectors import FILE, vectors_of
from bot.nlu.vectors import Encoder
from bot.settings import get_settings

SENTENCE_VECTOR = "sentence_vector"
CLAUSE_VECTORS = "clause_vectors"  # as many as there are clauses
_TOLD = 20  # times in a training

log = logging.getLogger(__name__)


class EncoderMissing(InvalidConfigException):
    """The model cannot be used with what is, or is not, in the encoder's folder."""


class Vector(np.ndarray):  # type: ignore[type-arg]
    """An array that Rasa takes the fingerprint of by its bytes: as text it would take milliseconds."""

    def fingerprint(self) -> str:
        """A digest of the numbers."""
        return hashlib.sha256(self.tobytes()).hexdigest()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(GraphComponent):
    """Sets `sentence_vector`, and `clause_vectors` where a message has parts; without an encoder, nothing.

    The model holds a note of its encoder, not the encoder.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, encoder: Optional[Encoder]) -> None:
        self._storage = storage
        self._resource = resource
        self._encoder = encoder

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """Another encoder means new vectors."""
        note = _note()
        return note.digest if note is not None else "none"

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """A component that will note which encoder is here."""
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """The component with the encoder that the model was trained with; EncoderMissing without it."""
        with model_storage.read_from(resource) as folder:
            path = folder / NOTE
            trained = Note.from_json(path.read_text(encoding="utf-8")) if path.is_file() else None
        return cls(model_storage, resource, _open(trained))

    def train(self, training_data: TrainingData) -> Resource:
        """Note which encoder is here."""
        note = _note()
        with self._storage.write_to(self._resource) as folder:
            if note is not None:
                (folder / NOTE).write_text(note.to_json(), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add a vector to every example."""
        encoder = self._encoder
        if encoder is None:
            return training_data
        messages = [
            message
            for message in training_data.training_examples
            if message.get(TEXT) and encoder.note.reads(language_of(message))
        ]
        vectors = vectors_of(
            [message.get(TEXT) for message in messages], encoder=encoder, kept=_folder() / FILE, told=_tell
        )
        for message, vector in zip(messages, vectors, strict=True):
            # An array cannot be compared with the one before it as other properties are.
            message.data.pop(SENTENCE_VECTOR, None)
            message.set(SENTENCE_VECTOR, vector.view(Vector))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add vectors to messages, and to their clauses where there are several."""
        encoder = self._encoder
        if encoder is None:
            return messages
        for message in messages:
            text = message.get(TEXT)
            if text and encoder.note.reads(language_of(message)):
                message.set(SENTENCE_VECTOR, encoder.vector(text).view(Vector))
                message.set(CLAUSE_VECTORS, [encoder.vector(part).view(Vector) for _, part in clauses(text)])
        return messages


def _tell(done: int, total: int) -> None:
    if done % max(1, total // _TOLD) == 0:
        log.info("sentences as vectors: %d of %d", done, total)


def _folder() -> Path:
    return folder_of(get_settings().root)


def _note() -> Optional[Note]:
    try:
        return read_note(_folder())
    except ValueError as e:
        raise EncoderMissing(str(e)) from None


def _open(trained: Optional[Note]) -> Optional[Encoder]:
    """The encoder that a model was trained with; None when it was trained without one."""
    if trained is None:  # what was installed since does not count before the next training
        return None
    there = _note()
    if there is None or not trained.is_same(there):
        raise EncoderMissing(_refusal(trained, there))
    try:
        return Encoder.open(_folder(), note=there)
    except (ValueError, RuntimeError) as e:
        raise EncoderMissing(str(e)) from None


def _refusal(trained: Note, there: Optional[Note]) -> str:
    missing = f"The model was trained with the encoder {trained.name} ({trained.model[:12]}…)"
    if there is None:
        return f"{missing}, which is not here: run nightdesk encoder add {trained.name}, or nightdesk train."
    return (
        f"{missing}, but {_folder()} holds {there.name} ({there.model[:12]}…): "
        f"run nightdesk train, or nightdesk encoder add {trained.name}."
    )
