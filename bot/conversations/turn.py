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
from bot.answer import PRIORITIES, Answer, Fact, HandoffRequest
from bot.conversations.model import (
    Conversation,
    Draft,
    Kind,
    Message,
    Owner,
    Sender,
    UnknownConversation,
)
from bot.conversations.ports import Desk, Mind, Opened, Sayer, Understood
from bot.conversations.store import Claim, ConversationStore
from bot.database import DatabaseError
from bot.faults import where

logger = logging.getLogger(__name__)

# A message that ended the process this often is not thought about again.
MOST_TRIES = 3

APOLOGY = Answer(
    key="system.apology", handoff=HandoffRequest(reason="turn_failed", priority="high", topic="out_of_scope")
)
TOO_LONG = Answer(key="system.too_long", handoff=HandoffRequest(reason="text_too_long", topic="out_of_scope"))
EMPTY = Answer(key="system.empty")
# Offered with the time at which a person would answer; choosing it makes the promise.
OFFER = "handoff.offer"
OFFERED = HandoffRequest(reason="customer_asked", topic="human_handoff")
# The same to a customer whose language nobody taught us: said in English too, which more people read.
OFFER_LANGUAGE = "handoff.offer_language"
_OFFERS = (OFFER, OFFER_LANGUAGE)
WORLD = "en"
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
            try:
                self._answer(claim)
            except UnknownConversation:
                return answered  # deleted while we thought about it
            answered += 1

    # -- one message -------------------------------------------------------------------

    def _answer(self, claim: Claim) -> None:
        message = claim.message
        done = False
        while not done:  # again only when the pen changed hands meanwhile
            conversation = self._store.get(message.conversation)
            plan = self._plan(conversation, message, tries=claim.tries)
            done = self._say(plan, conversation, message)
        crash.point("committed")
        self._changed(message.conversation)
        crash.point("delivered")

    def _plan(self, conversation: Conversation, message: Message, *, tries: int) -> _Plan:
        plan = _Plan(language=conversation.language)
        if conversation.owner is not Owner.TEAM:
            try:
                self._think(plan, conversation, message, tries=tries)
            except Exception as e:
                logger.error("Turn %s/%s failed: %s", message.conversation, message.seq, where(e))
                _apologise(plan)
        return plan

    def _say(self, plan: _Plan, conversation: Conversation, message: Message) -> bool:
        try:
            return self._commit(plan, conversation, message)
        except (DatabaseError, UnknownConversation):
            raise  # nothing is wrong with the answer: the message is taken up again, or is gone
        except Exception as e:
            logger.error("Turn %s/%s cannot be said: %s", message.conversation, message.seq, where(e))
            _apologise(plan)
            return self._commit(plan, conversation, message)

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
        if switched is not None and switched.value in self._sayer.languages:
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
        return self._mind.understand(
            message.text, context=context, memory=conversation.memory, timeout=self._seconds
        )

    def _may_answer(self, conversation: Conversation, understood: Understood) -> bool:
        """While a person is awaited: only what is surely a new question, or goes on with our own."""
        if understood.adds_to_handoff:
            return False
        if conversation.memory.get("loop"):
            return True
        return not understood.abstained and understood.confidence >= self._sure

    # -- commit ------------------------------------------------------------------------

    def _commit(self, plan: _Plan, conversation: Conversation, message: Message) -> bool:
        """Replies, handoff, promise, memory and "done", in one transaction.

        False, and nothing is written, when the pen is no longer where it was as the turn began.
        """
        now = self._clock()
        with self._store.database.begin() as tx:
            current = self._store.get_in(tx, conversation.id, lock=True)
            if current.version != conversation.version and current.owner is not Owner.TEAM:
                return False
            if current.language != conversation.language and not plan.language_chosen:
                plan.language = current.language  # chosen on the page while we thought
            understood = plan.understood.to_json() if plan.understood else None
            if not self._store.finish(
                tx, conversation.id, message.seq, understood=understood, language=plan.language
            ):
                return True  # another turn was faster; its answer stands
            if current.owner is Owner.TEAM:
                return True  # a person took over meanwhile: what we thought of is not said
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
        return True

    def _drafts(
        self, tx: Any, plan: _Plan, conversation: Conversation, message: Message, now: datetime
    ) -> list[Draft]:
        answers = plan.answers
        standing = self._desk.standing(tx, conversation.id, now=now)
        if standing is not None and (plan.noted or answers):
            answers = self._with_standing(plan, answers, standing)
        # The most urgent wish first, so that every sentence of this turn names the one time that stands.
        for answer in sorted((a for a in answers if a.handoff), key=_urgency):
            standing = self._open(tx, answer, conversation, message, plan, now)
        drafts: list[Draft] = []
        for answer in answers:
            if answer.handoff is None and _names_time(answer) and any(d.guard for d in drafts):
                continue  # what was held back has named the time already
            for language in _languages(answer, plan):
                draft, standing = self._draft(
                    tx, answer, plan, conversation, message, standing, now, language=language
                )
                drafts.append(draft)
                if draft.guard:
                    break  # what is said instead is said once
        return drafts

    @staticmethod
    def _with_standing(plan: _Plan, answers: tuple[Answer, ...], standing: Opened) -> tuple[Answer, ...]:
        """While a person is awaited, what we say ends with the time that stands; never with one gone by."""
        if plan.noted or any(answer.key in _OFFERS for answer in answers):
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
        *,
        language: str,
    ) -> tuple[Draft, Optional[Opened]]:
        """The answer in words, and the handoff that stands after it."""
        zone = conversation.timezone
        if standing is not None and _names_time(answer):
            answer = answer.with_facts(*standing.facts)
        elif answer.key in _OFFERS:
            answer = answer.with_facts(*self._desk.possible(tx, conversation, OFFERED, now=now))
        rendered = self._sayer.say(answer, language=language, timezone=zone, now=now, variation=message.seq)
        refusal = self._sayer.refusal(answer, rendered, language=language, timezone=zone)
        if refusal is not None:
            # The words themselves stay out of the log: they may hold a customer's.
            logger.error("The guard refused reply %s of %s/%s.", answer.key, conversation.id, message.seq)
            standing = self._open(tx, WITHHELD, conversation, message, plan, now)
            answer = WITHHELD.with_facts(*standing.facts)
            rendered = self._sayer.say(answer, language=language, timezone=zone, now=now)
        promise = None
        if standing is not None and _names_time(answer):
            promise = self._promise(tx, standing, rendered.text, language, zone)
        draft = Draft(
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
        return draft, standing

    def _open(
        self,
        tx: Any,
        answer: Answer,
        conversation: Conversation,
        message: Message,
        plan: _Plan,
        now: datetime,
    ) -> Opened:
        assert answer.handoff is not None
        packet = _packet(answer, message, plan)
        return self._desk.open(tx, conversation, answer.handoff, now=now, packet=packet)

    def _promise(self, tx: Any, standing: Opened, text: str, language: str, zone: str) -> dict[str, Any]:
        """What the page shows of the promise; the first sentence that names it is kept with the row."""
        self._desk.shown(tx, standing.promise.id, text=text, language=language, timezone=zone)
        due = next((f for f in standing.facts if f.name == "due_at"), None)
        return {"id": standing.promise.id, **promise_json(due)}


def _apologise(plan: _Plan) -> None:
    """Whatever was asked for when it failed is dropped, an open form included."""
    plan.answers, plan.memory, plan.noted = (APOLOGY,), {}, False
    plan.language_chosen = False


def _languages(answer: Answer, plan: _Plan) -> tuple[str, ...]:
    """The languages that an answer is said in, one after the other."""
    if answer.key == OFFER_LANGUAGE and plan.language != WORLD:
        return (plan.language, WORLD)
    return (plan.language,)


def _names_time(answer: Answer) -> bool:
    return answer.handoff is not None or answer.key.startswith("handoff.")


def _urgency(answer: Answer) -> int:
    return PRIORITIES.index(answer.handoff.priority) if answer.handoff else len(PRIORITIES)


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
