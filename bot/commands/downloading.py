"""Fetches a file that is named by its address, and knows when it is not the one that was meant."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Callable, Optional

import httpx

Progress = Callable[[int, Optional[int]], None]
_TIMEOUT = httpx.Timeout(30.0)
_OURS = ("127.0.0.1", "localhost", "::1")


def fetch(
    address: str, to: Path, *, most_bytes: int, sha256: Optional[str] = None, progress: Progress
) -> str:
    """Download a file and return its SHA-256.

    `progress` gets the bytes so far and, where the server says so, how many there will be. RuntimeError
    when the server refuses, the line breaks, or the file is too large or not the one that `sha256` names.
    """
    digest, size = hashlib.sha256(), 0
    try:
        _check_way(httpx.URL(address), address)
        with httpx.stream("GET", address, follow_redirects=True, timeout=_TIMEOUT) as answer:
            _check(answer, address)
            length = answer.headers.get("content-length", "")
            total = int(length) if length.isdigit() else None
            with to.open("wb") as file:
                for part in answer.iter_bytes():
                    size += len(part)
                    if size > most_bytes or (total or 0) > most_bytes:
                        raise RuntimeError(
                            f"{address} is larger than {most_bytes / 1e6:.0f} MB, "
                            "so it is not the file that was meant."
                        )
                    digest.update(part)
                    file.write(part)
                    progress(size, total)
    except (httpx.HTTPError, httpx.InvalidURL) as e:
        raise RuntimeError(f"{address} could not be fetched: {e or type(e).__name__}.") from None
    found = digest.hexdigest()
    if sha256 and found != sha256:
        raise RuntimeError(f"{address} gave a file with SHA-256 {found}; expected {sha256}.")
    return found


def _check(answer: httpx.Response, address: str) -> None:
    _check_way(answer.url, address)  # redirects may lead elsewhere, but not out of TLS
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}; try again later, or add a folder.")


def _check_way(url: httpx.URL, address: str) -> None:
    if url.scheme == "http" and url.host not in _OURS:
        raise RuntimeError(f"{address} leads to {url.host} without encryption; use an https address.")
