"""The customers' door: the chat API over HTTP, with long polls and event streams."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import ipaddress
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Callable, Mapping, Optional, Protocol, TypeVar

from sanic import Blueprint, Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty

from bot import crash
from bot.channels.requests import Said, Start, body_of, read_number, read_said, read_start
from bot.conversations.model import Conversation, Draft, Kind, Message, Owner, Sender, UnknownConversation
from bot.conversations.store import Accepted, ConversationStore, Opening, new_token
from bot.http.bell import Bell
from bot.http.problems import Problem, json_response
from bot.settings import Settings

T = TypeVar("T")

# What a filled form means: the intent that it goes on with, and the entities that it may give.
FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {"order": ("shipping_status", ("order_number", "email"))}


class Front(Protocol):
    """What the door asks of the shop and its wording."""

    def shop_exists(self, shop: str) -> bool: ...

    def language_for(self, shop: str, locale: str) -> str: ...

    def languages(self) -> tuple[str, ...]: ...

    def welcome(self, opening: Opening, *, now: datetime) -> Draft: ...

    def ui(self, shop: str, language: str, *, timezone: str, now: datetime) -> dict[str, Any]: ...

    def promise_of(self, conversation: Conversation, *, now: datetime) -> Optional[dict[str, Any]]: ...

    def agent_name(self, conversation: Conversation) -> Optional[str]: ...


@dataclass(frozen=True)
class Door:
    """Everything that the customers' door needs."""

    store: ConversationStore
    front: Front
    settings: Settings
    clock: Callable[[], datetime]
    bell: Bell
    wake: Callable[[str], None]
    address_key: bytes


def storefront(door: Door) -> Blueprint:
    """The routes below `/chat`."""
    routes = Blueprint("storefront", url_prefix="/chat")
    for method, path, handler in (
        ("POST", "/conversations", _start),
        ("POST", "/conversations/<cid:str>/messages", _say),
        ("GET", "/conversations/<cid:str>/messages", _messages),
        ("GET", "/conversations/<cid:str>/events", _events),
        ("POST", "/conversations/<cid:str>/handoff", _handoff),
        ("POST", "/conversations/<cid:str>/language", _language),
        ("POST", "/conversations/<cid:str>/read", _read),
        ("DELETE", "/conversations/<cid:str>", _delete),
        ("GET", "/ui", _ui),
    ):
        name = f"{method.lower()}_{handler.__name__.strip('_')}"
        bound = functools.wraps(handler)(functools.partial(handler, door))
        routes.add_route(bound, path, methods=[method], name=name)
    return routes


# -- handlers ------------------------------------------------------------------------------


async def _start(door: Door, request: Request) -> HTTPResponse:
    start = read_start(body_of(request.body), default_shop=door.settings.shop)
    if not door.front.shop_exists(start.shop):
        raise Problem(404, "unknown-shop", f"There is no shop {start.shop!r} here.")
    conversation, token, messages = await _in_thread(_open, door, start, _address(door, request))
    return json_response(
        {**_state(door, conversation), "conversation": conversation.id, "token": token, "messages": messages},
        status=201,
    )


def _open(door: Door, start: Start, address: str) -> tuple[Conversation, str, list[dict[str, Any]]]:
    now = door.clock()
    started = door.store.started_since(address, now - timedelta(hours=1))
    if started >= door.settings.conversations_per_hour:
        raise Problem(429, "too-many", "Too many conversations from here; try again later.", retry_after=600)
    opening = Opening(
        shop=start.shop,
        locale=start.locale,
        language=door.front.language_for(start.shop, start.locale),
        timezone=start.timezone,
        country=start.country,
        page=start.page,
        product=start.product,
        order=start.order,
        address=address,
    )
    token = new_token()
    conversation = door.store.start(
        opening,
        token=token,
        token_hours=door.settings.token_hours,
        welcome=[door.front.welcome(opening, now=now)],
        now=now,
    )
    return conversation, token, [m.to_public() for m in door.store.messages(conversation.id)]


async def _say(door: Door, request: Request, cid: str) -> HTTPResponse:
    token = _token(request)
    said = read_said(body_of(request.body))
    crash.point("received")
    accepted = await _in_thread(_accept, door, cid, token, said)
    return _accepted(door, cid, accepted)


def _accepted(door: Door, cid: str, accepted: Accepted) -> HTTPResponse:
    crash.point("accepted")
    door.wake(cid)
    if not accepted.repeated:
        door.bell.ring(cid)
    return json_response({"seq": accepted.seq}, status=202)


def _accept(door: Door, cid: str, token: str, said: Said) -> Accepted:
    now = door.clock()
    conversation = _conversation(door, cid, token)
    text, payload = said.text, None
    if said.choice is not None:
        text, payload = _chosen(door, conversation, *said.choice)
    elif said.form is not None:
        text, payload = _filled(*said.form)
    most = door.settings.messages_per_minute
    if door.store.said_since(cid, now - timedelta(minutes=1)) >= most:
        raise Problem(
            429, "too-many", f"More than {most} messages in a minute; please wait a little.", retry_after=20
        )
    return door.store.accept(
        cid, client_id=said.client_id, kind=said.kind, text=text, payload=payload, now=now
    )


def _chosen(door: Door, conversation: Conversation, seq: int, index: int) -> tuple[str, dict[str, Any]]:
    """The words and the meaning of a button, as the server itself wrote them down."""
    message = door.store.message(conversation.id, seq)
    if message is None or index >= len(message.choices):
        raise Problem(422, "unknown-choice", "There is no such button in this conversation.")
    choice = message.choices[index]
    return choice["label"], {"intent": choice["intent"], "entities": choice.get("entities") or {}}


def _filled(name: str, values: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    if name not in FORMS:
        raise Problem(422, "unknown-form", f"There is no form {name!r}. Known: {', '.join(FORMS)}.")
    intent, allowed = FORMS[name]
    entities = {key: values[key].strip() for key in allowed if values.get(key, "").strip()}
    if not entities:
        raise Problem(422, "empty-text", f"The form is empty; fill {' and '.join(allowed)}.")
    return ", ".join(entities.values()), {"intent": intent, "entities": entities, "form": name}


async def _messages(door: Door, request: Request, cid: str) -> HTTPResponse:
    token = _token(request)
    after = int(read_number(request.args.get("after"), name="after", least=0, most=2**31, default=0))
    wait = read_number(
        request.args.get("wait"), name="wait", least=0, most=door.settings.long_poll_seconds, default=0
    )
    async with door.bell.listen(cid) as wake:
        conversation, rows = await _in_thread(_news, door, cid, token, after)
        ends_at = asyncio.get_running_loop().time() + wait
        while not rows and not door.bell.closed:
            left = ends_at - asyncio.get_running_loop().time()
            if left <= 0:
                break
            # Another process may have written without our bell: look now and then anyway.
            await wake(min(left, 2.0))
            conversation, rows = await _in_thread(_news, door, cid, token, after)
    state = await _in_thread(_state, door, conversation)
    return json_response({**state, "messages": [m.to_public() for m in rows]})


async def _events(door: Door, request: Request, cid: str) -> Optional[BaseHTTPResponse]:
    token = _token(request)
    last = request.headers.get("last-event-id") or request.args.get("after")
    after = int(read_number(last, name="Last-Event-ID", least=0, most=2**31, default=0))
    await _in_thread(_conversation, door, cid, token)
    response = await request.respond(
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    await response.send("retry: 2000\n\n")
    quiet_since = asyncio.get_running_loop().time()
    told: Optional[dict[str, Any]] = None
    async with door.bell.listen(cid) as wake:
        while not door.bell.closed:
            try:
                conversation, rows = await _in_thread(_news, door, cid, token, after)
            except Problem:
                break  # deleted meanwhile
            state = await _in_thread(_state, door, conversation)
            parts = [_event("message", m.to_public(), seq=m.seq) for m in rows]
            if state != told:
                parts.append(_event("state", state))
            if rows:
                after = rows[-1].seq
                parts.append(_event("typing", {"on": _awaits_answer(conversation, rows[-1])}))
            told = state
            now = asyncio.get_running_loop().time()
            if not parts and now - quiet_since >= door.settings.heartbeat_seconds:
                parts.append(": still here\n\n")
            if parts:
                quiet_since = now
                await response.send("".join(parts))
            await wake(2.0)
    await response.eof()
    return None


async def _handoff(door: Door, request: Request, cid: str) -> HTTPResponse:
    """ "Talk to a person": a turn like any other, so that it is as durable as a message."""
    token = _token(request)
    body = body_of(request.body)
    client_id = body.get("id") if isinstance(body.get("id"), str) else None

    def accept() -> Accepted:
        conversation = _conversation(door, cid, token)
        language = conversation.language
        label = door.front.ui(conversation.shop, language, timezone=conversation.timezone, now=door.clock())[
            "labels"
        ]["web.strip.person"]
        return door.store.accept(
            cid,
            client_id=client_id or f"handoff-{conversation.version}-{conversation.last_seq}",
            kind=Kind.CHOICE,
            text=label,
            payload={"intent": "human_handoff", "entities": {}},
            now=door.clock(),
        )

    return _accepted(door, cid, await _in_thread(accept))


async def _language(door: Door, request: Request, cid: str) -> HTTPResponse:
    token = _token(request)
    language = body_of(request.body).get("language")
    if language not in door.front.languages():
        known = ", ".join(door.front.languages())
        raise Problem(422, "unknown-language", f"The assistant does not speak that. Known: {known}.")

    def switch() -> Conversation:
        conversation = _conversation(door, cid, token)
        with door.store.database.begin() as tx:
            door.store.set_language(tx, conversation.id, str(language), chosen=True)
        return door.store.get(cid)

    conversation = await _in_thread(switch)
    door.bell.ring(cid)
    return json_response(await _in_thread(_state, door, conversation))


async def _read(door: Door, request: Request, cid: str) -> HTTPResponse:
    """The page tells how far its customer has read. Checked and answered; nobody needs it stored yet."""
    token = _token(request)
    read_number(body_of(request.body).get("seq"), name="seq", least=0, most=2**31, default=0)
    await _in_thread(_conversation, door, cid, token)
    return empty()


async def _delete(door: Door, request: Request, cid: str) -> HTTPResponse:
    token = _token(request)

    def delete() -> None:
        conversation = _conversation(door, cid, token)
        if conversation.owner in (Owner.WAITING, Owner.TEAM):
            raise Problem(
                409, "case-open", "A person is working on this conversation; it can be deleted afterwards."
            )
        door.store.delete(conversation.id)

    await _in_thread(delete)
    door.bell.ring(cid)
    return empty()


async def _ui(door: Door, request: Request) -> HTTPResponse:
    shop = request.args.get("shop") or door.settings.shop
    if not door.front.shop_exists(shop):
        raise Problem(404, "unknown-shop", f"There is no shop {shop!r} here.")
    asked = request.args.get("language") or ""
    language = asked if asked in door.front.languages() else door.front.language_for(shop, asked or "en")
    zone = request.args.get("timezone") or "UTC"
    return json_response(await _in_thread(_labels, door, shop, language, zone))


# -- helpers -------------------------------------------------------------------------------


def _labels(door: Door, shop: str, language: str, zone: str) -> dict[str, Any]:
    try:
        return door.front.ui(shop, language, timezone=zone, now=door.clock())
    except (KeyError, ValueError, OSError):
        return door.front.ui(shop, language, timezone="UTC", now=door.clock())


def _state(door: Door, conversation: Conversation) -> dict[str, Any]:
    return {
        "owner": conversation.owner.value,
        "language": conversation.language,
        "last_seq": conversation.last_seq,
        "promise": door.front.promise_of(conversation, now=door.clock()),
        "agent": door.front.agent_name(conversation),
    }


def _news(door: Door, cid: str, token: str, after: int) -> tuple[Conversation, list[Message]]:
    conversation = _conversation(door, cid, token)
    if conversation.last_seq <= after:
        return conversation, []
    return conversation, door.store.messages(cid, after=after)


def _conversation(door: Door, cid: str, token: str) -> Conversation:
    try:
        return door.store.by_token(cid, token, now=door.clock())
    except UnknownConversation:
        raise Problem(
            401, "unknown-token", "This token opens no such conversation; start a new one."
        ) from None


def _awaits_answer(conversation: Conversation, last: Message) -> bool:
    return last.sender is Sender.CUSTOMER and conversation.owner in (Owner.BOT, Owner.WAITING)


def _token(request: Request) -> str:
    scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "no-token", "Send the conversation's token as Authorization: Bearer.")
    return token.strip()


def _address(door: Door, request: Request) -> str:
    """A keyed hash of where the request comes from; the address itself is not kept."""
    ip = request.ip or ""
    if door.settings.proxies > 0:
        hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        if len(hops) >= door.settings.proxies:
            ip = hops[-door.settings.proxies]
    try:
        network = ipaddress.ip_address(ip)
        if network.version == 6:  # one customer has a whole /64
            ip = str(ipaddress.ip_network(f"{ip}/64", strict=False))
    except ValueError:
        pass
    return hmac.new(door.address_key, ip.encode(), hashlib.sha256).hexdigest()[:32]


def _event(name: str, data: Mapping[str, Any], *, seq: Optional[int] = None) -> str:
    head = f"id: {seq}\n" if seq is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"


async def _in_thread(work: Callable[..., T], *args: Any) -> T:
    """Run blocking work where it holds up nobody."""
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(work, *args))
