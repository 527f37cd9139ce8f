from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Iterator

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from bot.answer import HandoffRequest
from bot.conversations.model import Conversation
from bot.conversations.store import ConversationStore
from bot.database import Database
from bot.desk.alarm import LEASE, LONGEST_PAUSE, AlarmClock, pause
from bot.desk.alarm_store import LATE, MADE, WARNING, AlarmStore
from bot.desk.handoffs import Handoffs
from bot.desk.model import PromiseState, Team
from bot.desk.tables import delivery, promise
from bot.desk.targets.base import Notice, Target, TargetFailed
from bot.desk.targets.email import EmailTarget
from bot.desk.targets.webhook import WebhookTarget, signature
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from tests.desk.conftest import MEI, NIGHT, Clock, conversation

DUE, WARNED = NIGHT + timedelta(hours=5), NIGHT + timedelta(hours=4)


class Pocket:
    """A target that keeps what it is sent, and fails as often as it is told to."""

    def __init__(self, name: str = "pocket", *, failures: int = 0) -> None:
        self.name = name
        self.failures = failures
        self.got: list[Notice] = []
        self._lock = threading.Lock()

    def send(self, notice: Notice) -> None:
        with self._lock:
            if self.failures:
                self.failures -= 1
                raise TargetFailed("It is down.")
            self.got.append(notice)

    @property
    def events(self) -> list[str]:
        return [notice.event for notice in self.got]


class Broken(Pocket):
    """A target with a mistake in it."""

    def send(self, notice: Notice) -> None:
        raise KeyError("a mistake")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make(database: Database, clock: Clock, *targets: Target, **options: Any) -> AlarmClock:
    return AlarmClock(database=database, targets=targets, clock=clock, seconds=0.01, **options)


def handed_over(
    handoffs: Handoffs, store: ConversationStore, *, words: str = "Es ist nass.", **who: Any
) -> Conversation:
    one = conversation(store, **who)
    request = HandoffRequest(reason="topic", topic="damaged_or_wrong_item")
    with store.database.begin() as tx:
        handoffs.open(tx, store.get_in(tx, one.id), request, now=NIGHT, packet={"words": words})
    return one


def look(alarm: AlarmClock, *targets: Target) -> None:
    alarm.sweep()
    for target in targets:
        alarm.deliver(target)


def until(condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


# -- events ---------------------------------------------------------------------------------


def test_each_event_is_told_once(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    one = handed_over(handoffs, store)
    pocket, other = Pocket(), Pocket("other")
    changes: list[PromiseState] = []
    alarm = make(
        database,
        clock,
        pocket,
        other,
        changed=lambda: changes.append(handoffs.thread(one.id).promises[0].state),
    )
    for now, events in (
        (NIGHT, [MADE]),
        (WARNED - timedelta(seconds=1), [MADE]),
        (WARNED, [MADE, WARNING]),
        (DUE - timedelta(seconds=1), [MADE, WARNING]),
        (DUE, [MADE, WARNING, LATE]),
        (DUE + timedelta(days=9), [MADE, WARNING, LATE]),
    ):
        clock.now = now
        for _ in range(2):
            look(alarm, pocket, other)
        assert pocket.events == other.events == events
    assert changes == [PromiseState.WARNED, PromiseState.LATE]
    notice = pocket.got[2]
    assert (notice.due_at, notice.at, notice.conversation) == (DUE, DUE, one.id)
    assert (notice.words, notice.topic, notice.language) == ("Es ist nass.", "damaged_or_wrong_item", "de")
    assert len({n.id for n in pocket.got + other.got}) == 6


@pytest.mark.parametrize(
    ("answered", "events"),
    [(WARNED - timedelta(minutes=1), [MADE]), (DUE - timedelta(minutes=1), [MADE, WARNING])],
)
def test_an_answer_of_a_person_ends_the_alarm(
    database: Database,
    handoffs: Handoffs,
    store: ConversationStore,
    clock: Clock,
    answered: datetime,
    events: list[str],
) -> None:
    one = handed_over(handoffs, store)
    pocket = Pocket()
    alarm = make(database, clock, pocket)
    for now in (NIGHT, answered):
        clock.now = now
        look(alarm, pocket)
    handoffs.claim(one.id, agent=MEI, now=answered)  # which keeps nothing
    handoffs.reply(one.id, agent=MEI, text="Ja", client_id="r", now=answered)
    clock.now = DUE + timedelta(hours=1)
    look(alarm, pocket)
    assert pocket.events == events
    assert handoffs.thread(one.id).promises[0].state is PromiseState.KEPT


def test_a_claim_or_a_note_does_not_end_the_alarm(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    one = handed_over(handoffs, store)
    pocket = Pocket()
    handoffs.claim(one.id, agent=MEI, now=NIGHT)
    handoffs.note(one.id, agent=MEI, text="gleich", now=NIGHT)
    clock.now = DUE
    look(make(database, clock, pocket), pocket)
    assert sorted(pocket.events) == [LATE, MADE]  # late at once: a warning would come too late
    assert handoffs.thread(one.id).promises[0].state is PromiseState.LATE


def test_a_quiet_handoff_wakes_nobody_but_turns_late(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    cases = [handed_over(handoffs, store, address="10.0.0.1") for _ in range(4)]
    pocket = Pocket()
    clock.now = DUE
    look(make(database, clock, pocket), pocket)
    assert {n.conversation for n in pocket.got} == {one.id for one in cases[:3]}
    assert handoffs.thread(cases[3].id).promises[0].state is PromiseState.LATE


def test_a_renewed_promise_rings_for_the_new_time_only(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    one = handed_over(handoffs, store)
    urgent = HandoffRequest(reason="topic", priority="urgent", topic="safety_incident")
    with database.begin() as tx:
        renewed = handoffs.open(tx, store.get_in(tx, one.id), urgent, now=NIGHT).promise
    pocket = Pocket()
    clock.now = DUE
    look(make(database, clock, pocket), pocket)
    assert [n.due_at for n in pocket.got if n.event == LATE] == [renewed.due_at]


def test_two_alarm_clocks_tell_everything_once(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    for _ in range(30):
        handed_over(handoffs, store)
    pocket = Pocket()
    alarms = [make(database, clock, pocket) for _ in range(2)]
    for alarm in alarms:
        alarm.start()
    try:
        # A jump of the clock would end the lease of what is under way.
        until(lambda: pocket.events.count(MADE) == 30 and waiting(database) == 0)
        clock.now = DUE + timedelta(hours=9)
        until(lambda: pocket.events.count(LATE) == 30)
        until(lambda: waiting(database) == 0)
    finally:
        for alarm in alarms:
            alarm.stop()
    assert len(pocket.got) == 60
    assert len({n.id for n in pocket.got}) == 60


def at_once(work: Callable[[], Any], *, threads: int = 8) -> list[Any]:
    """What the same work gives when many do it at the same moment."""
    barrier = threading.Barrier(threads)

    def start(_: int) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(start, range(threads)))


def test_many_processes_claim_each_event_and_each_delivery_once(
    database: Database, handoffs: Handoffs, store: ConversationStore
) -> None:
    for _ in range(12):
        handed_over(handoffs, store)
    alarms = AlarmStore(database)
    rung = at_once(lambda: alarms.ring(LATE, targets=["pocket"], now=DUE + timedelta(hours=1)))
    assert sum(rung) == waiting(database) == 12

    def take_all() -> list[str]:
        taken = []
        while errand := alarms.take("pocket", now=DUE + timedelta(hours=1), lease=LEASE):
            taken.append(errand.notice.id)
        return taken

    taken = [number for one in at_once(take_all) for number in one]
    assert len(taken) == len(set(taken)) == 12


def test_what_is_late_needs_no_warning(
    database: Database, handoffs: Handoffs, store: ConversationStore
) -> None:
    handed_over(handoffs, store)
    alarms = AlarmStore(database)
    assert alarms.ring(WARNING, targets=["pocket"], now=DUE) == 0
    assert alarms.ring(WARNING, targets=["pocket"], now=DUE - timedelta(minutes=1)) == 1


def waiting(database: Database) -> int:
    with database.read() as tx:
        return int(
            tx.execute(
                sa.select(sa.func.count()).select_from(delivery).where(delivery.c.state == "waiting")
            ).scalar_one()
        )


# -- targets that fail, processes that end --------------------------------------------------


@pytest.mark.parametrize("kind", ["down", "broken"])
def test_a_target_that_fails_leaves_the_delivery_for_later(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock, kind: str
) -> None:
    handed_over(handoffs, store)
    target = Broken() if kind == "broken" else Pocket(failures=3)
    well = Pocket("well")
    alarm = make(database, clock, target, well)
    look(alarm, target, well)
    assert (target.got, well.events) == ([], [MADE])
    look(alarm, target)
    assert waiting(database) == 1
    for tries in (1, 2, 3):
        clock.now += pause(tries)
        look(alarm, target, well)
    assert well.events == [MADE]
    assert target.events == ([] if kind == "broken" else [MADE])


def test_pauses_grow_up_to_a_limit() -> None:
    pauses = [pause(tries) for tries in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[3] < pauses[-1] == LONGEST_PAUSE


def test_a_delivery_is_given_up_after_days(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    handed_over(handoffs, store)
    alarm = make(database, clock, down := Pocket(failures=10**6))
    alarm.sweep()
    clock.forward(days=3, seconds=1)
    alarm.deliver(down)
    assert waiting(database) == 0


def test_whoever_ends_in_the_middle_of_a_delivery_gives_it_back(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    class Ends(Pocket):
        def send(self, notice: Notice) -> None:
            super().send(notice)
            raise SystemExit

    handed_over(handoffs, store)
    ends = Ends()
    first = make(database, clock, ends)
    first.sweep()
    with pytest.raises(SystemExit):
        first.deliver(ends)
    pocket = Pocket()
    second = make(database, clock, pocket)
    look(second, pocket)
    assert pocket.got == []  # it may still be under way elsewhere
    clock.now += LEASE
    look(second, pocket)
    assert pocket.got == ends.got  # the same id, so that the receiver can tell


def test_what_fell_due_while_nobody_watched_is_told_at_once(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    handed_over(handoffs, store)
    before = Pocket()
    alarm = make(database, clock, before)
    alarm.start()
    until(lambda: before.events == [MADE])
    alarm.stop()
    clock.now = DUE + timedelta(hours=3)
    after = Pocket()
    again = make(database, clock, after)
    started = time.monotonic()
    again.start()
    until(lambda: after.events == [LATE])
    assert time.monotonic() - started < 2
    again.stop()
    assert before.events == [MADE]


CHILD = """
import sys, time
from datetime import datetime
from bot.conversations import tables
from bot.database import Database
from bot.desk.alarm import AlarmClock
now = datetime.fromisoformat(sys.argv[2])
class Target:
    name = "pocket"
    def send(self, notice):
        print(notice.id, notice.event, flush=True)
AlarmClock(database=Database(sys.argv[1]), targets=[Target()], clock=lambda: now, seconds=0.01).start()
time.sleep(60)
"""


def test_a_killed_process_loses_and_repeats_nothing(
    database: Database, handoffs: Handoffs, store: ConversationStore
) -> None:
    for _ in range(5):
        handed_over(handoffs, store)
    told: list[tuple[str, str]] = []
    for now in (NIGHT, DUE):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, database.url, now.isoformat()],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert child.stdout is not None
        for _ in range(5):
            number, event = child.stdout.readline().split()
            told.append((number, event))
        until(lambda: waiting(database) == 0)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        told += [tuple(line.split()) for line in child.stdout]  # type: ignore[misc]
        child.stdout.close()
    assert [event for _, event in told] == [MADE] * 5 + [LATE] * 5
    assert len(set(told)) == 10


def test_a_clock_starts_once(database: Database, clock: Clock) -> None:
    alarm = make(database, clock)
    alarm.start()
    with pytest.raises(RuntimeError, match="running already"):
        alarm.start()
    alarm.stop()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_thousand_that_fall_due_together_are_claimed_within_two_seconds(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock
) -> None:
    one = handed_over(handoffs, store)
    with database.begin() as tx:
        row = dict(tx.execute(sa.select(promise)).mappings().one())
        tx.execute(promise.insert(), [{**row, "id": f"p{n}", "announced_at": NIGHT} for n in range(999)])
    clock.now = DUE
    alarm = make(database, clock, Pocket())
    started = time.monotonic()
    assert alarm.sweep() == 1001  # every one late, and the first one made
    assert time.monotonic() - started < 2
    assert {p.state for p in handoffs.thread(one.id).promises} == {PromiseState.LATE}


# -- real receivers -------------------------------------------------------------------------


class Mailbox:
    """A real SMTP server that keeps what it takes, and refuses as often as it is told to."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.refuse = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            self.refuse -= 1
            return "451 come back later"
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.got.append(parsed)
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


def mail_target(url: str, team: Team) -> EmailTarget:
    return EmailTarget(
        url=url,
        sender="desk@lantern-loom.example",
        to="team@lantern-loom.example",
        words=Phrasebook.load(ROOT / "data" / "replies"),
        team_of=lambda shop: team,
        link=lambda conversation: f"https://desk.example/team/#{conversation}",
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_email_reaches_a_real_server_once(
    database: Database,
    handoffs: Handoffs,
    store: ConversationStore,
    team: Team,
    clock: Clock,
    mailbox: tuple[Mailbox, str],
) -> None:
    box, url = mailbox
    one = handed_over(handoffs, store, words="Es ist nass.\nBcc: x@y \ud800 \0 你好")
    target = mail_target(url, team)
    alarm = make(database, clock, target)
    box.refuse = 1
    look(alarm, target)
    assert box.got == []
    clock.now += pause(1)
    look(alarm, target)
    clock.now = DUE
    look(alarm, target)
    made, late = box.got
    assert made["Subject"] == "New case: Damaged or wrong item, reply by Tue 24 Nov, 13:00"
    assert late["Subject"].startswith("Late: ")
    assert made["To"] == "team@lantern-loom.example"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Bcc"] is None
    assert made["Message-ID"] != late["Message-ID"]
    assert made["Message-ID"].endswith("@lantern-loom.example>")
    body = made.get_content()
    assert "Tue 24 Nov, 13:00" in body
    assert "你好" in body
    assert f"https://desk.example/team/#{one.id}" in body


@pytest.mark.parametrize("language", ["en", "de", "es", "zh"])
@pytest.mark.parametrize("event", [MADE, WARNING, LATE])
def test_an_email_is_in_the_teams_language(
    team: Team, mailbox: tuple[Mailbox, str], language: str, event: str
) -> None:
    box, url = mailbox
    mail_target(url, replace(team, language=language)).send(notice(event))
    (message,) = box.got
    assert "{" not in message["Subject"] + message.get_content()
    assert "13:00" in message["Subject"]


def notice(event: str = MADE) -> Notice:
    return Notice(
        id="n1",
        event=event,
        at=NIGHT,
        promise="p1",
        handoff="h1",
        conversation="c1",
        shop="demo",
        team="default",
        topic="safety_incident",
        reason="topic",
        priority="urgent",
        made_at=NIGHT,
        due_at=DUE,
        provisional=False,
        words="It smokes.",
        language="en",
        timezone="UTC",
    )


class Receiver(ThreadingHTTPServer):
    """A real HTTP receiver that keeps what it is posted."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Posted)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/alarm"


class Posted(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers.items()), body))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_webhook_is_signed_and_repeated_under_the_same_key(
    database: Database, handoffs: Handoffs, store: ConversationStore, clock: Clock, receiver: Receiver
) -> None:
    handed_over(handoffs, store, words="Es ist nass. \ud800")
    target = WebhookTarget(url=receiver.url, secret="s3cret", clock=clock)
    alarm = make(database, clock, target)
    receiver.answers = [503, 302, 200]
    look(alarm, target)
    for tries in (1, 2):
        clock.now += pause(tries)
        look(alarm, target)
    look(alarm, target)
    target.close()
    assert len(receiver.got) == 3
    keys = {headers["Idempotency-Key"] for headers, _ in receiver.got}
    assert len(keys) == 1
    headers, body = receiver.got[2]
    stamp, code = (part.split("=", 1)[1] for part in headers["Nightdesk-Signature"].split(","))
    assert int(stamp) == int(clock.now.timestamp())
    expected = hmac.new(b"s3cret", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(code, expected)
    posted = json.loads(body)
    assert (posted["id"], posted["event"]) == (keys.pop(), "promise.made")
    assert datetime.fromisoformat(posted["promise"]["due_at"]) == DUE
    assert posted["handoff"]["topic"] == "damaged_or_wrong_item"


def test_a_signature_is_over_time_and_body() -> None:
    good = signature(b"{}", secret="k", timestamp=1)
    assert (
        len({good, signature(b"{ }", secret="k", timestamp=1), signature(b"{}", secret="k", timestamp=2)})
        == 3
    )
    assert good != signature(b"{}", secret="other", timestamp=1)


def test_receivers_that_are_not_there() -> None:
    clock = Clock()
    with pytest.raises(TargetFailed, match="did not answer"):
        WebhookTarget(url="http://127.0.0.1:1/", secret="k", clock=clock).send(notice())


def test_a_mail_server_that_is_not_there(team: Team) -> None:
    with pytest.raises(TargetFailed, match="did not take"):
        mail_target("smtp://127.0.0.1:1", team).send(notice())


@pytest.mark.parametrize(
    ("url", "secret", "message"),
    [("ftp://x", "k", "NIGHTDESK_WEBHOOK_URL"), ("http://x", "", "NIGHTDESK_WEBHOOK_SECRET")],
)
def test_a_webhook_that_cannot_be(url: str, secret: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WebhookTarget(url=url, secret=secret, clock=Clock())


@pytest.mark.parametrize("url", ["http://mail.example", "mail.example:25", "smtp://"])
def test_a_mail_server_that_cannot_be(team: Team, url: str) -> None:
    with pytest.raises(ValueError, match="NIGHTDESK_SMTP_URL"):
        mail_target(url, team)
