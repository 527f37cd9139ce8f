"""The same message many times at once is one turn; quick messages are answered in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.serving.server import Customer, Server, wait_for

pytestmark = pytest.mark.slow


def test_the_same_message_fifty_times_at_once_is_one_turn(server: Server) -> None:
    customer = Customer(server.url)
    with ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(lambda _: customer.post("when are you open?", client_id="same-one"), range(50))
        )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["seq"] for answer in answers}) == 1
    customer.replies(after=answers[0].json()["seq"])
    marker = customer.ask("how can I pay?")
    rows = customer.messages()
    assert [m["text"] for m in rows if m["from"] == "customer"] == ["when are you open?", "how can I pay?"]
    assert len([m for m in rows if m["from"] == "assistant"]) == 2 + len(marker)


def test_five_quick_messages_are_answered_in_order(server: Server) -> None:
    customer = Customer(server.url)
    texts = ["hello", "when are you open?", "how can I pay?", "do you ship to Spain?", "thank you"]
    seqs = [customer.post(text).json()["seq"] for text in texts]

    def answered() -> bool:
        return len([m for m in customer.messages(after=seqs[0]) if m["from"] == "assistant"]) >= len(texts)

    wait_for(answered, what="five replies")
    with server.transcript() as tx:
        rows = tx.execute(
            "SELECT answers FROM message WHERE conversation = ? AND sender = 'bot' AND answers IS NOT NULL"
            " ORDER BY seq",
            (customer.id,),
        ).fetchall()
    order = [row[0] for row in rows]
    assert order == sorted(order)
    assert sorted(set(order)) == seqs
