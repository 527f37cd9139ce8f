"""What the log may hold of an error: its kind and its place, never its words, which may be a customer's."""

from __future__ import annotations

import traceback


def where(error: BaseException) -> str:
    """The error's kind and the lines of code it came through, those of its causes included."""
    told = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        told.append(f"{type(one).__name__}\n{''.join(traceback.format_tb(one.__traceback__))}".rstrip())
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n  from ".join(told)
