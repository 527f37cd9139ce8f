"""The transcript keeps what it accepted: once, in order, on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.conversations.model import (
    Conversation,
    Draft,
    Kind,
    Owner,
    OwnerChanged,
    Sender,
    UnknownConversation,
)
from bot.conversations.store import ConversationStore, Opening
from tests.conversations.fakes import NOW

LEASE = timedelta(seconds=8)


@pytest.fixture
def conversation(store: ConversationStore) -> Conversation:
    return started(store)


def started(store: ConversationStore, *, token: str = "secret") -> Conversation:
    opening = Opening(shop="demo", locale="de-DE", language="de", timezone="Europe/Berlin", address="here")
    return store.start(
        opening, token=token, token_hours=1, welcome=[Draft(Sender.BOT, Kind.TEXT, "Hallo")], now=NOW
    )


def said(store: ConversationStore, conversation: Conversation, text: str, *, client_id: str = "") -> int:
    return store.accept(
        conversation.id, client_id=client_id or f"id-{text}", kind=Kind.TEXT, text=text, now=NOW
    ).seq


def test_first_message_is_the_welcome(store: ConversationStore, conversation: Conversation) -> None:
    assert [(m.seq, m.text) for m in store.messages(conversation.id)] == [(1, "Hallo")]


def test_a_case_that_was_opened_meanwhile_is_not_deleted(
    store: ConversationStore, conversation: Conversation
) -> None:
    with store.database.begin() as tx:
        store.change_owner(tx, conversation.id, expect=[Owner.BOT], to=Owner.WAITING, now=NOW)
    with pytest.raises(OwnerChanged):
        store.delete(conversation.id, expect=[Owner.BOT, Owner.CLOSED])
    store.delete(conversation.id, expect=[Owner.WAITING])
    with pytest.raises(UnknownConversation):
        store.delete(conversation.id)


def test_same_client_id_fifty_times_at_once_is_one_message(
    store: ConversationStore, conversation: Conversation
) -> None:
    with ThreadPoolExecutor(50) as pool:
        accepted = list(
            pool.map(
                lambda _: store.accept(
                    conversation.id, client_id="same-one", kind=Kind.TEXT, text="hi", now=NOW
                ),
                range(50),
            )
        )
    assert {a.seq for a in accepted} == {2}
    assert sum(not a.repeated for a in accepted) == 1


def test_messages_of_many_threads_get_gapless_places(
    store: ConversationStore, conversation: Conversation
) -> None:
    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(lambda i: said(store, conversation, f"m{i}"), range(24)))
    assert sorted(seqs) == list(range(2, 26))


@pytest.mark.parametrize(
    "text",
    [
        "a\0b",
        "\ud800 alone",
        "👩‍👩‍👧 ‮abc",
        "<script>alert(1)</script>",
        "/greet{}",
        "x" * 20_000,
        "'; DROP TABLE message;--",
    ],
)
def test_any_text_survives_as_written(
    store: ConversationStore, conversation: Conversation, text: str
) -> None:
    seq = said(store, conversation, text, client_id="id-any-text")
    message = store.message(conversation.id, seq)
    assert message is not None
    assert message.text == text


def test_a_claim_is_exclusive_until_its_lease_ends(
    store: ConversationStore, conversation: Conversation
) -> None:
    said(store, conversation, "hi")
    first = store.claim_next(conversation.id, now=NOW, lease=LEASE)
    assert first is not None
    assert first.tries == 1
    assert store.claim_next(conversation.id, now=NOW, lease=LEASE) is None
    again = store.claim_next(conversation.id, now=NOW + LEASE, lease=LEASE)
    assert again is not None
    assert again.tries == 2


def test_two_claimants_at_once_get_one_claim(store: ConversationStore, conversation: Conversation) -> None:
    said(store, conversation, "hi")
    barrier = threading.Barrier(8)

    def claim(_: int) -> bool:
        barrier.wait()
        return store.claim_next(conversation.id, now=NOW, lease=LEASE) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1


def test_the_second_message_waits_for_the_first(store: ConversationStore, conversation: Conversation) -> None:
    said(store, conversation, "one")
    said(store, conversation, "two")
    claim = store.claim_next(conversation.id, now=NOW, lease=LEASE)
    assert claim is not None
    assert claim.message.text == "one"
    assert store.claim_next(conversation.id, now=NOW, lease=LEASE) is None
    with store.database.begin() as tx:
        assert store.finish(tx, conversation.id, claim.message.seq, understood=None, language="de")
    claim = store.claim_next(conversation.id, now=NOW, lease=LEASE)
    assert claim is not None
    assert claim.message.text == "two"


def test_a_message_is_finished_once(store: ConversationStore, conversation: Conversation) -> None:
    seq = said(store, conversation, "hi")
    with store.database.begin() as tx:
        assert store.finish(tx, conversation.id, seq, understood=None, language="de")
        assert not store.finish(tx, conversation.id, seq, understood=None, language="de")


def test_unanswered_lists_what_nobody_is_at(store: ConversationStore, conversation: Conversation) -> None:
    assert store.unanswered(now=NOW) == []
    said(store, conversation, "hi")
    assert store.unanswered(now=NOW) == [conversation.id]
    store.claim_next(conversation.id, now=NOW, lease=LEASE)
    assert store.unanswered(now=NOW) == []
    assert store.unanswered(now=NOW + LEASE) == [conversation.id]
    store.release_claims()
    assert store.unanswered(now=NOW) == [conversation.id]


def test_an_error_undoes_the_whole_transaction(store: ConversationStore, conversation: Conversation) -> None:
    def fail() -> None:
        with store.database.begin() as tx:
            store.append(tx, conversation.id, [Draft(Sender.BOT, Kind.TEXT, "never")], now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [m.text for m in store.messages(conversation.id)] == ["Hallo"]
    assert store.get(conversation.id).last_seq == 1


def test_the_pen_changes_hands_by_compare_and_set(
    store: ConversationStore, conversation: Conversation
) -> None:
    with store.database.begin() as tx:
        store.change_owner(tx, conversation.id, expect=[Owner.BOT], to=Owner.TEAM, agent="wen", now=NOW)
    assert store.get(conversation.id).owner is Owner.TEAM
    with pytest.raises(OwnerChanged), store.database.begin() as tx:
        store.change_owner(tx, conversation.id, expect=[Owner.BOT], to=Owner.WAITING, now=NOW)


@pytest.mark.parametrize(
    ("token", "later", "opens"),
    [("secret", 0, True), ("secret", 59, True), ("secret", 60, False), ("wrong", 0, False), ("", 0, False)],
)
def test_a_token_opens_its_conversation_until_it_expires(
    store: ConversationStore, conversation: Conversation, token: str, later: int, opens: bool
) -> None:
    now = NOW + timedelta(minutes=later)
    if opens:
        assert store.by_token(conversation.id, token, now=now).id == conversation.id
    else:
        with pytest.raises(UnknownConversation):
            store.by_token(conversation.id, token, now=now)


def test_a_token_opens_no_other_conversation(store: ConversationStore, conversation: Conversation) -> None:
    other = started(store, token="another")
    with pytest.raises(UnknownConversation):
        store.by_token(conversation.id, "another", now=NOW)
    assert store.by_token(other.id, "another", now=NOW).id == other.id


def test_notes_are_for_the_team_only(store: ConversationStore, conversation: Conversation) -> None:
    with store.database.begin() as tx:
        store.append(tx, conversation.id, [Draft(Sender.AGENT, Kind.NOTE, "rude?")], now=NOW)
    assert [m.text for m in store.messages(conversation.id)] == ["Hallo"]
    assert [m.text for m in store.messages(conversation.id, notes=True)] == ["Hallo", "rude?"]


def test_deleting_takes_every_message(store: ConversationStore, conversation: Conversation) -> None:
    said(store, conversation, "hi")
    store.delete(conversation.id)
    with pytest.raises(UnknownConversation):
        store.get(conversation.id)
    assert store.messages(conversation.id) == []
