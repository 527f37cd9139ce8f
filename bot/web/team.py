"""The team's door: sign-in, the inbox over HTTP and SSE, and its page."""

from __future__ import annotations

import functools
from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from bot.http.problems import json_response
from bot.web import conversations, events, pages, signing_in
from bot.web.places import places
from bot.web.ports import TeamDoor
from bot.web.threads import in_thread


def team(door: TeamDoor) -> Blueprint:
    """The routes below `/team`."""
    routes = Blueprint("team", url_prefix="/team")
    files = pages.load()

    async def page(door: TeamDoor, request: Request) -> HTTPResponse:
        if not request.path.endswith("/"):
            return redirect("/team/")
        return pages.serve(files, request, "index.html")

    async def file(door: TeamDoor, request: Request, name: str) -> HTTPResponse:
        return pages.serve(files, request, name)

    for method, path, handler in (
        ("GET", "/", page),
        ("GET", "/static/<name:str>", file),
        ("POST", "/session", signing_in.sign_in),
        ("GET", "/session", signing_in.who_am_i),
        ("DELETE", "/session", signing_in.sign_out),
        ("GET", "/labels", labels),
        ("GET", "/events", events.events),
        ("GET", "/conversations", conversations.listed),
        ("GET", "/conversations/<cid:str>", conversations.read),
        ("POST", "/conversations/<cid:str>/claim", conversations.claim),
        ("POST", "/conversations/<cid:str>/reply", conversations.reply),
        ("POST", "/conversations/<cid:str>/note", conversations.note),
        ("POST", "/conversations/<cid:str>/handback", conversations.handback),
        ("POST", "/conversations/<cid:str>/close", conversations.close),
    ):
        bound = functools.wraps(handler)(functools.partial(handler, door))
        routes.add_route(bound, path, methods=[method], name=f"{method.lower()}_{handler.__name__}")
    return routes


async def labels(door: TeamDoor, request: Request) -> HTTPResponse:
    """`GET /team/labels?language=`: the page's texts; the first language when it is not spoken."""
    asked = request.args.get("language") or ""
    language = asked if asked in door.languages else door.languages[0]

    def look() -> dict[str, Any]:
        texts = dict(door.labels(language))
        names = {name: door.labels(name)["team.language_name"] for name in door.languages}
        return {"language": language, "languages": names, "labels": texts, "places": dict(places(language))}

    return json_response(await in_thread(look))
