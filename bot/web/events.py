"""Live news for the team's page: the inbox when it changes, a sign when the open thread does."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Mapping, Optional

from sanic import Request
from sanic.response import BaseHTTPResponse

from bot.conversations.model import UnknownConversation
from bot.desk.agents import Agent
from bot.http.bell import EVERYTHING
from bot.http.problems import Problem
from bot.web import views
from bot.web.conversations import look_at_inbox
from bot.web.ports import TeamDoor
from bot.web.requests import read_conversation, read_filter
from bot.web.signing_in import signed_in
from bot.web.threads import in_thread

# Another process may have written without our bell, and time itself makes things late.
LOOK_SECONDS = 2.0
# A burst of messages is one look, not a hundred.
PAUSE_SECONDS = 0.25
# A stream does not outlive its agent's session by more than this.
SESSION_SECONDS = 60.0


async def events(door: TeamDoor, request: Request) -> Optional[BaseHTTPResponse]:
    """`GET /team/events?filter=&conversation=` (SSE): `inbox` holds the list, `thread` says it changed."""
    agent = await signed_in(door, request)
    shown = read_filter(request.args.get("filter"))
    cid = read_conversation(request.args.get("conversation"))
    response = await request.respond(
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    await response.send("retry: 2000\n\n")
    time = asyncio.get_running_loop().time
    quiet_since = checked_at = time()
    told: dict[str, str] = {}
    async with door.bell.listen(EVERYTHING) as wake:
        while not door.bell.closed:
            if time() - checked_at > SESSION_SECONDS:
                try:
                    await signed_in(door, request)
                except Problem:
                    break
                checked_at = time()
            parts = await in_thread(lambda: _news(door, agent, shown, cid, told))
            if not parts and time() - quiet_since >= door.settings.heartbeat_seconds:
                parts = [": still here\n\n"]
            if parts:
                quiet_since = time()
                await response.send("".join(parts))
            await asyncio.sleep(PAUSE_SECONDS)
            await wake(LOOK_SECONDS)
    await response.eof()
    return None


def _news(door: TeamDoor, agent: Agent, shown: str, cid: Optional[str], told: dict[str, str]) -> list[str]:
    """The events since the last look; `told` is what the page knows, and is brought up to date."""
    parts = []
    inbox = look_at_inbox(door, agent, shown)
    if _is_new(told, "inbox", views.fingerprint(inbox.items())):
        parts.append(_event("inbox", inbox))
    if cid is not None:
        sign = _sign(door, cid, inbox)
        if _is_new(told, "thread", repr(sign)):
            parts.append(_event("thread", sign))
    return parts


def _sign(door: TeamDoor, cid: str, inbox: Mapping[str, Any]) -> dict[str, Any]:
    """How far the open thread is; from the list where it is in it, which spares reading the thread."""
    row = next((row for row in inbox["conversations"] if row["id"] == cid), None)
    if row is None:
        try:
            row = views.head(door.handoffs.thread(cid))
        except UnknownConversation:
            return {"id": cid, "gone": True}
    state = row["promise"]["state"] if row["promise"] else None
    return {"id": cid, "last_seq": row["last_seq"], "version": row["version"], "promise": state}


def _is_new(told: dict[str, str], name: str, value: str) -> bool:
    if told.get(name) == value:
        return False
    told[name] = value
    return True


def _event(name: str, data: Mapping[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
