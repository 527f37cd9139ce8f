"""Rasa, embedded: understands a message, and thinks of answers, in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Coroutine, Mapping, Optional

from bot.answer import Answer

logger = logging.getLogger(__name__)


class ActionFailed(RuntimeError):
    """An action raised, hung, returned nonsense, or nothing was said at all."""


class ModelUnusable(RuntimeError):
    """The model's file is broken, or made by another version."""


@dataclass(frozen=True)
class Thought:
    """What came of a turn: answers in the order of saying, and the working memory after it."""

    answers: tuple[Answer, ...]
    memory: Mapping[str, Any]


class Engine:
    """A loaded model with its actions.

    `load` may be called before a fork, `start` after it: only `start` makes threads.
    """

    def __init__(self, *, model: Path, actions: str = "actions", action_threads: int = 128) -> None:
        self._model = model
        self._package = actions
        self._action_threads = action_threads
        self._failures: dict[str, str] = {}
        self._threads: Any = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._agent: Any = None

    def load(self) -> None:
        """Read the model and import the actions; ModelUnusable when the file is no model for us."""
        from bot.engine.loading import keep_tensorflow_out, load_agent, quieten_rasa

        keep_tensorflow_out()  # before anything else of Rasa is imported
        quieten_rasa()
        from bot.engine.actions import ActionThreads, LocalActions, trust_checked_results
        from bot.engine.wording import KeysOnly
        from bot.nlu.encoder import EncoderMissing

        trust_checked_results()
        self._threads = ActionThreads(most=self._action_threads)
        endpoint = LocalActions(self._package, threads=self._threads, failed=self._note_failure)
        try:
            self._agent = load_agent(self._model, action_endpoint=endpoint, generator=KeysOnly())
        except EncoderMissing as e:
            raise ModelUnusable(str(e)) from e
        except Exception as e:
            raise ModelUnusable(
                f"The model {self._model} cannot be read ({type(e).__name__}). "
                "Make a new one with: nightdesk train."
            ) from e

    def start(self) -> None:
        """Begin to think: one thread with one event loop, for all conversations."""
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="engine").start()

    def stop(self) -> None:
        """Stop thinking; what is under way is not waited for."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    @property
    def is_stuck(self) -> bool:
        """Whether every action thread is taken, so that no action can run."""
        return self._threads is not None and bool(self._threads.is_full)

    def parse(self, text: str, metadata: Mapping[str, Any], *, timeout: float) -> dict[str, Any]:
        """What the model makes of a text: Rasa's parse result.

        Raises TimeoutError when it takes longer than `timeout` seconds.
        """
        parsed: dict[str, Any] = self._wait(self._parse(text, metadata), timeout)
        return parsed

    def respond(
        self,
        *,
        conversation: str,
        text: str,
        parsed: Mapping[str, Any],
        metadata: Mapping[str, Any],
        memory: Mapping[str, Any],
        timeout: float,
    ) -> Thought:
        """Answers to an understood message.

        `parsed` is trusted: a customer's text never chooses an intent by itself.
        Raises ActionFailed, or TimeoutError past `timeout` seconds.
        """
        thought: Thought = self._wait(
            self._respond(conversation, text, dict(parsed), dict(metadata), memory), timeout
        )
        return thought

    # -- in the engine's own thread ----------------------------------------------------

    async def _parse(self, text: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        from bot.engine.loading import parse

        return parse(self._agent, text, dict(metadata))

    async def _respond(
        self,
        conversation: str,
        text: str,
        parsed: dict[str, Any],
        metadata: dict[str, Any],
        memory: Mapping[str, Any],
    ) -> Thought:
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        from bot.engine.memory import snapshot_of, tracker_from

        processor = self._agent.processor
        self._failures.pop(conversation, None)
        channel = CollectingOutputChannel()
        message = UserMessage(
            text=text, output_channel=channel, sender_id=conversation, parse_data=parsed, metadata=metadata
        )
        tracker = tracker_from(memory, conversation=conversation, domain=processor.domain)
        try:
            await processor._handle_message_with_tracker(message, tracker)
            tracker = await processor.run_action_extract_slots(channel, tracker)
            await processor._run_prediction_loop(channel, tracker)
        finally:
            failed = self._failures.pop(conversation, None)
        if failed:
            raise ActionFailed(f"Action {failed} failed.")
        return Thought(answers=_answers(channel.messages), memory=snapshot_of(tracker))

    def _note_failure(self, conversation: str, action: str) -> None:
        self._failures[conversation] = action

    def _wait(self, work: Coroutine[Any, Any, Any], timeout: float) -> Any:
        if self._loop is None:
            work.close()
            raise RuntimeError("The engine has not been started.")
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout)
        except FutureTimeout as e:
            future.cancel()
            raise TimeoutError(f"No answer within {timeout:g} seconds.") from e


def _answers(messages: list[dict[str, Any]]) -> tuple[Answer, ...]:
    """The answers among what Rasa wants to send; ActionFailed for silence and for anything else."""
    answers = []
    for message in messages:
        try:
            answers.append(Answer.from_json(message["custom"]))
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise ActionFailed("An action said something that is no answer.") from e
    if not answers:
        raise ActionFailed("No action said anything.")
    return tuple(answers)
