"""A shop's night, told straight into the stores: what the team finds in the morning."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Mapping, Optional

from argon2 import PasswordHasher

from bot.answer import Fact, HandoffRequest
from bot.conversations.model import Draft, Kind, Sender
from bot.conversations.store import ConversationStore, Opening
from bot.database import Database
from bot.desk.agents import Agent, Agents
from bot.desk.handoffs import Handoffs
from bot.desk.teams import find_team
from bot.guard import Guard
from bot.http.bell import Bell
from bot.phrasebook import Phrasebook
from bot.settings import ROOT, Settings
from bot.web.checking import ReplyCheck
from bot.web.ports import TeamDoor
from bot.web.team import team

# Tuesday morning in Shanghai is Monday evening in Berlin.
NIGHT = datetime(2026, 11, 23, 21, 29, tzinfo=timezone.utc)
MORNING = datetime(2026, 11, 24, 2, 22, tzinfo=timezone.utc)
PASSWORD = "correct horse"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@lru_cache(maxsize=1)
def words() -> tuple[Phrasebook, Guard]:
    """The shop's real words, read once: they never change."""
    book = Phrasebook.load(ROOT / "data" / "replies")
    return book, Guard.load(ROOT / "data" / "guard", words=book.words)


@lru_cache(maxsize=1)
def empty_database() -> bytes:
    """A migrated database without a row in it, as a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return path.read_bytes()


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """Everything behind the team's door, real but for the clock."""

    folder: Path
    settings: Settings = field(init=False)
    clock: Clock = field(default_factory=Clock)
    bell: Bell = field(default_factory=Bell)

    def __post_init__(self) -> None:
        self.settings = Settings(var=self.folder, heartbeat_seconds=0.5)
        (self.folder / "nightdesk.sqlite").write_bytes(empty_database())
        self.database = Database(self.settings.url)
        self.store = ConversationStore(self.database)
        care = find_team("default", ROOT / "data" / "teams")
        self.handoffs = Handoffs(store=self.store, team_of=lambda shop: care, pages_per_address=100)
        self.agents = Agents(self.database, session_hours=12, hasher=QUICK)
        self.book, guard = words()
        self.door = TeamDoor(
            handoffs=self.handoffs,
            agents=self.agents,
            labels=lambda language: {**self.book.ui("team", language), **self.book.ui("term", language)},
            languages=self.book.languages,
            settings=self.settings,
            clock=self.clock,
            bell=self.bell,
            address_key=b"key",
            check=ReplyCheck(guard),
        )
        for login, name in (("wen", "Wen"), ("jia", "Jia")):
            self.agents.save(login=login, name=name, password=PASSWORD, now=MORNING)

    def routes(self) -> Any:
        return team(self.door)

    def agent(self, login: str = "wen") -> Agent:
        return self.agents.sign_in(login=login, password=PASSWORD, address="test", now=self.clock()).agent

    # -- a customer's evening ----------------------------------------------------------

    def visitor(
        self,
        *,
        language: str = "de",
        zone: str = "Europe/Berlin",
        country: Optional[str] = "DE",
        at: datetime = NIGHT,
        welcome: str = "Guten Abend.",
        **opening: Any,
    ) -> str:
        """Open a conversation; returns its id."""
        conversation = self.store.start(
            Opening(
                shop="demo",
                locale=language,
                language=language,
                timezone=zone,
                country=country,
                address="",
                **opening,
            ),
            token=f"token-{zone}-{at.isoformat()}-{language}",
            token_hours=24,
            welcome=[Draft(Sender.BOT, Kind.TEXT, welcome, language=language, reply_key="social.welcome")],
            now=at,
        )
        return conversation.id

    def says(
        self, cid: str, text: str, *, at: datetime = NIGHT, understood: Optional[Mapping[str, Any]] = None
    ) -> int:
        """The customer writes; what was understood is kept with it."""
        language = self.store.get(cid).language
        accepted = self.store.accept(
            cid, client_id=f"client-{at.timestamp()}", kind=Kind.TEXT, text=text, now=at
        )
        with self.database.begin() as tx:
            self.store.finish(tx, cid, accepted.seq, understood=understood, language=language)
        self.bell.ring(cid)
        return accepted.seq

    def handed_over(
        self,
        cid: str,
        text: str,
        *,
        topic: str,
        priority: str = "normal",
        at: datetime = NIGHT,
        words: str = "",
        answers: Optional[int] = None,
        facts: tuple[Fact, ...] = (),
        **packet: Any,
    ) -> None:
        """The bot hands over, in a sentence that ends with the promised time (`{due}`)."""
        conversation = self.store.get(cid)
        with self.database.begin() as tx:
            opened = self.handoffs.open(
                tx,
                conversation,
                HandoffRequest(reason="topic", priority=priority, topic=topic),
                now=at,
                packet={"words": words, "intent": topic, **packet},
            )
            said = self.book.words[conversation.language].word(
                opened.facts[0], zone=conversation.timezone, now=at
            )
            sentence = text.replace("{due}", said)
            draft = Draft(
                Sender.BOT,
                Kind.TEXT,
                sentence,
                language=conversation.language,
                reply_key=f"handoff.{topic}",
                facts=tuple(f.to_json() for f in (*facts, *opened.facts)),
                promise={"id": opened.promise.id, "due_at": opened.promise.due_at.isoformat()},
                answers=answers,
            )
            self.store.append(tx, cid, [draft], now=at)
            self.handoffs.shown(
                tx,
                opened.promise.id,
                text=sentence,
                language=conversation.language,
                timezone=conversation.timezone,
            )
        self.bell.ring(cid)

    def damaged_lamp(self) -> str:
        """The story of the pictures: a German customer, a broken lamp, a promise."""
        cid = self.visitor(product="OTTO-LAMP-CLAY", page="https://shop.example/p/otto-lamp")
        words = "Die Lampe ist heute angekommen, aber der Schirm ist gesprungen. Ich bin ziemlich enttäuscht."
        understood = {
            "intent": "damaged_or_wrong_item",
            "confidence": 0.93,
            "abstained": False,
            "ranking": [
                {"intent": "damaged_or_wrong_item", "confidence": 0.93},
                {"intent": "return_request", "confidence": 0.04},
            ],
            "entities": [{"entity": "product", "text": "Lampe", "value": "lamp", "start": 4, "end": 9}],
            "emotion": "worried",
            "urgency": "high",
        }
        seq = self.says(cid, words, understood=understood)
        order = Fact("order", "PW-20391", source="shop orders", as_of=NIGHT)
        self.handed_over(
            cid,
            "Das tut mir leid. Ich habe es mit Bestellung PW-20391 an das Team gegeben. "
            "Sie haben eine Antwort bis {due}.",
            topic="damaged_or_wrong_item",
            priority="high",
            at=NIGHT + timedelta(minutes=2),
            words=words,
            answers=seq,
            facts=(order,),
            emotion="worried",
            urgency="high",
            entities=understood["entities"],
        )
        return cid
