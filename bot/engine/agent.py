"""The agent of the serving process: Rasa's, with nothing in it that forgets or looks elsewhere.

Import it through `bot.engine.loading`, which keeps TensorFlow out first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Union

from rasa.core import processor as rasa_processor
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain


class ServingStorage(LocalModelStorage):
    """Reads a model without the plan of its training, which names components that need TensorFlow."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE
        from rasa.shared.utils.io import read_json_file

        data = read_json_file(directory / MODEL_ARCHIVE_METADATA_FILE)
        data["train_schema"] = {"nodes": {}}
        return ModelMetadata.from_dict(data)


class ServingAgent(Agent):
    """An agent whose trackers live for one turn: the transcript is kept elsewhere."""

    @staticmethod
    def _create_tracker_store(store: Any, domain: Domain) -> TrackerStore:
        """The plain store in memory; Rasa would wrap it in one that forgets when it fails."""
        return InMemoryTrackerStore(domain)

    def load_model(self, model_path: Union[str, Path], fingerprint: Optional[str] = None) -> None:
        """Load the model that this file holds."""
        stock = rasa_processor.LocalModelStorage
        rasa_processor.LocalModelStorage = ServingStorage
        try:
            super().load_model(model_path, fingerprint)
        finally:
            rasa_processor.LocalModelStorage = stock


__all__ = ["ServingAgent", "ServingStorage"]
