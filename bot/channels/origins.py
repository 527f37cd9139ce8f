"""Which other sites' pages may call us: an allowlist per shop, and never everybody."""

from __future__ import annotations

from typing import AbstractSet, Callable, Optional
from urllib.parse import urlsplit

from sanic import Blueprint, Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty

from bot.http.problems import Problem

METHODS = "GET, POST, DELETE, OPTIONS"
HEADERS = "Authorization, Content-Type, Last-Event-ID"
PREFLIGHT_SECONDS = "600"

Origins = Callable[[], AbstractSet[str]]


def foreign_origin(request: Request, public_url: str = "") -> Optional[str]:
    """The origin of another site's page, or None when our own page or no page asks."""
    origin: Optional[str] = request.headers.get("origin")
    if not origin:
        return None
    own = {(request.headers.get("host") or "").lower()}
    if public_url:
        own.add(urlsplit(public_url).netloc.lower())
    try:
        return None if urlsplit(origin).netloc.lower() in own - {""} else origin
    except ValueError:
        return origin


def refuse_origin(origin: Optional[str], allowed: AbstractSet[str]) -> None:
    """Problem 403 when this other site is not one of the shop's."""
    if origin is not None and origin not in allowed:
        raise Problem(
            403,
            "origin-not-allowed",
            "This page's origin may not use the shop's chat; add it to origins in the shop's file.",
        )


def share_with(routes: Blueprint, origins: Origins, public_url: str = "") -> None:
    """Let the pages of these origins read what these routes answer, and refuse all others."""

    @routes.middleware("request")  # type: ignore[untyped-decorator]
    async def _check(request: Request) -> None:
        refuse_origin(foreign_origin(request, public_url), origins())

    @routes.middleware("response")  # type: ignore[untyped-decorator]
    async def _tell(request: Request, response: BaseHTTPResponse) -> None:
        response.headers["Vary"] = "Origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        origin = foreign_origin(request, public_url)
        if origin is not None and origin in origins():
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"


async def preflight(request: Request, **_: str) -> HTTPResponse:
    """What a browser asks before it sends a token: answered for allowed origins only."""
    return empty(
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": HEADERS,
            "Access-Control-Max-Age": PREFLIGHT_SECONDS,
        }
    )
