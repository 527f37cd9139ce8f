"""The customers' door: the chat API over HTTP."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import Any, Mapping

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty

from bot import crash
from bot.channels.door import (
    Caller,
    Door,
    Front,
    Streams,
    caller_of,
    conversation_of,
    in_thread,
    no_such_conversation,
    state_of,
)
from bot.channels.origins import foreign_origin, preflight, refuse_origin, share_with
from bot.channels.requests import (
    MOST_SEQ,
    Said,
    Start,
    read_client_id,
    read_number,
    read_said,
    read_start,
)
from bot.channels.streams import events, messages
from bot.conversations.model import (
    ClientIdTaken,
    Conversation,
    Kind,
    Owner,
    OwnerChanged,
    UnknownConversation,
)
from bot.conversations.store import Accepted, Opening, new_token
from bot.http.addresses import client_address
from bot.http.bodies import json_object
from bot.http.problems import Problem, json_response

__all__ = ["Door", "Front", "Streams", "storefront"]

# What a filled form means: the intent that it goes on with, and the entities that it may give.
FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {"order": ("shipping_status", ("order_number", "email"))}


def storefront(door: Door) -> Blueprint:
    """The routes below `/chat`."""
    routes = Blueprint("storefront", url_prefix="/chat")
    paths = set()
    for method, path, handler in (
        ("POST", "/conversations", _start),
        ("POST", "/conversations/<cid:str>/messages", _say),
        ("GET", "/conversations/<cid:str>/messages", messages),
        ("GET", "/conversations/<cid:str>/events", events),
        ("POST", "/conversations/<cid:str>/handoff", _handoff),
        ("POST", "/conversations/<cid:str>/language", _language),
        ("POST", "/conversations/<cid:str>/read", _read),
        ("DELETE", "/conversations/<cid:str>", _delete),
        ("GET", "/ui", _ui),
    ):
        name = f"{method.lower()}_{handler.__name__.strip('_')}"
        bound = functools.wraps(handler)(functools.partial(handler, door))
        routes.add_route(bound, path, methods=[method], name=name)
        paths.add(path)
    for number, path in enumerate(sorted(paths)):
        routes.add_route(preflight, path, methods=["OPTIONS"], name=f"preflight_{number}")
    share_with(routes, door.front.origins, door.settings.public_url)

    @routes.middleware("request")  # type: ignore[untyped-decorator]
    async def _measure(request: Request) -> None:
        most = door.settings.body_bytes
        if len(request.body or b"") > most:
            raise Problem(413, "too-large", f"The body is larger than {most} bytes; send less at once.")

    return routes


async def _start(door: Door, request: Request) -> HTTPResponse:
    start = read_start(json_object(request.body), default_shop=door.settings.shop)
    if not door.front.shop_exists(start.shop):
        raise Problem(404, "unknown-shop", f"There is no shop {start.shop!r} here.")
    refuse_origin(foreign_origin(request, door.settings.public_url), door.front.origins(start.shop))
    started = await in_thread(
        _open, door, start, client_address(request, proxies=door.settings.proxies, key=door.address_key)
    )
    return json_response(started, status=201)


def _open(door: Door, start: Start, address: str) -> dict[str, Any]:
    now = door.clock()
    since = now - timedelta(hours=1)
    started = door.store.started_since(address, since) + door.deleted.started_since(address, since)
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
    return {
        **state_of(door, conversation),
        "conversation": conversation.id,
        "token": token,
        "messages": [m.to_public() for m in door.store.messages(conversation.id)],
    }


async def _say(door: Door, request: Request, cid: str) -> HTTPResponse:
    caller = caller_of(door, request)
    said = read_said(json_object(request.body))
    crash.point("received")
    accepted = await in_thread(_accept, door, cid, caller, said)
    return _accepted(door, cid, accepted)


def _accepted(door: Door, cid: str, accepted: Accepted) -> HTTPResponse:
    crash.point("accepted")
    door.wake(cid)
    if not accepted.repeated:
        door.bell.ring(cid)
    return json_response({"seq": accepted.seq}, status=202)


def _accept(door: Door, cid: str, caller: Caller, said: Said) -> Accepted:
    conversation = conversation_of(door, cid, caller)
    text, payload = said.text, None
    if said.choice is not None:
        text, payload = _chosen(door, conversation, *said.choice)
    elif said.form is not None:
        text, payload = _filled(*said.form)
    return _keep(door, cid, client_id=said.client_id, kind=said.kind, text=text, payload=payload)


def _keep(door: Door, cid: str, *, client_id: str, kind: Kind, text: str, payload: Any) -> Accepted:
    now = door.clock()
    most = door.settings.messages_per_minute
    if door.store.said_since(cid, now - timedelta(minutes=1)) >= most:
        raise Problem(
            429, "too-many", f"More than {most} messages in a minute; please wait a little.", retry_after=20
        )
    try:
        return door.store.accept(cid, client_id=client_id, kind=kind, text=text, payload=payload, now=now)
    except UnknownConversation:  # deleted in another tab
        raise no_such_conversation() from None
    except ClientIdTaken:
        raise Problem(409, "id-taken", "Another message has this id already; send a new id.") from None


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


async def _handoff(door: Door, request: Request, cid: str) -> HTTPResponse:
    """ "Talk to a person": a turn like any other, so that it is as durable as a message."""
    caller = caller_of(door, request)
    body = json_object(request.body)
    client_id = read_client_id(body) if body.get("id") is not None else None

    def accept() -> Accepted:
        conversation = conversation_of(door, cid, caller)
        ui = door.front.ui(
            conversation.shop, conversation.language, timezone=conversation.timezone, now=door.clock()
        )
        return _keep(
            door,
            cid,
            client_id=client_id or f"handoff-{conversation.version}-{conversation.last_seq}",
            kind=Kind.CHOICE,
            text=ui["labels"]["web.strip.person"],
            payload={"intent": "human_handoff", "entities": {}},
        )

    return _accepted(door, cid, await in_thread(accept))


async def _language(door: Door, request: Request, cid: str) -> HTTPResponse:
    caller = caller_of(door, request)
    language = json_object(request.body).get("language")
    if language not in door.front.languages():
        known = ", ".join(door.front.languages())
        raise Problem(422, "unknown-language", f"The assistant does not speak that. Known: {known}.")

    def switch() -> dict[str, Any]:
        conversation = conversation_of(door, cid, caller)
        with door.store.database.begin() as tx:
            door.store.set_language(tx, conversation.id, str(language), chosen=True)
        return state_of(door, conversation_of(door, cid, caller))

    state = await in_thread(switch)
    door.bell.ring(cid)
    return json_response(state)


async def _read(door: Door, request: Request, cid: str) -> HTTPResponse:
    """The page tells how far its customer has read. Checked and answered; nobody needs it stored yet."""
    caller = caller_of(door, request)
    read_number(json_object(request.body).get("seq"), name="seq", least=0, most=MOST_SEQ, default=0)
    await in_thread(conversation_of, door, cid, caller)
    return empty()


async def _delete(door: Door, request: Request, cid: str) -> HTTPResponse:
    caller = caller_of(door, request)

    def delete() -> None:
        conversation = conversation_of(door, cid, caller)
        try:
            door.store.delete(conversation.id, expect=(Owner.BOT, Owner.CLOSED))
        except OwnerChanged:
            raise Problem(
                409, "case-open", "A person is working on this conversation; it can be deleted afterwards."
            ) from None
        except UnknownConversation:
            pass  # another tab was faster
        else:
            door.deleted.add(conversation.address, conversation.created_at)
        door.forget(conversation.id)

    await in_thread(delete)
    door.bell.ring(cid)
    return empty()


async def _ui(door: Door, request: Request) -> HTTPResponse:
    shop = request.args.get("shop") or door.settings.shop
    if not door.front.shop_exists(shop):
        raise Problem(404, "unknown-shop", f"There is no shop {shop!r} here.")
    asked = request.args.get("language") or ""
    language = asked if asked in door.front.languages() else door.front.language_for(shop, asked or "en")
    zone = request.args.get("timezone") or "UTC"
    return json_response(await in_thread(_labels, door, shop, language, zone))


def _labels(door: Door, shop: str, language: str, zone: str) -> dict[str, Any]:
    try:
        return door.front.ui(shop, language, timezone=zone, now=door.clock())
    except (KeyError, ValueError, OSError):
        return door.front.ui(shop, language, timezone="UTC", now=door.clock())
