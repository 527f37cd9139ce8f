"""Whether this machine itself asks."""

from __future__ import annotations

from sanic import Request

from bot.http.addresses import client_ip, hops, parsed


def is_loopback(request: Request, *, proxies: int) -> bool:
    """Whether the request began on this machine, rather than came through a proxy on it."""
    was_forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if was_forwarded and not 0 < proxies <= len(hops(request)):
        return False
    found = parsed(client_ip(request, proxies=proxies))
    return found is not None and found.is_loopback
