"""Whether this machine itself asks."""

from __future__ import annotations

import ipaddress

from sanic import Request


def is_loopback(request: Request, *, proxies: int) -> bool:
    """Whether the request began on this machine, rather than came through a proxy on it."""
    ip = str(request.ip or "")
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
        if proxies <= 0 or len(hops) < proxies:
            return False
        ip = hops[-proxies]
    try:
        return ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return False
