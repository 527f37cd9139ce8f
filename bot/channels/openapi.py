"""`/openapi.json`: what the chat and team API take and give, as bot/channels/openapi.yml says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from bot.http.problems import json_response
from bot.yamls import load_yaml

SOURCE = Path(__file__).with_name("openapi.yml")


def description() -> dict[str, Any]:
    """The OpenAPI document."""
    loaded: dict[str, Any] = load_yaml(SOURCE.read_text(encoding="utf-8"))
    return loaded


def openapi() -> Blueprint:
    """The route `/openapi.json`."""
    routes = Blueprint("openapi")
    document = description()

    @routes.get("/openapi.json", name="openapi")  # type: ignore[untyped-decorator]
    async def _openapi(request: Request) -> HTTPResponse:
        return json_response(document)

    return routes
