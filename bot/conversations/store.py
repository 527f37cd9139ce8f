"""The transcript in SQL: accept, claim, append, read. It decides nothing."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Iterable, Mapping, Optional, Sequence

from sqlalchemy.engine import Connection

from bot.conversations import statements as sql
from bot.conversations.model import (
    ClientIdTaken,
    Conversation,
    Draft,
    Kind,
    Message,
    Owner,
    OwnerChanged,
    Sender,
    UnknownConversation,
)
from bot.conversations.rows import EMPTY, conversation_of, draft_row, message_of
from bot.conversations.statements import ACCEPTED, CLAIMED
from bot.conversations.tables import conversation as conversations
from bot.conversations.tables import message as messages
from bot.database import Database


@dataclass(frozen=True)
class Opening:
    """What a page tells about a visitor when a conversation starts."""

    shop: str
    locale: str
    language: str
    timezone: str
    country: Optional[str] = None
    page: Optional[str] = None
    product: Optional[str] = None
    order: Optional[str] = None
    customer: Optional[str] = None
    address: str = ""
    language_chosen: bool = False


@dataclass(frozen=True)
class Accepted:
    """Where an accepted message stands; `repeated` when this client id was here before."""

    seq: int
    repeated: bool


@dataclass(frozen=True)
class Claim:
    """A customer message that is ours to answer until the lease ends; `tries` counts claims."""

    message: Message
    tries: int


def new_token() -> str:
    """A secret that lets one page into one conversation."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class ConversationStore:
    """Reads and writes conversations and their messages.

    Methods that take `tx` work inside the caller's transaction; the others open their own.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- conversations ---------------------------------------------------------------

    def start(
        self, opening: Opening, *, token: str, token_hours: int, welcome: Sequence[Draft], now: datetime
    ) -> Conversation:
        """Open a conversation with its first messages."""
        conversation_id = uuid.uuid4().hex
        with self.database.begin() as tx:
            tx.execute(
                conversations.insert().values(
                    id=conversation_id,
                    token_hash=token_hash(token),
                    token_expires_at=now + timedelta(hours=token_hours),
                    shop=opening.shop,
                    locale=opening.locale,
                    language=opening.language,
                    language_chosen=opening.language_chosen,
                    timezone=opening.timezone,
                    country=opening.country,
                    page=opening.page,
                    product=opening.product,
                    order_number=opening.order,
                    customer=opening.customer,
                    address=opening.address,
                    owner=Owner.BOT.value,
                    agent=None,
                    version=0,
                    last_seq=0,
                    memory={},
                    created_at=now,
                    updated_at=now,
                )
            )
            self.append(tx, conversation_id, welcome, now=now)
            return self.get_in(tx, conversation_id)

    def get(self, conversation_id: str) -> Conversation:
        """The conversation; UnknownConversation when there is none."""
        with self.database.read() as tx:
            return self.get_in(tx, conversation_id)

    def get_in(self, tx: Connection, conversation_id: str, *, lock: bool = False) -> Conversation:
        """The conversation, read in this transaction; `lock` keeps other writers out until its end."""
        statement = sql.GET_LOCKED if lock else sql.GET
        row = tx.execute(statement, {"cid": conversation_id}).mappings().first()
        if row is None:
            raise UnknownConversation(f"No conversation {conversation_id!r}.")
        return conversation_of(row)

    def by_token(self, conversation_id: str, token: str, *, now: datetime) -> Conversation:
        """The conversation that this token opens; UnknownConversation for a wrong or expired one."""
        with self.database.read() as tx:
            row = tx.execute(sql.BY_TOKEN, {"hash": token_hash(token)}).mappings().first()
        if row is None or row["id"] != conversation_id or row["token_expires_at"] <= now:
            raise UnknownConversation("This token opens no such conversation.")
        return conversation_of(row)

    def started_since(self, address: str, since: datetime) -> int:
        """How many conversations this address has started since then."""
        with self.database.read() as tx:
            count = tx.execute(sql.STARTED_SINCE, {"from_address": address, "since": since}).scalar_one()
        return int(count)

    def said_since(self, conversation_id: str, since: datetime) -> int:
        """How many messages the customer has sent since then."""
        with self.database.read() as tx:
            return int(tx.execute(sql.SAID_SINCE, {"cid": conversation_id, "since": since}).scalar_one())

    def change_owner(
        self,
        tx: Connection,
        conversation_id: str,
        *,
        expect: Iterable[Owner],
        to: Owner,
        agent: Optional[str] = None,
        now: datetime,
    ) -> None:
        """Hand the pen over by compare-and-set; OwnerChanged when somebody else was first."""
        changed = tx.execute(
            conversations.update()
            .where(
                conversations.c.id == conversation_id,
                conversations.c.owner.in_([o.value for o in expect]),
            )
            .values(
                owner=to.value,
                agent=agent,
                version=conversations.c.version + 1,
                updated_at=now,
            )
        )
        if changed.rowcount != 1:
            raise OwnerChanged(f"Conversation {conversation_id} has another owner by now.")

    def set_language(self, tx: Connection, conversation_id: str, language: str, *, chosen: bool) -> None:
        """Speak this language from now on; `chosen` when the customer asked for it."""
        values: dict[str, Any] = {"language": language}
        if chosen:
            values["language_chosen"] = True
        tx.execute(conversations.update().where(conversations.c.id == conversation_id).values(**values))

    def save_memory(self, tx: Connection, conversation_id: str, memory: Mapping[str, Any]) -> None:
        """Keep the bot's working memory of this conversation."""
        tx.execute(sql.SAVE_MEMORY, {"cid": conversation_id, "new": dict(memory)})

    def delete(self, conversation_id: str, *, expect: Iterable[Owner] = tuple(Owner)) -> None:
        """Delete a conversation with everything that was said in it.

        OwnerChanged when the pen is with none of those expected; UnknownConversation.
        """
        with self.database.begin() as tx:
            owner = self.get_in(tx, conversation_id, lock=True).owner
            if owner not in tuple(expect):
                raise OwnerChanged(f"Conversation {conversation_id} is with {owner.value} by now.")
            tx.execute(messages.delete().where(messages.c.conversation == conversation_id))
            tx.execute(conversations.delete().where(conversations.c.id == conversation_id))

    # -- messages --------------------------------------------------------------------

    def accept(
        self,
        conversation_id: str,
        *,
        client_id: str,
        kind: Kind,
        text: str,
        payload: Optional[Mapping[str, Any]] = None,
        now: datetime,
    ) -> Accepted:
        """Keep a customer's message before anybody thinks about it.

        The same client id gives the same place, however often and at once it arrives;
        ClientIdTaken when it belongs to a message of the team.
        """
        with self.database.begin() as tx:
            self._lock(tx, conversation_id)
            known = self.of_client(tx, conversation_id, client_id, sender=Sender.CUSTOMER)
            if known is not None:
                return Accepted(seq=known, repeated=True)
            seq = self._take_seqs(tx, conversation_id, 1, now=now)
            tx.execute(
                messages.insert().values(
                    conversation=conversation_id,
                    seq=seq,
                    client_id=client_id,
                    at=now,
                    sender=Sender.CUSTOMER.value,
                    kind=kind.value,
                    text=text,
                    language="",
                    payload=payload,
                    state=ACCEPTED,
                    tries=0,
                )
            )
            return Accepted(seq=seq, repeated=False)

    def of_client(
        self, tx: Connection, conversation_id: str, client_id: str, *, sender: Sender
    ) -> Optional[int]:
        """Where this sender's message with this client id stands, or none; ClientIdTaken."""
        row = tx.execute(sql.OF_CLIENT, {"cid": conversation_id, "client": client_id}).first()
        if row is None:
            return None
        if row.sender != sender.value:
            raise ClientIdTaken(f"The client id {client_id!r} belongs to another message; use a new one.")
        return int(row.seq)

    def append(
        self, tx: Connection, conversation_id: str, drafts: Sequence[Draft], *, now: datetime
    ) -> list[Message]:
        """Write messages of the bot, the team or the system to the end of the transcript."""
        if not drafts:
            return []
        first = self._take_seqs(tx, conversation_id, len(drafts), now=now)
        rows = [draft_row(conversation_id, first + i, draft, now) for i, draft in enumerate(drafts)]
        tx.execute(messages.insert(), rows)
        return [message_of({**EMPTY, **row}) for row in rows]

    def messages(
        self, conversation_id: str, *, after: int = 0, notes: bool = False, limit: int = 500
    ) -> list[Message]:
        """The messages after a sequence number, in order; the team's notes only when asked for."""
        values = {"cid": conversation_id, "at_seq": after, "most": limit}
        with self.database.read() as tx:
            rows = tx.execute(sql.AFTER if notes else sql.AFTER_PUBLIC, values).mappings()
            return [message_of(row) for row in rows]

    def message(self, conversation_id: str, seq: int) -> Optional[Message]:
        """One message, or none."""
        with self.database.read() as tx:
            row = tx.execute(sql.ONE, {"cid": conversation_id, "at_seq": seq}).mappings().first()
        return message_of(row) if row else None

    # -- turns -----------------------------------------------------------------------

    def claim_next(self, conversation_id: str, *, now: datetime, lease: timedelta) -> Optional[Claim]:
        """Take the oldest unanswered message of a conversation, unless somebody is at it."""
        with self.database.begin() as tx:
            row = tx.execute(sql.OLDEST_UNANSWERED, {"cid": conversation_id}).mappings().first()
            if row is None or (row["state"] == CLAIMED and row["claimed_until"] > now):
                return None
            values = {
                "cid": conversation_id,
                "at_seq": row["seq"],
                "old_state": row["state"],
                "old_tries": row["tries"],
                "until": now + lease,
            }
            if tx.execute(sql.CLAIM, values).rowcount != 1:
                return None
            return Claim(message=message_of(row), tries=row["tries"] + 1)

    def finish(
        self,
        tx: Connection,
        conversation_id: str,
        seq: int,
        *,
        understood: Optional[Mapping[str, Any]],
        language: str,
    ) -> bool:
        """Mark a customer message as answered; False when another turn has done so already."""
        values = {"cid": conversation_id, "at_seq": seq, "what": understood, "tongue": language}
        return bool(tx.execute(sql.FINISH, values).rowcount == 1)

    def unanswered(self, *, now: datetime) -> list[str]:
        """Conversations with a message that nobody is thinking about."""
        with self.database.read() as tx:
            return [str(row[0]) for row in tx.execute(sql.UNANSWERED, {"now": now})]

    def release_claims(self) -> None:
        """Give back every claim: for the start of the only process on this database."""
        with self.database.begin() as tx:
            tx.execute(sql.RELEASE)

    # -- inside ----------------------------------------------------------------------

    def _lock(self, tx: Connection, conversation_id: str) -> None:
        if tx.execute(sql.LOCK, {"cid": conversation_id}).first() is None:
            raise UnknownConversation(f"No conversation {conversation_id!r}.")

    def _take_seqs(self, tx: Connection, conversation_id: str, count: int, *, now: datetime) -> int:
        """Reserve sequence numbers; the row's lock keeps them in order. Returns the first."""
        values = {"cid": conversation_id, "count": count, "now": now}
        if tx.execute(sql.TAKE_SEQS, values).rowcount != 1:
            raise UnknownConversation(f"No conversation {conversation_id!r}.")
        last = tx.execute(sql.LAST_SEQ, {"cid": conversation_id}).scalar_one()
        return int(last) - count + 1
