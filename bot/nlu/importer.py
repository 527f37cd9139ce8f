"""How Rasa's own commands read our data: language by folder, replies from data/replies."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Union

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.replies import responses
from bot.settings import get_settings


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
        """A digest of everything in the example."""
        known: Optional[str] = self.__dict__.get("_known")
        if known is None:
            known = self.__dict__["_known"] = str(super().fingerprint())
        return known


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
                for message in load_data(path, language).training_examples:
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
