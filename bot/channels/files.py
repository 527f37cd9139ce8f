"""Static files of the customers' pages: read once, served with a tag, and never half old half new."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from bot.http.problems import Problem

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
LOADER = "nightdesk.js"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True)
class Files:
    """The files of one folder by name; `version` changes whenever one of them does."""

    files: Mapping[str, bytes]
    version: str

    @classmethod
    def read(cls, folder: Path, *shared: Path) -> Files:
        """Every file of a folder, those of unknown type excepted, and some that pages share."""
        paths = (*sorted(folder.iterdir()), *shared)
        found = {p.name: p.read_bytes() for p in paths if p.suffix in TYPES}
        digest = hashlib.sha256()
        for name, content in found.items():
            digest.update(name.encode() + b"\0" + content + b"\0")
        return cls(files=found, version=digest.hexdigest()[:12])


def add_files(routes: Blueprint, files: Files, *, prefix: str = "") -> None:
    """Serve a folder's files below a prefix: `<prefix>/<version>/<name>` may be kept for ever.

    A loader, where there is one, has a fixed address and names the version of its parts.
    """
    if LOADER in files.files:

        @routes.get(f"{prefix}/{LOADER}", name="loader")  # type: ignore[untyped-decorator]
        async def _loader(request: Request) -> HTTPResponse:
            source = _file(files, LOADER).replace(b"{{version}}", files.version.encode())
            return _answer(request, LOADER, source, tag=f'"{files.version}"', cache=ASK_AGAIN)

    @routes.get(f"{prefix}/<version:str>/<name:str>", name="file")  # type: ignore[untyped-decorator]
    async def _part(request: Request, version: str, name: str) -> HTTPResponse:
        cache = FOREVER if version == files.version else ASK_AGAIN
        return _answer(request, name, _file(files, name), tag=f'"{files.version}"', cache=cache)


def _file(files: Files, name: str) -> bytes:
    try:
        return files.files[name]
    except KeyError:
        raise Problem(404, "not-found", "There is no such file here.") from None


def _answer(request: Request, name: str, content: bytes, *, tag: str, cache: str) -> HTTPResponse:
    headers = {"Cache-Control": cache, "ETag": tag, "X-Content-Type-Options": "nosniff"}
    if request.headers.get("if-none-match") == tag:
        return HTTPResponse(status=304, headers=headers)
    return raw(content, content_type=TYPES[Path(name).suffix], headers=headers)
