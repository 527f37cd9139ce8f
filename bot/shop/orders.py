"""Where is my order: told only to who knows its number and its e-mail address."""

from __future__ import annotations

import hmac
import threading
import time
import unicodedata
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Callable, Mapping, Optional, Union

from bot.answer import Answer, HandoffRequest
from bot.shop.backends.base import Backend, BackendUnavailable
from bot.shop.carriers.book import CarrierBook
from bot.shop.model import Order
from bot.shop.order_story import TOPIC, Teller, Transit
from bot.shop.parcel_card import reply
from bot.shop.proofs import ProofStore

# Stand for the order that does not exist, so that as much is looked up and compared as for one that does.
_NO_NUMBER, _NOBODY = "-", "nobody"
_HOUR = timedelta(hours=1)
_MOST_REMEMBERED = 256

REFUSED = Answer(key="order.refused", handoff=HandoffRequest(reason="order_tries", topic=TOPIC))
UNAVAILABLE = Answer(key="order.unavailable", handoff=HandoffRequest(reason="shop_unavailable", topic=TOPIC))

_Turn = tuple[str, int, datetime, str]
_Looked = Union[Order, None, BackendUnavailable]


class Orders:
    """Checks who asks, then tells where the order is.

    `tries` wrong pairs in a conversation, or `tries_per_address` within an hour from one address,
    end the asking. A wrong pair takes a multiple of `wrong_seconds`, so that the time it takes
    does not tell whether the order exists. `backend` should give up by itself (PatientBackend).
    """

    def __init__(
        self,
        *,
        backend: Backend,
        proofs: ProofStore,
        carriers: CarrierBook,
        transit: Transit = lambda country: None,
        source: str = "shop orders",
        tries: int = 5,
        tries_per_address: int = 20,
        wrong_seconds: float = 0.15,
        pause: Callable[[float], None] = time.sleep,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._backend = backend
        self._proofs = proofs
        self._teller = Teller(carriers=carriers, transit=transit, source=source)
        self._tries = tries
        self._tries_per_address = tries_per_address
        self._wrong_seconds = wrong_seconds
        self._pause = pause
        self._ticks = ticks
        self._looked: OrderedDict[_Turn, _Looked] = OrderedDict()
        self._lock = threading.Lock()

    def is_proved(
        self,
        *,
        conversation: str,
        address: str,
        now: datetime,
        seq: int,
        order_number: str,
        email: Optional[str],
    ) -> bool:
        """Whether number and e-mail belong together; a wrong pair is counted once a message.

        Also True when the shop's system is silent: there is nothing to correct then, and
        `status`, which checks again, tells nothing but that.
        """
        try:
            found = self._check(conversation, address, now, seq, order_number, email)
        except BackendUnavailable:
            return True
        return found is not None

    def is_refused(self, *, conversation: str, address: str, now: datetime) -> bool:
        """Whether this conversation, or this address within the last hour, was wrong too often."""
        if self._proofs.tries(conversation=conversation) >= self._tries:
            return True
        if not address:
            return False
        recent = self._proofs.tries_from(address=address, since=now - _HOUR)
        return recent >= self._tries_per_address

    def ask(
        self, *, missing: str, wrong: bool, where: bool = False, back: bool = False, slip: bool = False
    ) -> Answer:
        """Ask for what is missing of a pair: "both", "number" or "email"; all of it when it was wrong.

        `where`: the customer asked where the number is written. `back`: something else was answered just now.
        `slip`: a tracking number was given whose check digit is wrong.
        """
        if slip:
            return Answer(key="order.check_tracking", card=_FORM)
        if where:
            return Answer(key="order.where_number", card=_FORM)
        if back:
            return _BACK[missing]
        if wrong:
            return Answer(key="order.wrong", card=_FORM)
        if missing == "number":
            return Answer(key="order.ask_number", card=_form("order_number"))
        if missing == "email":
            return Answer(key="order.ask_email", card=_FORM)
        return Answer(key="order.ask", card=_FORM)

    def status(
        self,
        *,
        conversation: str,
        address: str,
        now: datetime,
        seq: int,
        order_number: str,
        email: Optional[str],
        timezone: str,
        language: str,
    ) -> Answer:
        """Where the order is, if this conversation has proved it; else the question, or a handoff."""
        if not _plain(order_number):
            return self.ask(missing="both", wrong=False)
        try:
            order = self._check(conversation, address, now, seq, order_number, email)
        except BackendUnavailable:
            return UNAVAILABLE
        if order is not None:
            return self._teller.tell(order, now=now, timezone=timezone, language=language)
        if self.is_refused(conversation=conversation, address=address, now=now):
            return REFUSED
        return self.ask(missing="email", wrong=bool(email))

    def _check(
        self,
        conversation: str,
        address: str,
        now: datetime,
        seq: int,
        order_number: str,
        email: Optional[str],
    ) -> Optional[Order]:
        """The order, when the pair is right or was proved before and no other e-mail is given.

        One path for every wrong pair: the same look-ups, the same comparison, the same rows.
        """
        started = self._ticks()
        order = self._order(conversation, seq, now, order_number)
        number, actual = (order.number, _plain(order.email)) if order else (_NO_NUMBER, _NOBODY)
        given = _plain(email or "")
        kept = self._proofs.is_kept(conversation=conversation, order_number=number, email=actual)
        same = _equal(given, actual) and bool(given)
        if order is not None and kept and (same or not given):
            return order
        refused = self.is_refused(conversation=conversation, address=address, now=now)
        if order is not None and same and not refused:
            self._proofs.keep(conversation=conversation, order_number=number, email=actual, now=now)
            return order
        if given and not refused:
            self._proofs.add_try(conversation=conversation, seq=seq, address=address, now=now)
        self._round_up(started)
        return None

    def _order(self, conversation: str, seq: int, now: datetime, order_number: str) -> Optional[Order]:
        """The order; within one turn the shop's system is asked once, also when it is silent."""
        turn = (conversation, seq, now, order_number)
        with self._lock:
            known = turn in self._looked
            looked = self._looked.get(turn)
        if not known:
            try:
                looked = self._backend.order(order_number)
            except BackendUnavailable as e:
                looked = e
            with self._lock:
                self._looked[turn] = looked
                while len(self._looked) > _MOST_REMEMBERED:
                    self._looked.popitem(last=False)
        if isinstance(looked, BackendUnavailable):
            raise looked
        return looked

    def _round_up(self, started: float) -> None:
        if self._wrong_seconds > 0:
            spent = self._ticks() - started
            self._pause(self._wrong_seconds - spent % self._wrong_seconds)


_FIELDS: Mapping[str, dict[str, Any]] = {
    "order_number": {
        "name": "order_number",
        "label": reply("order.form.order_number"),
        "type": "text",
        "autocomplete": "off",
    },
    "email": {
        "name": "email",
        "label": reply("order.form.email"),
        "type": "email",
        "autocomplete": "email",
    },
}


def _form(*fields: str) -> dict[str, Any]:
    return {
        "kind": "form",
        "form": "order",
        "title": reply("order.form.title"),
        "fields": [_FIELDS[name] for name in fields],
        "submit": reply("order.form.submit"),
    }


_FORM = _form("order_number", "email")
_BACK = {
    "both": Answer(key="order.back", card=_FORM),
    "number": Answer(key="order.back_number", card=_form("order_number")),
    "email": Answer(key="order.back_email", card=_FORM),
}


def _plain(text: str) -> str:
    """As it is compared: width, case and stray punctuation around it don't matter."""
    return unicodedata.normalize("NFKC", text).strip().strip("<>()[]\"'.,;:").casefold()


def _equal(one: str, other: str) -> bool:
    """Whether two texts are the same, taking the same time wherever they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
