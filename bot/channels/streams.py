"""How a page hears of news: a long poll, or a stream of events."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Mapping, Optional

from sanic import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels.door import Caller, Door, Stream, caller_of, conversation_of, in_thread, state_of
from bot.channels.requests import MOST_SEQ, read_number
from bot.conversations.model import Conversation, Message, Owner, Sender
from bot.http.problems import Problem, json_response

# Another process may have written without our bell: look now and then anyway.
LOOK_SECONDS = 2.0


async def messages(door: Door, request: Request, cid: str) -> HTTPResponse:
    """The messages after a sequence number; waits for the first one when asked to."""
    caller = caller_of(door, request)
    after = int(read_number(request.args.get("after"), name="after", least=0, most=MOST_SEQ, default=0))
    wait = read_number(
        request.args.get("wait"), name="wait", least=0, most=door.settings.long_poll_seconds, default=0
    )
    async with door.bell.listen(cid) as wake:
        state, rows = await in_thread(_news, door, cid, caller, after)
        if not rows and wait > 0:
            ends_at = asyncio.get_running_loop().time() + wait
            with door.streams.one_more(cid) as stream:
                before = state
                # The pen may change hands: the page shows that without a message too.
                while not rows and state == before and not (door.bell.closed or stream.is_over):
                    left = ends_at - asyncio.get_running_loop().time()
                    if left <= 0:
                        break
                    await wake(min(left, LOOK_SECONDS))
                    state, rows = await in_thread(_news, door, cid, caller, after)
    return json_response({**state, "messages": [m.to_public() for m in rows]})


async def events(door: Door, request: Request, cid: str) -> Optional[BaseHTTPResponse]:
    """Server-sent events: `message` with its seq as id, `state`, `typing`, and a heartbeat."""
    caller = caller_of(door, request)
    last = request.headers.get("last-event-id") or request.args.get("after")
    after = int(read_number(last, name="Last-Event-ID", least=0, most=MOST_SEQ, default=0))
    await in_thread(conversation_of, door, cid, caller)
    with door.streams.one_more(cid) as stream:
        response = await request.respond(
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        await _pour(door, response, cid, caller, after, stream)
        await response.eof()
    return None


async def _pour(door: Door, response: Any, cid: str, caller: Caller, after: int, stream: Stream) -> None:
    await response.send("retry: 2000\n\n")
    clock = asyncio.get_running_loop().time
    quiet_since = clock()
    told: Optional[dict[str, Any]] = None
    async with door.bell.listen(cid) as wake:
        while not (door.bell.closed or stream.is_over):
            try:
                state, rows = await in_thread(_news, door, cid, caller, after)
            except Problem:
                # Deleted or expired meanwhile: the page hears it when it comes back with its token.
                return
            parts = [_event("message", m.to_public(), seq=m.seq) for m in rows]
            if state != told:
                parts.append(_event("state", state))
                told = state
            if rows:
                after = rows[-1].seq
                parts.append(_event("typing", {"on": _awaits_answer(state["owner"], rows[-1])}))
            if not parts and clock() - quiet_since >= door.settings.heartbeat_seconds:
                parts.append(": still here\n\n")
            if parts:
                quiet_since = clock()
                await response.send("".join(parts))
            await wake(min(LOOK_SECONDS, door.settings.heartbeat_seconds))


def _news(door: Door, cid: str, caller: Caller, after: int) -> tuple[dict[str, Any], list[Message]]:
    conversation: Conversation = conversation_of(door, cid, caller)
    rows = door.store.messages(cid, after=after) if conversation.last_seq > after else []
    return state_of(door, conversation), rows


def _awaits_answer(owner: str, last: Message) -> bool:
    return last.sender is Sender.CUSTOMER and owner in (Owner.BOT.value, Owner.WAITING.value)


def _event(name: str, data: Mapping[str, Any], *, seq: Optional[int] = None) -> str:
    head = f"id: {seq}\n" if seq is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"
