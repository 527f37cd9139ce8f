"""Errors of the HTTP doors: one sentence, a type, a status (RFC 9457)."""

from __future__ import annotations

import json
import logging
from typing import Any, Mapping, Optional

from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse

from bot.faults import where

logger = logging.getLogger(__name__)


class Problem(Exception):
    """A refusal that its reader can act on. `retry_after` is in seconds; `more` goes into the body."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        retry_after: Optional[int] = None,
        more: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after
        self.more = more or {}


def json_response(body: Any, *, status: int = 200) -> HTTPResponse:
    """JSON that any text survives in; never kept by a cache."""
    return HTTPResponse(
        json.dumps(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def problem_response(problem: Problem) -> HTTPResponse:
    """A problem as application/problem+json."""
    body: dict[str, Any] = {
        **problem.more,
        "type": f"urn:nightdesk:problem:{problem.kind}",
        "title": problem.kind.replace("-", " "),
        "status": problem.status,
        "detail": problem.detail,
    }
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after is not None:
        body["retry_after"] = problem.retry_after
        headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return HTTPResponse(
        json.dumps(body), status=problem.status, content_type="application/problem+json", headers=headers
    )


def answer_problems(app: Sanic) -> None:
    """Answer every error of this app with a problem; what is unexpected says nothing of the inside."""

    @app.exception(Problem)  # type: ignore[untyped-decorator]
    async def _known(request: Request, error: Problem) -> HTTPResponse:
        return problem_response(error)

    @app.exception(SanicException)  # type: ignore[untyped-decorator]
    async def _of_server(request: Request, error: SanicException) -> HTTPResponse:
        status = getattr(error, "status_code", 500) or 500
        kind = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(status, f"http-{status}")
        return problem_response(Problem(status, kind, str(error) or kind))

    @app.exception(Exception)  # type: ignore[untyped-decorator]
    async def _unknown(request: Request, error: Exception) -> HTTPResponse:
        if request.method == "NONE":  # Sanic could not make a request of what came in
            return problem_response(Problem(400, "bad-request", "This is no HTTP request that can be read."))
        logger.error("%s %s failed: %s", request.method, request.path, where(error))
        return problem_response(Problem(500, "internal", "Something failed here; try again.", retry_after=2))
