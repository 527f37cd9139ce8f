"""Who is at the team's door: the cookie, the session, the token that every change needs."""

from __future__ import annotations

import asyncio
import hmac
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sanic import Request
from sanic.response import HTTPResponse, empty

from bot.desk.agents import Agent, NotSignedIn, SignedIn, TooManyTries, WrongPassword, csrf_token
from bot.http.addresses import client_address
from bot.http.bodies import json_object
from bot.http.problems import Problem, json_response
from bot.web.ports import TeamDoor
from bot.web.requests import read_credentials
from bot.web.threads import in_thread

COOKIE = "nightdesk_team"
CSRF_HEADER = "x-csrf-token"

# Looking at passwords is slow on purpose: it has threads of its own, so that a crowd which
# guesses holds up nobody who works.
_PASSWORDS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


async def signed_in(door: TeamDoor, request: Request, *, changes: bool = False) -> Agent:
    """The agent who asks; Problem 401 without a session, 403 when a change has no CSRF token."""
    token = request.cookies.get(COOKIE) or ""
    try:
        agent = await in_thread(lambda: door.agents.session(token, now=door.clock()))
    except NotSignedIn:
        raise Problem(401, "not-signed-in", "Sign in at /team/ first.") from None
    if changes:
        sent = request.headers.get(CSRF_HEADER) or ""
        if not hmac.compare_digest(sent.encode("utf-8", "replace"), csrf_token(token).encode()):
            raise Problem(
                403,
                "no-csrf-token",
                "Send the csrf value of GET /team/session as X-CSRF-Token with a change.",
            )
    return agent


async def sign_in(door: TeamDoor, request: Request) -> HTTPResponse:
    """`POST /team/session`: login and password give a cookie."""
    # Another site's form can't send JSON without asking first, and nobody here would say yes.
    if not (request.content_type or "").startswith("application/json"):
        raise Problem(415, "not-json", "Send login and password as application/json.")
    login, password = read_credentials(json_object(request.body))
    address = client_address(request, proxies=door.settings.proxies, key=door.address_key)

    def look() -> SignedIn:
        return door.agents.sign_in(login=login, password=password, address=address, now=door.clock())

    try:
        session = await asyncio.get_running_loop().run_in_executor(_PASSWORDS, look)
    except WrongPassword:
        raise Problem(401, "wrong-password", "Login or password is wrong.") from None
    except TooManyTries as e:
        raise Problem(
            429, "too-many-tries", "Too many wrong tries; wait and try again.", retry_after=e.retry_after
        ) from None
    response = json_response(_me(session.agent, session.token))
    _set_cookie(door, response, session.token, hours=door.settings.session_hours)
    return response


async def who_am_i(door: TeamDoor, request: Request) -> HTTPResponse:
    """`GET /team/session`: the agent, and the token that changes need."""
    agent = await signed_in(door, request)
    return json_response(_me(agent, request.cookies.get(COOKIE) or ""))


async def sign_out(door: TeamDoor, request: Request) -> HTTPResponse:
    """`DELETE /team/session`: the session ends here and in the database."""
    await signed_in(door, request, changes=True)
    token = request.cookies.get(COOKIE) or ""
    await in_thread(lambda: door.agents.sign_out(token))
    response = empty()
    _set_cookie(door, response, "", hours=0)
    return response


def _me(agent: Agent, token: str) -> dict[str, Any]:
    return {
        "agent": {"id": agent.id, "login": agent.login, "name": agent.name, "demo": agent.demo},
        "csrf": csrf_token(token),
    }


def _set_cookie(door: TeamDoor, response: HTTPResponse, token: str, *, hours: int) -> None:
    response.cookies[COOKIE] = token
    cookie = response.cookies[COOKIE]
    cookie["httponly"] = True
    cookie["samesite"] = "Strict"
    cookie["path"] = "/team"
    cookie["max-age"] = hours * 3600
    if door.settings.secure_cookies or door.settings.public_url.lower().startswith("https://"):
        cookie["secure"] = True
