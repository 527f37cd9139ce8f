"""One turn: an accepted message becomes an answer, or a handoff with a promise, exactly once.

accept → gate → understand → answer → say → commit → deliver. Until the commit nothing has
happened; whatever ends the process before it leaves a message that is picked up again.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Callable, Mapping, Optional

from bot import crash
from bot.answer import Answer, Fact, HandoffRequest
from bot.conversations.model import Conversation, Draft, Kind, Message, Owner, Sender
from bot.conversations.ports import Desk, Mind, Opened, Sayer, Understood
from bot.conversations.store import Claim, ConversationStore

logger = logging.getLogger(__name__)

# A message that ended the process this often is not thought about again.
MOST_TRIES = 3

APOLOGY = Answer(
    key="system.apology", handoff=HandoffRequest(reason="turn_failed", priority="high", topic="out_of_scope")
)
TOO_LONG = Answer(key="system.too_long", handoff=HandoffRequest(reason="text_too_long", topic="out_of_scope"))
EMPTY = Answer(key="system.empty")
WITHHELD = Answer(
    key="system.withheld", handoff=HandoffRequest(reason="guard", priority="normal", topic="out_of_scope")
)


@dataclass
class _Plan:
    """What a turn wants to commit."""

    answers: tuple[Answer, ...] = ()
    understood: Optional[Understood] = None
    memory: Optional[Mapping[str, Any]] = None
    language: str = ""
    language_chosen: bool = False
    noted: bool = False
    drafts: list[Draft] = field(default_factory=list)


class Turns:
    """Answers the messages of conversations, one after another within each.

    `sure` is the confidence from which the bot answers while a person is awaited;
    `seconds` the deadline of one turn; `changed(conversation_id)` is called after a commit.
    """

    def __init__(
        self,
        *,
        store: ConversationStore,
        mind: Mind,
        desk: Desk,
        sayer: Sayer,
        clock: Callable[[], datetime],
        changed: Callable[[str], None],
        seconds: float,
        sure: float,
        text_chars: int,
    ) -> None:
        self._store = store
        self._mind = mind
        self._desk = desk
        self._sayer = sayer
        self._clock = clock
        self._changed = changed
        self._seconds = seconds
        self._sure = sure
        self._text_chars = text_chars
        # Longer than any turn may take, so that a claim never ends under a turn that is alive.
        self._lease = timedelta(seconds=seconds + 4)

    def answer_all(self, conversation_id: str) -> int:
        """Answer everything that waits in this conversation, in order; returns how many."""
        answered = 0
        while True:
            claim = self._store.claim_next(conversation_id, now=self._clock(), lease=self._lease)
            if claim is None:
                return answered
            crash.point("claimed")
            self._answer(claim)
            answered += 1

    # -- one message -------------------------------------------------------------------

    def _answer(self, claim: Claim) -> None:
        message = claim.message
        conversation = self._store.get(message.conversation)
        plan = _Plan(language=conversation.language)
        if conversation.owner is not Owner.TEAM:
            try:
                self._think(plan, conversation, message, tries=claim.tries)
            except Exception:
                logger.exception("Turn %s/%s failed.", message.conversation, message.seq)
                # Whatever was asked for when it failed is dropped, an open form included.
                plan.answers, plan.memory, plan.noted = (APOLOGY,), {}, False
        self._commit(plan, conversation, message)
        crash.point("committed")
        self._changed(message.conversation)
        crash.point("delivered")

    def _think(self, plan: _Plan, conversation: Conversation, message: Message, *, tries: int) -> None:
        if tries > MOST_TRIES:
            plan.answers, plan.memory = (APOLOGY,), {}
            return
        if len(message.text) > self._text_chars:
            plan.answers = (TOO_LONG,)
            return
        if message.kind is Kind.TEXT and not message.text.strip(" \t\r\n\0"):
            plan.answers = (EMPTY,)
            return
        ends_at = time.monotonic() + self._seconds
        context = turn_context(conversation, message, now=self._clock())
        understood = self._understand(conversation, message, context)
        plan.understood = understood
        crash.point("parsed")
        if understood.language in self._sayer.languages:
            plan.language = understood.language
        context = {**context, "language": plan.language}
        if conversation.owner is Owner.WAITING and not self._may_answer(conversation, understood):
            plan.noted = True
            return
        thought = self._mind.respond(
            message.text,
            understood=understood,
            context=context,
            memory=conversation.memory,
            timeout=max(0.1, ends_at - time.monotonic()),
        )
        crash.point("acted")
        plan.answers, plan.memory = thought.answers, thought.memory
        switched = next((f for a in thought.answers for f in a.facts if f.name == "switched_to"), None)
        if switched is not None:
            plan.language, plan.language_chosen = str(switched.value), True

    def _understand(
        self, conversation: Conversation, message: Message, context: Mapping[str, Any]
    ) -> Understood:
        payload = message.payload
        if payload and "intent" in payload:
            return self._mind.chosen(
                message.text,
                intent=str(payload["intent"]),
                entities=payload.get("entities") or {},
                context=context,
            )
        return self._mind.understand(message.text, context=context, timeout=self._seconds)

    def _may_answer(self, conversation: Conversation, understood: Understood) -> bool:
        """While a person is awaited: only what is surely a new question, or goes on with our own."""
        if conversation.memory.get("loop"):
            return True
        return not understood.abstained and understood.confidence >= self._sure

    # -- commit ------------------------------------------------------------------------

    def _commit(self, plan: _Plan, conversation: Conversation, message: Message) -> None:
        """Replies, handoff, promise, memory and "done", in one transaction."""
        now = self._clock()
        with self._store.database.begin() as tx:
            current = self._store.get_in(tx, conversation.id, lock=True)
            understood = plan.understood.to_json() if plan.understood else None
            if not self._store.finish(
                tx, conversation.id, message.seq, understood=understood, language=plan.language
            ):
                return  # another turn was faster; its answer stands
            if current.owner is Owner.TEAM:
                return  # a person took over meanwhile: what we thought of is not said
            if current.owner is Owner.CLOSED:
                self._store.change_owner(tx, conversation.id, expect=[Owner.CLOSED], to=Owner.BOT, now=now)
                current = self._store.get_in(tx, conversation.id)
            drafts = self._drafts(tx, plan, current, message, now)
            crash.point("rendered")
            self._store.append(tx, conversation.id, drafts, now=now)
            if plan.memory is not None:
                self._store.save_memory(tx, conversation.id, plan.memory)
            if plan.language != current.language or plan.language_chosen:
                self._store.set_language(tx, conversation.id, plan.language, chosen=plan.language_chosen)

    def _drafts(
        self, tx: Any, plan: _Plan, conversation: Conversation, message: Message, now: datetime
    ) -> list[Draft]:
        answers = plan.answers
        standing = self._desk.standing(tx, conversation.id, now=now)
        if standing is not None and (plan.noted or answers):
            answers = self._with_standing(plan, answers, standing)
        return [self._draft(tx, a, plan, conversation, message, standing, now) for a in answers]

    @staticmethod
    def _with_standing(plan: _Plan, answers: tuple[Answer, ...], standing: Opened) -> tuple[Answer, ...]:
        """While a person is awaited, what we say ends with the time that stands; never with one gone by."""
        if plan.noted:
            return (Answer(key="handoff.late" if standing.late else "handoff.noted"),)
        asking = bool((plan.memory or {}).get("loop"))  # a question of ours stands last, not a time
        chat = all(answer.key.startswith("social.") for answer in answers)  # a "thank you" needs no time
        if asking or chat or any(answer.handoff for answer in answers):
            return answers
        return (*answers, Answer(key="handoff.late" if standing.late else "handoff.still_coming"))

    def _draft(
        self,
        tx: Any,
        answer: Answer,
        plan: _Plan,
        conversation: Conversation,
        message: Message,
        standing: Optional[Opened],
        now: datetime,
    ) -> Draft:
        opened = self._open(tx, answer, conversation, message, plan, now) or standing
        if opened is not None:
            answer = answer.with_facts(*opened.facts)
        language, zone = plan.language, conversation.timezone
        rendered = self._sayer.say(answer, language=language, timezone=zone, now=now, variation=message.seq)
        refusal = self._sayer.refusal(answer, rendered, language=language, timezone=zone)
        if refusal is not None:
            logger.error("The guard refused reply %s: %s", answer.key, refusal)
            opened = opened or self._open(tx, WITHHELD, conversation, message, plan, now)
            answer = WITHHELD.with_facts(*(opened.facts if opened else ()))
            rendered = self._sayer.say(answer, language=language, timezone=zone, now=now)
        promise = None
        if opened is not None and (answer.handoff is not None or answer.key.startswith("handoff.")):
            promise = self._promise(tx, opened, rendered.text, language, zone, answer)
        return Draft(
            sender=Sender.BOT,
            kind=Kind.TEXT,
            text=rendered.text,
            language=language,
            choices=tuple(rendered.choices),
            card=rendered.card,
            facts=tuple(f.to_json() for f in answer.facts),
            reply_key=answer.key,
            guard=refusal,
            promise=promise,
            answers=message.seq,
        )

    def _open(
        self,
        tx: Any,
        answer: Answer,
        conversation: Conversation,
        message: Message,
        plan: _Plan,
        now: datetime,
    ) -> Optional[Opened]:
        if answer.handoff is None:
            return None
        return self._desk.open(
            tx, conversation, answer.handoff, now=now, packet=_packet(answer, message, plan)
        )

    def _promise(
        self, tx: Any, opened: Opened, text: str, language: str, zone: str, answer: Answer
    ) -> dict[str, Any]:
        """What the page shows of the promise; its sentence is kept with the row."""
        if not opened.repeated:
            self._desk.shown(tx, opened.promise.id, text=text, language=language, timezone=zone)
        due = next((f for f in answer.facts if f.name == "due_at"), None)
        return {"id": opened.promise.id, **promise_json(due)}


def promise_json(due: Optional[Fact]) -> dict[str, Any]:
    """A promise as the customer's page gets it; the page words the time itself from `due_at`."""
    return {"due_at": due.to_json()["value"] if due else None}


def turn_context(conversation: Conversation, message: Message, *, now: datetime) -> dict[str, Any]:
    """What the mind and its actions may know of the conversation, as JSON values."""
    return {
        "conversation": conversation.id,
        "seq": message.seq,
        "shop": conversation.shop,
        "language": conversation.language,
        "language_so_far": conversation.language if message.seq > 2 else None,
        "language_chosen": conversation.language if conversation.language_chosen else None,
        "locale": conversation.locale,
        "timezone": conversation.timezone,
        "country": conversation.country,
        "page": conversation.page,
        "product": conversation.product,
        "order": conversation.order,
        "address": conversation.address,
        "at": now.isoformat(),
    }


def _packet(answer: Answer, message: Message, plan: _Plan) -> dict[str, Any]:
    """What the person who takes over should see first."""
    understood = plan.understood.to_json() if plan.understood else {}
    return {
        "words": message.text[:500],
        "intent": understood.get("intent"),
        "emotion": understood.get("emotion"),
        "urgency": understood.get("urgency"),
        "entities": understood.get("entities", []),
        "facts": [fact.to_json() for fact in answer.facts],
        "memory": dict((plan.memory or {}).get("slots", {})),
    }
