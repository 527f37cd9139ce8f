"""The vectors of all examples, kept beside the encoder: a training computes only those of new texts."""

from __future__ import annotations

import hashlib
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Sequence

import numpy as np

from bot.nlu.vectors import Encoder

FILE = "vectors.npz"
_KEY = 16  # bytes
Vectors = Any  # float32, one row a text


def vectors_of(
    texts: Sequence[str], *, encoder: Encoder, kept: Path, told: Callable[[int, int], None]
) -> Vectors:
    """The vectors of texts, in their order; `told` hears how many of how many new ones are done.

    What is in the file `kept` is not computed again, if it is this encoder's. Afterwards the file
    holds these texts; where it cannot be written, that costs time at the next training and no more.
    """
    keys = [_key(text) for text in texts]
    known = _read(kept, encoder)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    # A vector does not depend on its neighbours, so threads change nothing but the time.
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        for at, (key, vector) in enumerate(zip(new, threads.map(encoder.vector, new.values()), strict=True)):
            told(at, len(new))
            known[key] = vector
    if new:
        _write(kept, encoder, {key: known[key] for key in sorted(set(keys))})
    return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(keys), encoder.size)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).digest()[:_KEY]


def _read(path: Path, encoder: Encoder) -> dict[bytes, Any]:
    try:
        with np.load(path, allow_pickle=False) as file:
            if str(file["encoder"]) != encoder.note.digest:
                return {}
            return {key.tobytes(): row for key, row in zip(file["keys"], file["vectors"], strict=True)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _write(path: Path, encoder: Encoder, rows: dict[bytes, Any]) -> None:
    partial = path.with_name(f"partial-{path.name}")
    try:
        np.savez(
            partial,
            encoder=np.array(encoder.note.digest),
            keys=np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), _KEY),
            vectors=np.array(list(rows.values()), dtype=np.float32),
        )
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
