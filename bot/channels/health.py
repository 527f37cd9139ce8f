"""Is it alive, is it ready, and how much is going on."""

from __future__ import annotations

import asyncio
import hmac
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Callable, Iterable, Mapping, Optional

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, text

from bot.channels.addresses import is_loopback
from bot.http.problems import Problem, json_response
from bot.settings import Settings

# A check that takes longer than this has failed, whatever it would have said.
CHECK_SECONDS = 2.0

# None when all is well, else one sentence for whoever runs this.
Check = Callable[[], Optional[str]]


@dataclass(frozen=True)
class Metric:
    """One number of Prometheus: `kind` is counter or gauge, `meaning` one plain sentence."""

    name: str
    kind: str
    meaning: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def health(
    *, checks: Mapping[str, Check], metrics: Callable[[], Iterable[Metric]], settings: Settings
) -> Blueprint:
    """The routes `/health/live`, `/health/ready` and `/metrics`.

    Checks and metrics are called in threads of their own, so that one that hangs holds up
    nobody else. Ready is 200 when every check gives None, else 503.
    """
    routes = Blueprint("health")
    asked = {name: _Asked(name, check) for name, check in checks.items()}
    counting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="metrics")

    @routes.get("/health/live", name="live")  # type: ignore[untyped-decorator]
    async def _live(request: Request) -> HTTPResponse:
        return json_response({"status": "alive"})

    @routes.get("/health/ready", name="ready")  # type: ignore[untyped-decorator]
    async def _ready(request: Request) -> HTTPResponse:
        said = await asyncio.gather(*(one.ask() for one in asked.values()))
        results = {name: said[i] or "ok" for i, name in enumerate(asked)}
        ready = not any(said)
        return json_response(
            {"status": "ready" if ready else "not ready", "checks": results}, status=200 if ready else 503
        )

    @routes.get("/metrics", name="metrics")  # type: ignore[untyped-decorator]
    async def _metrics(request: Request) -> HTTPResponse:
        _may_read(request, settings)
        rows = await asyncio.get_running_loop().run_in_executor(counting, lambda: list(metrics()))
        return text(
            prometheus(rows),
            content_type="text/plain; version=0.0.4; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )

    return routes


def prometheus(metrics: Iterable[Metric]) -> str:
    """Metrics in Prometheus' text format; rows of one name stand together under one heading."""
    families: dict[str, list[Metric]] = {}
    for metric in metrics:
        families.setdefault(metric.name, []).append(metric)
    lines = []
    for name, rows in families.items():
        lines.append(f"# HELP {name} {_escape(rows[0].meaning)}")
        lines.append(f"# TYPE {name} {rows[0].kind}")
        lines.extend(f"{name}{_labels(row.labels)} {row.value:.15g}" for row in rows)
    return "".join(line + "\n" for line in lines)


class _Asked:
    """One check with one thread: while it hangs, it is not asked again."""

    def __init__(self, name: str, check: Check) -> None:
        self._check = check
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"check-{name}")
        self._under_way: Optional[asyncio.Future[Optional[str]]] = None

    async def ask(self) -> Optional[str]:
        """What the check says, or that it says nothing."""
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.get_running_loop().run_in_executor(self._thread, self._check)
        try:
            return await asyncio.wait_for(asyncio.shield(self._under_way), CHECK_SECONDS)
        except asyncio.TimeoutError:
            return f"No answer within {CHECK_SECONDS:g} seconds."
        except Exception as e:
            return f"The check failed: {type(e).__name__}."


def _may_read(request: Request, settings: Settings) -> None:
    if settings.metrics_token:
        scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
        given = token.strip().encode("utf-8", "replace")
        if scheme.lower() == "bearer" and hmac.compare_digest(given, settings.metrics_token.encode()):
            return
        raise Problem(
            401, "metrics-token", "Send NIGHTDESK_METRICS_TOKEN as Authorization: Bearer to read metrics."
        )
    if not is_loopback(request, proxies=settings.proxies):
        raise Problem(
            403, "loopback-only", "Metrics are read on this machine only; set NIGHTDESK_METRICS_TOKEN."
        )


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value, quote=True)}"' for name, value in labels.items()) + "}"


def _escape(value: str, *, quote: bool = False) -> str:
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n")
    return escaped.replace('"', '\\"') if quote else escaped
