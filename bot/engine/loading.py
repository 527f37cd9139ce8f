"""Loads a trained model to serve from, without TensorFlow and without Rasa's own tracker store.

Everything that imports Rasa in the serving process comes through here first.
"""

from __future__ import annotations

import logging
import re
import sys
import types
import uuid
import warnings
from pathlib import Path
from typing import Any, Mapping

# Modules that only training and testing use; they import TensorFlow, scikit-learn and matplotlib.
_TRAINING_ONLY = (
    "rasa.utils.tensorflow.callback",
    "rasa.utils.tensorflow.data_generator",
    "rasa.utils.tensorflow.model_data",
    "rasa.core.test",
)
# Rasa's own doors, with a client library each; our customers come through another.
_UNUSED_DOORS = (
    "rasa.core.channels.botframework",
    "rasa.core.channels.callback",
    "rasa.core.channels.console",
    "rasa.core.channels.facebook",
    "rasa.core.channels.hangouts",
    "rasa.core.channels.mattermost",
    "rasa.core.channels.rasa_chat",
    "rasa.core.channels.rest",
    "rasa.core.channels.rocketchat",
    "rasa.core.channels.slack",
    "rasa.core.channels.socketio",
    "rasa.core.channels.telegram",
    "rasa.core.channels.twilio",
    "rasa.core.channels.twilio_voice",
    "rasa.core.channels.webexteams",
)
# A slash, and what looks like the name of an intent behind it.
_COMMAND = re.compile(r"[\s/]*/(?:\w*_\w*|\w+(?=\s*\{|\s*$))?")
# Halves of a character, which no encoding can write.
_SURROGATES = re.compile("[\ud800-\udfff]")


def keep_tensorflow_out() -> None:
    """Put empty modules where Rasa would import TensorFlow; does nothing once they are loaded.

    Whatever name Rasa takes from one of them is an empty class, which knows its name as doors do.
    """
    for name in (*_TRAINING_ONLY, *_UNUSED_DOORS):
        if name not in sys.modules:
            module = types.ModuleType(name)
            module.__getattr__ = _empty_class  # type: ignore[method-assign]
            sys.modules[name] = module


def quieten_rasa() -> None:
    """Let Rasa log from warnings upwards only, on standard error: its debug lines hold customers' words."""
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _empty_class(name: str) -> type:
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (), {"name": classmethod(lambda cls: cls.__name__)})


def load_agent(model: Path, *, action_endpoint: Any, generator: Any) -> Any:
    """An agent that serves this model file.

    `action_endpoint` runs the actions, `generator` words the replies. Raises OSError or
    ValueError when the file is no model that this version can read.
    """
    keep_tensorflow_out()
    with warnings.catch_warnings(record=True):  # deprecations inside Rasa's own imports
        from bot.engine.agent import ServingAgent

        agent = ServingAgent(generator=generator, action_endpoint=action_endpoint)
        agent.load_model(model)
    return agent


def parse(agent: Any, text: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What the model makes of a text, as Rasa's parse result with the text as it was typed.

    A text that starts with a slash is a text: nobody names an intent by typing.
    """
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.trackers import DialogueStateTracker

    # As long as before, so that the places of entities stay true.
    command = _COMMAND.match(text)
    harmless = " " * command.end() + text[command.end() :] if command else text
    harmless = _SURROGATES.sub("\ufffd", harmless)
    message = UserMessage(sender_id=uuid.uuid4().hex, metadata=dict(metadata))
    message.text = harmless  # given to the constructor it would lose the spaces around it
    tracker = DialogueStateTracker(message.sender_id, [])
    parsed: dict[str, Any] = agent.processor._parse_message_with_graph(message, tracker)
    return {**parsed, "text": text}
