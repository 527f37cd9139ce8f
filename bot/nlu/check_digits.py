"""Check digits of tracking numbers, where the carrier defines one."""

from __future__ import annotations

import re
from typing import Optional

from bot.nlu.patterns import in_ascii

_POST = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_POST_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_UPS = re.compile(r"1Z([0-9A-Z]{15})(\d)")


def check_digit_holds(number: str) -> Optional[bool]:
    """Whether a tracking number's check digit is right; None for carriers that define none.

    Knows postal items (UPU S10) and UPS (1Z). A wrong one means a slip in typing, never that the
    parcel does not exist.
    """
    plain = in_ascii(re.sub(r"[\s\-]", "", number)).upper()
    post = _POST.fullmatch(plain)
    if post:
        return _post_check(post[1]) == int(post[2])
    ups = _UPS.fullmatch(plain)
    return _ups_check(ups[1]) == int(ups[2]) if ups else None


def _post_check(digits: str) -> int:
    check = 11 - sum(int(d) * w for d, w in zip(digits, _POST_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(check, check)


def _ups_check(letters: str) -> int:
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in letters]
    return -(sum(values[::2]) + 2 * sum(values[1::2])) % 10
