from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Iterator, Optional

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import Database
from bot.shop.backends.base import BackendUnavailable
from bot.shop.carriers.book import load_carriers
from bot.shop.model import Order
from bot.shop.orders import Orders
from bot.shop.proofs import ProofStore
from tests.shop.orders_at_hand import DATA, NOW, FakeBackend, event, order, parcel

RIGHT = {"order_number": "LL-10423", "email": "anna.keller@example.org"}
WRONG = {"order_number": "LL-10423", "email": "someone.else@example.org"}
UNKNOWN = {"order_number": "LL-99999", "email": "someone.else@example.org"}
CARRIERS = load_carriers(DATA / "carriers.yml")
SHIPPED = order(parcel(event(9, "accepted", "Shenzhen", "CN"), event(1, "import_customs")))


class Desk:
    """The orders room with a customer in front of it."""

    def __init__(self, path: Path, backend: Any, **options: Any) -> None:
        self.database = Database(f"sqlite:///{path}")
        self.backend = backend
        self.proofs = ProofStore(self.database)
        self.pauses: list[float] = []
        options.setdefault("wrong_seconds", 0.0)
        self.orders = Orders(
            backend=backend, proofs=self.proofs, carriers=CARRIERS, pause=self.pauses.append, **options
        )

    def proved(self, pair: dict[str, Any], *, seq: int = 2, **who: Any) -> bool:
        return self.orders.is_proved(seq=seq, **self._who(who), **pair)

    def refused(self, **who: Any) -> bool:
        return self.orders.is_refused(**self._who(who))

    def status(self, pair: dict[str, Any], *, seq: int = 2, **who: Any) -> Any:
        return self.orders.status(seq=seq, timezone="Europe/Berlin", language="de", **self._who(who), **pair)

    @staticmethod
    def _who(who: dict[str, Any]) -> dict[str, Any]:
        return {"conversation": "c1", "address": "10.0.0.1", "now": NOW, **who}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    database = Database(f"sqlite:///{tmp_path / 'n.sqlite'}")
    database.migrate()
    database.close()
    return tmp_path / "n.sqlite"


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    made = Desk(path, FakeBackend(SHIPPED))
    yield made
    made.database.close()


@pytest.mark.parametrize(
    ("email", "proved"),
    [
        ("anna.keller@example.org", True),
        ("  Anna.Keller@EXAMPLE.org ", True),
        ("<anna.keller@example.org>", True),
        ("anna.keller@example.org.", True),
        ("ａｎｎａ.keller＠example.org", True),  # as a Chinese keyboard may type it
        ("anna.keller@example.com", False),
        ("keller@example.org", False),
        ("anna.keller@example.org\0", False),
        ("", False),
        ("nobody", False),
        ("\ud800", False),
    ],
)
def test_the_address_must_be_the_orders(desk: Desk, email: str, proved: bool) -> None:
    assert desk.proved({"order_number": "LL-10423", "email": email}) is proved


def test_an_order_without_an_address_is_proved_by_nobody(path: Path) -> None:
    desk = Desk(path, FakeBackend(order(email="")))
    assert not desk.proved({"order_number": "LL-10423", "email": ""})
    assert desk.status({"order_number": "LL-10423", "email": None}).key == "order.ask_email"


@pytest.mark.parametrize(
    ("missing", "wrong", "key", "fields"),
    [
        ("both", False, "order.ask", ["order_number", "email"]),
        ("number", False, "order.ask_number", ["order_number"]),
        # a number may be mistyped: with the form both can be mended
        ("email", False, "order.ask_email", ["order_number", "email"]),
        ("email", True, "order.wrong", ["order_number", "email"]),
        ("both", True, "order.wrong", ["order_number", "email"]),
    ],
)
def test_asking(desk: Desk, missing: str, wrong: bool, key: str, fields: list[str]) -> None:
    answer = desk.orders.ask(missing=missing, wrong=wrong)
    assert answer.key == key
    assert answer.card is not None
    assert [field["name"] for field in answer.card["fields"]] == fields


def test_a_proved_order_is_told(desk: Desk) -> None:
    assert desk.proved(RIGHT)
    answer = desk.status(RIGHT)
    assert answer.key == "order.status.import_customs"
    assert {f.name: f.value for f in answer.facts}["order_number"] == "LL-10423"


def test_status_checks_again_itself(desk: Desk) -> None:
    assert desk.status(WRONG).key == "order.wrong"
    assert desk.status({"order_number": "LL-10423", "email": None}).key == "order.ask_email"
    assert desk.status({"order_number": "", "email": None}).key == "order.ask"
    assert desk.status(RIGHT).key == "order.status.import_customs"


def test_a_proof_outlives_a_restart_but_no_conversation(path: Path, desk: Desk) -> None:
    assert desk.proved(RIGHT)
    again = Desk(path, FakeBackend(SHIPPED))
    only_number = {"order_number": "LL-10423", "email": None}
    assert again.status(only_number, seq=4).key == "order.status.import_customs"
    assert again.status(only_number, seq=2, conversation="c2").key == "order.ask_email"


def test_a_proof_ends_when_the_order_gets_another_address(desk: Desk) -> None:
    assert desk.proved(RIGHT)
    desk.backend.orders["LL-10423"] = order(email="new@example.org")
    assert desk.status({"order_number": "LL-10423", "email": None}, seq=4).key == "order.ask_email"


def test_a_proof_does_not_excuse_a_wrong_address(desk: Desk) -> None:
    assert desk.proved(RIGHT)
    assert not desk.proved(WRONG, seq=4)
    assert desk.proofs.tries(conversation="c1") == 1


# -- a wrong pair tells nothing --------------------------------------------------------


def test_wrong_and_unknown_are_answered_alike(path: Path) -> None:
    seen = []
    for n, pair in enumerate((WRONG, UNKNOWN)):
        desk = Desk(path, FakeBackend(SHIPPED))
        who = {"conversation": f"c{n}"}
        turn = []
        for seq in range(2, 14, 2):
            turn.append((desk.proved(pair, seq=seq, **who), desk.refused(**who)))
            turn.append(desk.status(pair, seq=seq, **who).to_json())
        seen.append((turn, desk.proofs.tries(conversation=f"c{n}")))
    assert seen[0] == seen[1]


class SlowWhenKnown(FakeBackend):
    """Needs longer for an order that exists: each question moves the hands of `clock`."""

    clock = 0.0

    def order(self, number: str) -> Optional[Order]:
        found = super().order(number)
        self.clock += 0.08 if found else 0.001
        return found


@pytest.mark.parametrize("pair", [WRONG, UNKNOWN])
def test_wrong_and_unknown_take_the_same_time(path: Path, pair: dict[str, str]) -> None:
    backend = SlowWhenKnown(SHIPPED)
    desk = Desk(path, backend, wrong_seconds=0.15, ticks=lambda: backend.clock)
    assert not desk.proved(pair)
    assert backend.clock + sum(desk.pauses) == pytest.approx(0.15)


def test_a_right_pair_does_not_wait(path: Path) -> None:
    desk = Desk(path, FakeBackend(SHIPPED), wrong_seconds=0.15)
    assert desk.proved(RIGHT)
    assert desk.pauses == []


# -- tries -----------------------------------------------------------------------------


def test_five_wrong_tries_end_in_a_handoff(desk: Desk) -> None:
    for n in range(5):
        assert not desk.refused()
        assert not desk.proved(WRONG if n % 2 else UNKNOWN, seq=2 * n + 2)
    assert desk.refused()
    answer = desk.status(WRONG, seq=10)
    assert answer.key == "order.refused"
    assert answer.handoff is not None
    assert (answer.handoff.reason, answer.handoff.priority) == ("order_tries", "normal")
    assert answer.handoff.topic == "shipping_status"
    # a right pair comes too late here, and nothing is counted any more
    assert not desk.proved(RIGHT, seq=12)
    assert desk.status(RIGHT, seq=12).key == "order.refused"
    assert desk.proofs.tries(conversation="c1") == 5


def test_a_repeated_turn_counts_once(path: Path, desk: Desk) -> None:
    for _ in range(4):
        again = Desk(path, FakeBackend(SHIPPED))  # the process ended, and the turn is taken again
        assert not again.proved(WRONG, seq=2)
        assert again.status(WRONG, seq=2).key == "order.wrong"
    assert desk.proofs.tries(conversation="c1") == 1


def test_an_address_is_counted_across_conversations(path: Path) -> None:
    desk = Desk(path, FakeBackend(SHIPPED), tries=5, tries_per_address=20)
    for n in range(20):
        assert not desk.refused(conversation=f"fresh{n}")
        assert not desk.proved(WRONG, conversation=f"c{n // 4}", seq=n)
    assert desk.refused(conversation="fresh")
    assert desk.status(RIGHT, conversation="fresh").key == "order.refused"
    assert not desk.refused(conversation="fresh", address="10.0.0.2")
    assert not desk.refused(conversation="fresh", now=NOW + timedelta(hours=1))


def test_without_an_address_only_the_conversation_counts(path: Path) -> None:
    desk = Desk(path, FakeBackend(SHIPPED), tries=50, tries_per_address=2)
    for n in range(5):
        assert not desk.proved(WRONG, address="", conversation=f"c{n}")
    assert not desk.refused(address="", conversation="c9")


def test_what_was_proved_before_is_still_told(desk: Desk) -> None:
    assert desk.proved(RIGHT, seq=2)
    for n in range(5):
        desk.proved(UNKNOWN, seq=4 + 2 * n)
    assert desk.refused()
    assert desk.proved(RIGHT, seq=20)
    assert desk.status(RIGHT, seq=20).key == "order.status.import_customs"


# -- the shop's system is silent -------------------------------------------------------


def test_a_silent_shop_is_said_and_handed_over(desk: Desk) -> None:
    desk.backend.silent = True
    assert desk.proved(RIGHT)  # nothing to correct: the form ends, and the status says why
    answer = desk.status(RIGHT)
    assert answer.key == "order.unavailable"
    assert answer.handoff is not None
    assert desk.backend.asked == ["LL-10423"]  # once a turn, or two waits would be one too long
    assert desk.proofs.tries(conversation="c1") == 0
    desk.backend.silent = False
    assert desk.status(RIGHT, seq=4, now=NOW + timedelta(minutes=1)).key == "order.status.import_customs"


def test_an_unavailable_check_proves_nothing(desk: Desk) -> None:
    desk.backend.silent = True
    assert desk.proved(WRONG)
    desk.backend.silent = False
    later: datetime = NOW + timedelta(minutes=1)
    assert desk.status({"order_number": "LL-10423", "email": None}, seq=4, now=later).key == "order.ask_email"


def test_the_error_is_the_ports() -> None:
    assert issubclass(BackendUnavailable, RuntimeError)


# -- anything that may be typed ---------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    number=st.text(st.characters(), max_size=30),
    email=st.one_of(st.none(), st.text(st.characters(), max_size=30)),
    seq=st.integers(1, 10**6),
)
def test_no_text_proves_or_breaks_anything(desk: Desk, number: str, email: Optional[str], seq: int) -> None:
    pair: dict[str, Any] = {"order_number": number, "email": email}
    who = {"conversation": f"h{seq}", "address": ""}
    assert not desk.proved(pair, seq=seq, **who)
    assert not desk.status(pair, seq=seq, **who).key.startswith("order.status")
