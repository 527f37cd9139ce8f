"""Agents sign in with a password, a session ends, and the door tells nobody who exists."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Iterator

import pytest
from argon2 import PasswordHasher

from bot.database import Database
from bot.desk import agents as room
from bot.desk.agents import Agents, NotSignedIn, TooManyTries, WrongPassword, csrf_token
from bot.desk.agents_tables import agent, agent_session, sign_in_try
from tests import needs

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=timezone.utc)
PASSWORD = "correct horse"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'n.sqlite'}" if request.param == "sqlite" else needs.postgres()
    opened = Database(url)
    tables = [agent, agent_session, sign_in_try]
    opened.migrate()
    yield opened
    with opened.begin() as tx:
        for table in reversed(tables):
            tx.execute(table.delete())
    opened.close()


@pytest.fixture
def agents(database: Database) -> Agents:
    made = Agents(database, session_hours=12, hasher=QUICK)
    made.save(login="wen", name="Wen", password=PASSWORD, now=NOW)
    return made


def sign_in(agents: Agents, login: str = "wen", password: str = PASSWORD, *, at: datetime = NOW) -> str:
    return agents.sign_in(login=login, password=password, address="here", now=at).token


def test_a_session_opens_and_ends(agents: Agents) -> None:
    token = sign_in(agents)
    assert agents.session(token, now=NOW).name == "Wen"
    assert agents.session(token, now=NOW + timedelta(hours=11, minutes=59)).login == "wen"
    with pytest.raises(NotSignedIn):
        agents.session(token, now=NOW + timedelta(hours=12))
    agents.sign_out(token)
    with pytest.raises(NotSignedIn):
        agents.session(token, now=NOW)


@pytest.mark.parametrize("typed", ["WEN", " wen ", "ｗｅｎ"])
def test_a_login_is_found_however_it_is_typed(agents: Agents, typed: str) -> None:
    assert agents.session(sign_in(agents, typed), now=NOW).login == "wen"


def test_nothing_secret_is_stored(agents: Agents, database: Database) -> None:
    token = sign_in(agents)
    with pytest.raises(WrongPassword):
        sign_in(agents, "my password by mistake", "x")
    with database.read() as tx:
        rows = [
            str(tuple(row))
            for table in (agent, agent_session, sign_in_try)
            for row in tx.execute(table.select())
        ]
    assert len(rows) == 3
    for secret in (token, csrf_token(token), PASSWORD, "mistake"):
        assert not any(secret in row for row in rows)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("wen", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("wen", "x" * 100_000),
        ("we\0n", "\0"),
        ("\ud800", "\udfff" * 12),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_wrong_is_wrong_whatever_was_wrong(agents: Agents, login: str, password: str) -> None:
    with pytest.raises(WrongPassword):
        sign_in(agents, login, password)


def test_an_unknown_login_costs_a_hash_like_a_known_one(database: Database) -> None:
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, hash: object, password: object) -> bool:  # type: ignore[override]
            Counting.verified += 1
            return super().verify(hash, password)  # type: ignore[arg-type]

    agents = Agents(database, session_hours=1, hasher=Counting(time_cost=1, memory_cost=8, parallelism=1))
    agents.save(login="wen", name="Wen", password=PASSWORD, now=NOW)
    for login in ("wen", "nobody", "\0"):
        before = Counting.verified
        with pytest.raises(WrongPassword):
            sign_in(agents, login, "wrong")
        assert Counting.verified == before + 1


@pytest.mark.parametrize("login", ["wen", "nobody"])
def test_tries_are_limited_and_forgotten_after_a_while(agents: Agents, login: str) -> None:
    for _ in range(room.MOST_TRIES[0]):
        with pytest.raises(WrongPassword):
            sign_in(agents, login, "wrong")
    with pytest.raises(TooManyTries) as refused:
        sign_in(agents, login)
    assert refused.value.retry_after > 0
    other = agents.sign_in(login="wen", password=PASSWORD, address="elsewhere", now=NOW)
    assert other.agent.login == "wen"
    assert sign_in(agents, at=NOW + room.TRY_WINDOW + timedelta(seconds=1))


def test_the_right_password_clears_the_count(agents: Agents) -> None:
    for _ in range(3):
        for _ in range(room.MOST_TRIES[0] - 1):
            with pytest.raises(WrongPassword):
                sign_in(agents, "wen", "wrong")
        sign_in(agents)


def test_an_address_that_tries_many_names_is_held_up(agents: Agents) -> None:
    for i in range(room.MOST_TRIES[2]):
        with pytest.raises(WrongPassword):
            sign_in(agents, f"name{i}", "wrong")
    with pytest.raises(TooManyTries):
        sign_in(agents)


def test_many_tries_at_once_do_not_pass_below_the_limit(agents: Agents) -> None:
    start, outcomes = threading.Barrier(12), []

    def one(_: int) -> None:
        start.wait(10)
        try:
            sign_in(agents, "wen", "wrong")
        except (WrongPassword, TooManyTries) as e:
            outcomes.append(type(e))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one, range(12)))
    assert outcomes.count(WrongPassword) == room.MOST_TRIES[0]
    assert len(outcomes) == 12


def test_a_new_password_ends_the_sessions(agents: Agents) -> None:
    token = sign_in(agents)
    assert agents.save(login="wen", name="Wen Li", password="another horse", now=NOW) is False
    with pytest.raises(NotSignedIn):
        agents.session(token, now=NOW)
    with pytest.raises(WrongPassword):
        sign_in(agents)
    assert agents.session(sign_in(agents, password="another horse"), now=NOW).name == "Wen Li"


@pytest.mark.parametrize(
    ("login", "name", "password", "word"),
    [
        ("w", "Wen", PASSWORD, "login"),
        ("a b", "Wen", PASSWORD, "login"),
        ("wen", " ", PASSWORD, "name"),
        ("wen", "We\nn", PASSWORD, "name"),
        ("wen", "Wen", "short", "password"),
        ("wen", "Wen", "x" * 257, "password"),
        ("wen.li.of.team", "Wen", "Wen.Li.Of.Team", "password"),
    ],
)
def test_what_nobody_can_use_is_refused(
    agents: Agents, login: str, name: str, password: str, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        agents.save(login=login, name=name, password=password, now=NOW)


def test_the_demo_agent_gets_in_only_where_demo_is_on(database: Database) -> None:
    demo = Agents(database, session_hours=1, demo=True, hasher=QUICK)
    login, password = demo.demo_login(now=NOW)
    token = sign_in(demo, login, password)
    assert demo.session(token, now=NOW).demo
    assert demo.demo_login(now=NOW)[1] != password
    login, password = demo.demo_login(now=NOW)
    token = sign_in(demo, login, password)

    real = Agents(database, session_hours=1, hasher=QUICK)  # the same database, served to the world
    with pytest.raises(RuntimeError, match="admin"):
        real.demo_login(now=NOW)
    with pytest.raises(WrongPassword):
        sign_in(real, login, password)
    with pytest.raises(NotSignedIn):
        real.session(token, now=NOW)


def test_a_stronger_hash_is_taken_at_the_next_sign_in(agents: Agents, database: Database) -> None:
    stronger = Agents(
        database, session_hours=1, hasher=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    )
    sign_in(stronger)
    with database.read() as tx:
        stored = tx.execute(agent.select()).mappings().one()["password"]
    assert "m=16,t=2" in stored
    assert stronger.session(sign_in(stronger), now=NOW)


def test_names_are_found_by_id(agents: Agents) -> None:
    found = agents.session(sign_in(agents), now=NOW)
    assert agents.name_of(found.id) == "Wen"
    assert agents.name_of(None) is None
    assert agents.name_of("nobody") is None
