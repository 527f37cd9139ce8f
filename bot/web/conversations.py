"""What the team does with conversations: list, read, take, answer, note, hand back, close."""

from __future__ import annotations

from typing import Any, Callable, Optional

from sanic import Request
from sanic.response import HTTPResponse

from bot.conversations.model import ClientIdTaken, OwnerChanged, UnknownConversation
from bot.desk.agents import Agent
from bot.desk.model import Thread
from bot.http.bodies import json_object
from bot.http.problems import Problem, json_response
from bot.web import views
from bot.web.ports import TeamDoor
from bot.web.requests import read_client_id, read_filter, read_text
from bot.web.signing_in import signed_in
from bot.web.threads import in_thread

# What a change does, given the door, the conversation, who asks, and the body.
Change = Callable[[TeamDoor, str, Agent, dict[str, Any]], None]


async def listed(door: TeamDoor, request: Request) -> HTTPResponse:
    """`GET /team/conversations`: by due time."""
    agent = await signed_in(door, request)
    shown = read_filter(request.args.get("filter"))
    return json_response(await in_thread(lambda: look_at_inbox(door, agent, shown)))


def look_at_inbox(door: TeamDoor, agent: Agent, shown: str) -> dict[str, Any]:
    """The inbox as it stands now."""
    now = door.clock()
    closed = door.handoffs.inbox(now=now, view="closed") if shown == "closed" else ()
    return views.inbox(door.handoffs.inbox(now=now), shown=shown, agent=agent, now=now, closed=closed)


async def read(door: TeamDoor, request: Request, cid: str) -> HTTPResponse:
    """`GET /team/conversations/{id}`: the whole thread."""
    agent = await signed_in(door, request)
    return json_response(await in_thread(lambda: _view(door, cid, agent)))


async def claim(door: TeamDoor, request: Request, cid: str) -> HTTPResponse:
    """`POST …/claim`: the conversation is mine; the assistant falls silent."""
    return await _change(door, request, cid, _claim)


async def reply(door: TeamDoor, request: Request, cid: str) -> HTTPResponse:
    """`POST …/reply`: the customer reads it at once, and the promise is kept."""
    return await _change(door, request, cid, _reply)


async def note(door: TeamDoor, request: Request, cid: str) -> HTTPResponse:
    """`POST …/note`: for the team only."""
    return await _change(door, request, cid, _note)


async def handback(door: TeamDoor, request: Request, cid: str) -> HTTPResponse:
    """`POST …/handback`: the assistant answers again."""
    return await _change(door, request, cid, _handback)


async def close(door: TeamDoor, request: Request, cid: str) -> HTTPResponse:
    """`POST …/close`: the case is done; the customer's next message opens it again."""
    return await _change(door, request, cid, _close)


# -- the changes ---------------------------------------------------------------------------


def _claim(door: TeamDoor, cid: str, agent: Agent, body: dict[str, Any]) -> None:
    door.handoffs.claim(cid, agent=agent, now=door.clock(), over=body.get("over") is True)


def _reply(door: TeamDoor, cid: str, agent: Agent, body: dict[str, Any]) -> None:
    text, client_id = read_text(body), read_client_id(body)
    thread = _thread(door, cid)
    unbacked = list(door.check(text, thread=thread)) if door.check else []
    if unbacked and body.get("anyway") is not True:
        raise Problem(
            409, "unbacked", "No fact of this case backs: " + "; ".join(unbacked), more={"unbacked": unbacked}
        )
    language = thread.conversation.language
    door.handoffs.reply(cid, agent=agent, text=text, client_id=client_id, now=door.clock(), language=language)
    if unbacked:
        said = door.labels(_language(door, body))["team.guard.noted"].replace("{text}", "; ".join(unbacked))
        door.handoffs.note(cid, agent=agent, text=said, now=door.clock())


def _note(door: TeamDoor, cid: str, agent: Agent, body: dict[str, Any]) -> None:
    door.handoffs.note(cid, agent=agent, text=read_text(body), now=door.clock())


def _handback(door: TeamDoor, cid: str, agent: Agent, body: dict[str, Any]) -> None:
    door.handoffs.handback(cid, agent=agent, now=door.clock())


def _close(door: TeamDoor, cid: str, agent: Agent, body: dict[str, Any]) -> None:
    door.handoffs.close(cid, agent=agent, now=door.clock())


async def _change(door: TeamDoor, request: Request, cid: str, change: Change) -> HTTPResponse:
    """Do it, ring, and give the thread as it stands after; 409 when somebody else was faster."""
    agent = await signed_in(door, request, changes=True)
    body = json_object(request.body)

    def work() -> dict[str, Any]:
        try:
            change(door, cid, agent, body)
        except UnknownConversation:
            raise _unknown() from None
        except ClientIdTaken:
            raise Problem(409, "id-taken", "Another message has this id already; send a new id.") from None
        except OwnerChanged:
            raise Problem(409, "taken", "Somebody else was faster; look at how it stands now.") from None
        door.bell.ring(cid)
        return _view(door, cid, agent)

    return json_response(await in_thread(work))


def _view(door: TeamDoor, cid: str, agent: Agent) -> dict[str, Any]:
    return views.thread(_thread(door, cid), agent=agent, now=door.clock())


def _thread(door: TeamDoor, cid: str) -> Thread:
    try:
        return door.handoffs.thread(cid)
    except UnknownConversation:
        raise _unknown() from None


def _language(door: TeamDoor, body: dict[str, Any]) -> str:
    asked: Optional[Any] = body.get("language")
    return asked if isinstance(asked, str) and asked in door.languages else door.languages[0]


def _unknown() -> Problem:
    return Problem(404, "unknown-conversation", "There is no such conversation; it may have been deleted.")
