"""Where is my order: proof first, then the parcel's story."""

from __future__ import annotations

import re
from typing import Any, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.answering import Context, confidence_of, context, intent_of, say
from bot import wiring
from bot.answer import Answer
from bot.nlu.check_digits import check_digit_holds

Events = list[dict[str, Any]]

FORM = "order_form"
# What a customer says without leaving the question: it is simply asked again.
_EXTRACT = "action_extract_slots"
_STILL_THERE = ("shipping_status", "affirm", "greet")
_LEADS_BACK = ("bot_challenge", "language_switched")
# Answers that ask something themselves: the form waits.
_ASKS = re.compile(r"\b(?:which|ask|unknown_name|adults|no_help)|unavailable")


class ValidateOrderForm(Action):
    """Checks the pair of order number and e-mail as soon as both are there.

    A message about something else without either, or one that surely asks for a person, is left
    to the rule of what it asks: the form steps back, and asks again once that is answered.
    """

    def name(self) -> str:
        return "validate_order_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        if _asks_for_a_person(tracker):
            raise ActionExecutionRejection(self.name())
        number, email = _pair(tracker)
        asked = context(tracker)
        orders = wiring.orders(asked.shop)
        kept = [SlotSet("order_number", number), SlotSet("email", email)]
        if not (number and email):
            return kept if _goes_on(tracker) else []
        if orders.is_proved(**_proof(asked, number, email)):
            return [*kept, SlotSet("order_wrong", None), SlotSet("email_tried", None)]
        if orders.is_refused(**_who(asked)):
            return kept  # the form ends, and the status action hands over
        return [
            SlotSet("order_number", number),
            SlotSet("email", None),
            SlotSet("email_tried", email),
            SlotSet("order_wrong", True),
        ]


class AskOrderNumber(Action):
    """Asks for the order number, and for the e-mail in the same go where it is missing too."""

    def name(self) -> str:
        return "action_ask_order_number"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        _ask(dispatcher, tracker, missing="number" if tracker.get_slot("email") else "both")
        return []


class AskEmail(Action):
    """Asks for the e-mail, or says that the pair does not match."""

    def name(self) -> str:
        return "action_ask_email"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        is_asked = _ask(dispatcher, tracker, missing="email")
        return [SlotSet("order_wrong", None)] if is_asked else []


class OrderStatus(Action):
    """Tells where a proved order is."""

    def name(self) -> str:
        return "action_order_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = context(tracker)
        number, email = tracker.get_slot("order_number"), tracker.get_slot("email")
        answer: Answer = wiring.orders(asked.shop).status(
            **_proof(asked, str(number or ""), email), timezone=asked.timezone, language=asked.language
        )
        say(dispatcher, tracker, answer)
        return [SlotSet("order_wrong", None), SlotSet("email_tried", None)]


def _pair(tracker: Tracker) -> tuple[Optional[str], Optional[str]]:
    """Number and e-mail; a corrected number goes with the e-mail that was tried before."""
    number, email = tracker.get_slot("order_number"), tracker.get_slot("email")
    new_number = next(iter(tracker.get_latest_entity_values("order_number")), None)
    if not email and new_number:
        email = tracker.get_slot("email_tried")
    return number, email


def _goes_on(tracker: Tracker) -> bool:
    """Whether the message gives a number or an e-mail, or at least asks nothing else."""
    if tracker.active_loop.get("name") != FORM:
        return True  # the form is only just opening
    given = any(True for name in ("order_number", "email") for _ in tracker.get_latest_entity_values(name))
    return given or _asks_where(tracker) or intent_of(tracker) in _STILL_THERE


def _asks_for_a_person(tracker: Tracker) -> bool:
    """Whether the message, number and e-mail or not, is surely one that a person has to answer."""
    if tracker.active_loop.get("name") != FORM:
        return False
    intent, topics = intent_of(tracker), wiring.topics()
    if intent == "account_help" and any(tracker.get_latest_entity_values("email")):
        return False  # an address with "my e-mail is" before it sounds like an account's
    if intent != "human_handoff" and intent not in topics.priorities:
        return False
    sure = confidence_of(tracker) >= wiring.settings().sure
    return topics.priorities.get(intent) == "urgent" or sure


def _has_slip(tracker: Tracker) -> bool:
    """Whether the message gives a tracking number in which a digit is wrong."""
    return any(
        check_digit_holds(str(n)) is False for n in tracker.get_latest_entity_values("tracking_number")
    )


def _ask(dispatcher: CollectingDispatcher, tracker: Tracker, *, missing: str) -> bool:
    """Ask for what is missing, unless what was said in this turn must stand last; whether it was asked."""
    said = _said_already(tracker)
    if said is not None and not _leads_back(said):
        return False
    asked = wiring.orders(context(tracker).shop).ask(
        missing=missing,
        wrong=bool(tracker.get_slot("order_wrong")),
        where=_asks_where(tracker),
        back=said is not None,
        slip=_has_slip(tracker),
    )
    say(dispatcher, tracker, asked)
    return True


def _said_already(tracker: Tracker) -> Optional[str]:
    """The key of what was answered in this turn before the form came back; "" when it has none."""
    said: Optional[str] = None
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return said
        if event.get("event") == "bot" and said is None:
            said = str(((event.get("data") or {}).get("custom") or {}).get("key") or "")
        if event.get("event") == "action" and event.get("name") not in (FORM, "action_listen", _EXTRACT):
            said = said or ""
    return said


def _leads_back(key: str) -> bool:
    """Whether the form goes on after this answer: it answered something, and asks nothing itself."""
    room, _, rest = key.partition(".")
    if room == "social":
        return rest in _LEADS_BACK
    return room not in ("", "handoff", "system") and not _ASKS.search(rest)


def _asks_where(tracker: Tracker) -> bool:
    """Whether the customer asks where the order number is written."""
    return bool((tracker.latest_message or {}).get("asks") == "where_number")


def _who(asked: Context) -> dict[str, Any]:
    return {"conversation": asked.conversation, "address": asked.address, "now": asked.at}


def _proof(asked: Context, number: str, email: Optional[str]) -> dict[str, Any]:
    return {**_who(asked), "seq": asked.seq, "order_number": number, "email": email}
