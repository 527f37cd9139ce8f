"""How Rasa's own commands read our data: language by folder, replies from data/replies."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Optional, Union

from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import deep_container_fingerprint

from bot.nlu.replies import responses
from bot.settings import get_settings
from bot.yamls import load_yaml


class Example(Message):
    """An example that remembers its fingerprint while nothing about it changes.

    Rasa asks for the fingerprint of every example dozens of times during a training.
    """

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Set a property; setting what is there already changes nothing."""
        if add_to_output or prop not in self.data or self.data[prop] != info:
            self.__dict__.pop("_known", None)
            super().set(prop, info, add_to_output)

    def add_features(self, features: Any) -> None:
        """Add features."""
        self.__dict__.pop("_known", None)
        super().add_features(features)

    def fingerprint(self) -> str:
        """A digest of everything in the example; Rasa's own takes a quarter of a training."""
        known: Optional[str] = self.__dict__.get("_known")
        if known is None:
            digest = hashlib.sha256()
            for name in sorted(self.data):
                digest.update(f"{name}\0{_digest(self.data[name])}\0".encode())
            for made in self.features:
                digest.update(f"{made.origin}\0{made.type}\0{made.attribute}\0".encode())
                for numbers in _numbers(made.features):
                    digest.update(numbers.tobytes())
            known = self.__dict__["_known"] = digest.hexdigest()
        return known


def _digest(value: Any) -> str:
    if hasattr(value, "fingerprint"):
        return str(value.fingerprint())
    if isinstance(value, list) and value and isinstance(value[0], Token):
        return "\0".join(f"{token.start} {token.text}" for token in value)
    return str(deep_container_fingerprint(value))


def _numbers(features: Any) -> tuple[Any, ...]:
    """The arrays of a feature matrix, sparse or not."""
    return (features.indices, features.data) if hasattr(features, "indices") else (features,)


class _Reader(RasaYAMLReader):
    """Rasa's reader of examples without its slow YAML; `nightdesk check` names what is wrong in a file."""

    def reads(self, string: str, **kwargs: Any) -> TrainingData:
        self._parse_nlu(load_yaml(string)["nlu"])
        return TrainingData(self.training_examples)


class DataFolderImporter(RasaFileImporter):
    """Stock Rasa's file importer, plus what our folders say."""

    def __init__(
        self,
        config_file: Optional[str] = None,
        domain_path: Optional[str] = None,
        training_data_paths: Optional[Union[list[str], str]] = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._data: Optional[TrainingData] = None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """The examples, each with the language of its folder (data/nlu/<language>/…)."""
        if self._data is None:
            found = []
            for path in sorted(self._nlu_files):
                folder = Path(path).parent.name
                for message in _Reader().read(path).training_examples:
                    known = message.get("metadata") or {}
                    message.set("metadata", {**known, "language": folder if len(folder) == 2 else "en"})
                    message.__class__ = Example
                    found.append(message)
            # At once: merging file by file compares every example with every other, file by file.
            self._data = TrainingData(training_examples=found)
        return self._data

    def get_domain(self) -> Domain:
        """domain.yml, with the replies that its `utter_…` actions name."""
        domain: Domain = super().get_domain()
        folder = get_settings().data / "replies"
        return domain.merge(
            Domain.from_dict({"responses": responses(domain.action_names_or_texts, folder=folder)})
        )
