"""The statements of every turn, built once: building them costs more than running them.

Parameters: cid (conversation id), at_seq (sequence number), and what each one names.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversations.model import Kind, Sender
from bot.conversations.tables import conversation as conversations
from bot.conversations.tables import message as messages
from bot.database import UtcDateTime

ACCEPTED, CLAIMED, DONE = "accepted", "claimed", "done"

_cid, _seq = sa.bindparam("cid"), sa.bindparam("at_seq")
_this = conversations.c.id == _cid
_within = messages.c.conversation == _cid

GET = sa.select(conversations).where(_this)
GET_LOCKED = GET.with_for_update()
BY_TOKEN = sa.select(conversations).where(conversations.c.token_hash == sa.bindparam("hash"))
LOCK = sa.select(conversations.c.id).where(_this).with_for_update()
LAST_SEQ = sa.select(conversations.c.last_seq).where(_this)
TAKE_SEQS = (
    conversations.update()
    .where(_this)
    .values(last_seq=conversations.c.last_seq + sa.bindparam("count"), updated_at=sa.bindparam("now"))
)
SAVE_MEMORY = conversations.update().where(_this).values(memory=sa.bindparam("new"))
OF_CLIENT = sa.select(messages.c.seq, messages.c.sender).where(
    _within, messages.c.client_id == sa.bindparam("client")
)
SAID_SINCE = (
    sa.select(sa.func.count())
    .select_from(messages)
    .where(
        _within,
        messages.c.sender == Sender.CUSTOMER.value,
        messages.c.at > sa.bindparam("since", type_=UtcDateTime),
    )
)
STARTED_SINCE = (
    sa.select(sa.func.count())
    .select_from(conversations)
    .where(
        conversations.c.address == sa.bindparam("from_address"),
        conversations.c.created_at > sa.bindparam("since", type_=UtcDateTime),
    )
)
OLDEST_UNANSWERED = (
    sa.select(messages)
    .where(_within, messages.c.state.in_([ACCEPTED, CLAIMED]))
    .order_by(messages.c.seq)
    .limit(1)
)
CLAIM = (
    messages.update()
    .where(
        _within,
        messages.c.seq == _seq,
        messages.c.state == sa.bindparam("old_state"),
        messages.c.tries == sa.bindparam("old_tries"),
    )
    .values(state=CLAIMED, claimed_until=sa.bindparam("until"), tries=messages.c.tries + 1)
)
FINISH = (
    messages.update()
    .where(_within, messages.c.seq == _seq, messages.c.state.in_([ACCEPTED, CLAIMED]))
    .values(state=DONE, claimed_until=None, understood=sa.bindparam("what"), language=sa.bindparam("tongue"))
)
AFTER = (
    sa.select(messages)
    .where(_within, messages.c.seq > _seq)
    .order_by(messages.c.seq)
    .limit(sa.bindparam("most"))
)
AFTER_PUBLIC = (
    sa.select(messages)
    .where(_within, messages.c.seq > _seq, messages.c.kind != Kind.NOTE.value)
    .order_by(messages.c.seq)
    .limit(sa.bindparam("most"))
)
ONE = sa.select(messages).where(_within, messages.c.seq == _seq)
UNANSWERED = (
    sa.select(messages.c.conversation)
    .where(
        sa.or_(
            messages.c.state == ACCEPTED,
            sa.and_(messages.c.state == CLAIMED, messages.c.claimed_until <= sa.bindparam("now")),
        )
    )
    .group_by(messages.c.conversation)
    .order_by(sa.func.min(messages.c.at))
)
RELEASE = messages.update().where(messages.c.state == CLAIMED).values(state=ACCEPTED, claimed_until=None)
