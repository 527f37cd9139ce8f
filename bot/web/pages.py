"""The inbox's page and its files, with headers that let nothing foreign in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from sanic import Request
from sanic.response import HTTPResponse

from bot.http.look import TOKENS
from bot.http.problems import Problem

FOLDER = Path(__file__).parent / "static" / "inbox"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

# Nothing inline, nothing from elsewhere, no frame around it: a text that got through the page's
# own care would still not run.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True)
class _File:
    body: bytes
    etag: str
    type: str


def load(folder: Path = FOLDER) -> Mapping[str, _File]:
    """The page's files by name, read once."""
    paths = (*sorted(folder.iterdir()), TOKENS)
    return {path.name: _file(path) for path in paths if path.suffix in TYPES}


def serve(files: Mapping[str, _File], request: Request, name: str) -> HTTPResponse:
    """One file; 304 when the browser has it, Problem 404 when there is none."""
    file = files.get(name)
    if file is None:
        raise Problem(404, "not-found", "The inbox has no such file.")
    headers = {**HEADERS, "ETag": file.etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == file.etag:
        return HTTPResponse(status=304, headers=headers)
    return HTTPResponse(body=file.body, content_type=file.type, headers=headers)


def _file(path: Path) -> _File:
    body = path.read_bytes()
    return _File(body=body, etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"', type=TYPES[path.suffix])
