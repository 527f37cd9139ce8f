"""Order numbers, tracking numbers and e-mail addresses in a text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Optional, Sequence

from bot.nlu.addresses import address_pattern
from bot.nlu.patterns import has_digit, in_ascii, whole
from bot.nlu.quantities import Quantities
from bot.nlu.spans import Claims, Folded, read
from bot.nlu.text import fold
from bot.nlu.words import Words

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-@])[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_%+\-])?@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,24}(?![A-Za-z0-9@])"
)
_LINK = re.compile(r"(?:https?://|www\.)\S{1,500}")
_TRACKING = re.compile(
    r"(?<![A-Za-z0-9\-])(?:"
    r"1Z(?: ?[0-9A-Z]){16}"
    r"|[A-Z]{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}[ ]?[A-Z]{2}"
    r"|(?:JJD|JD|YT|LP|SF|CNG|UJ|YW|JT|GV|SD|UUS|SY|ZES|4PX)\d{9,22}[A-Z]{0,4}"
    r"|[A-Z]{1,4}\d{12,24}[A-Z]{0,4}|\d[A-Z]\d{11}"
    r"|\d{13,34}|\d{4}(?: \d{4}){3,7}(?: \d{1,4})?"
    r")(?![A-Za-z0-9\-])",
    re.IGNORECASE,
)
# Digits in groups, and letters with digits: a tracking number where a word before says so.
_GROUPED = re.compile(
    r"(?<![A-Za-z0-9_\-.])(?:[A-Z]{0,4}\d{3,6}(?:[ \-]\d{3,6}){1,5}|[A-Z]{0,4}\d{8,20})(?![A-Za-z0-9_\-])",
    re.IGNORECASE,
)
_DIGITS = r"(?<![A-Za-z0-9_\-.,#/№])"
_PHONES = re.compile(
    r"\+\d[\d ().\-/]{6,20}\d"
    rf"|{_DIGITS}00\d{{8,14}}(?!\d)"
    rf"|{_DIGITS}\(?0\d{{1,5}}\)?(?:[ /.\-]{{1,3}}\d{{2,9}}){{1,5}}(?!\d)"
    rf"|{_DIGITS}0\d{{8,11}}(?![A-Za-z0-9_])"
    rf"|{_DIGITS}1[3-9]\d[ \-]?\d{{4}}[ \-]?\d{{4}}(?!\d)"
    rf"|{_DIGITS}\(?\d{{3}}\)?[ .\-]\d{{3}}[ .\-]\d{{4}}(?!\d)"
    rf"|{_DIGITS}[78][ \-]?\(?[3-9]\d\d\)?[ \-]?\d{{3}}[ \-]?\d\d[ \-]?\d\d(?!\d)"
    rf"|{_DIGITS}\(\d{{2,5}}\) ?\d{{3,5}}[ \-]?\d{{3,5}}(?!\d)"
    rf"|{_DIGITS}\d\d 9?\d{{4}}[ \-]\d{{4}}(?!\d)"
    rf"|{_DIGITS}(?:[67]\d\d(?: \d{{3}}){{2}}|[67]\d\d(?: \d\d){{3}})(?!\d)"
    rf"|{_DIGITS}3\d\d[ ./\-]\d{{3}}[ ]?\d{{3,4}}(?!\d)"
)
# Any digits with what people put between them: a telephone number after a word for one.
_DIALLED = re.compile(r"(?<![A-Za-z0-9_\-])\(?\d(?:[ ().\-/]{0,2}\d){6,14}(?![A-Za-z0-9_])")
_ORDERS = re.compile(
    r"(?<![A-Za-z0-9@._\-])(?:"
    r"#\s?(?:[A-Za-z]{1,5}[\-\s]?)?\d{3,12}(?:-\d{1,6})?"
    r"|[A-Za-z]{1,5}-\d{3,12}(?:-\d{1,6})?"
    r"|[A-Za-z]{2,4}\d{4,12}"
    r"|[A-Z]{2,4} \d{5,12}"
    r")(?![A-Za-z0-9@_]|[.\-]\d)"
)
# After a word for an order: digits in two or three parts, digits among letters.
_PARTED = re.compile(
    r"(?<![A-Za-z0-9_@.\-])(?:\d{1,6}(?:-\d{2,7}){1,2}|(?:\d{2,4}|[A-Z]{1,3})/\d{3,7}|(?=[A-Z]*\d[A-Z\d]*\d)(?=\d*[A-Z])[A-Z\d]{5,14})(?![A-Za-z0-9_@\-])"
)
_BARE = re.compile(r"(?<![A-Za-z0-9@._,#/\-])\d{4,12}(?![A-Za-z0-9@_%/]|[.,\-]\d)")
_YEAR = re.compile(r"(?:19[3-9]|20[0-4])\d")
_WORD = re.compile(r"\s?([^\W\d_]+)")
_DIGITS_AND_SIGNS = "0123456789 -"
_NEAR, _NEXT = 28, 12
_KINDS = ("tracking", "order", "postcode", "phone", "other")


class Numbers:
    """Tells what a number is by how it looks, and by the words before it."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "numbers")
        self._about = [(kind, re.compile(whole(data[kind], start=True))) for kind in _KINDS]
        self._standards = frozenset(map(str, data["standards"]))
        order = whole(data["order"], start=True)
        self._short = re.compile(
            f"(?:{order})(?:\\s?(?:no|nr|n|number|num|номер|رقم))?[.:°º]?\\s{{0,2}}(?P<number>\\d{{3}})(?![\\d%:/\\-]|[.,]\\d)"
        )
        self._goes_on = Words(read(folder, "quantities")["goes_on"])
        self._address = address_pattern(folder)
        self._quantities = Quantities(folder)

    def find_addresses(self, claims: Claims) -> None:
        """Take e-mail addresses, and links so that nobody reads numbers in them."""
        for found in _EMAIL.finditer(claims.raw):
            claims.take("email", *found.span(), found.group().lower())
        for found in _LINK.finditer(claims.raw):
            claims.take(None, *found.span())

    def find_tracking(self, text: Folded, claims: Claims) -> None:
        """Take tracking numbers; the value has capitals and no spaces."""
        if not has_digit(claims.raw):
            return
        for found in _TRACKING.finditer(claims.raw):
            claims.take("tracking_number", *found.span(), _joined(found.group()))
        for found in _GROUPED.finditer(claims.raw):
            if (
                len(_joined(found.group())) >= 8
                and self._kind_before(claims.raw, found.start()) == "tracking"
            ):
                claims.take("tracking_number", *found.span(), _joined(found.group()))

    def find_phones(self, claims: Claims) -> None:
        """Take telephone numbers out of the way: they are no entity."""
        if not has_digit(claims.raw):
            return
        for found in _PHONES.finditer(claims.raw):
            if self._kind_before(claims.raw, found.start()) != "order":
                claims.take(None, *found.span())
        for found in _DIALLED.finditer(claims.raw):
            if self._kind_before(claims.raw, found.start()) == "phone":
                claims.take(None, *found.span())

    def find_orders(self, claims: Claims) -> None:
        """Take order numbers; the value has capitals, no `#` and no spaces."""
        raw = claims.raw
        if not has_digit(raw):
            return
        for found in _ORDERS.finditer(raw):
            written = found.group()
            if written.rstrip(_DIGITS_AND_SIGNS) in self._standards:
                continue
            if written.startswith("#") or self._kind_before(raw, found.start()) not in ("other", "postcode"):
                claims.take("order_number", *found.span(), _joined(written))
        for found in _PARTED.finditer(raw):
            if self._kind_before(raw, found.start(), within=_NEXT) == "order":
                claims.take("order_number", *found.span(), _joined(found.group()))
        is_address: Optional[bool] = None
        for found in _BARE.finditer(raw):
            kind = self._kind_before(raw, found.start())
            if kind in ("postcode", "other", "phone"):
                continue
            plain = in_ascii(found.group())
            if kind != "order" and (plain[0] == "0" or (plain.endswith("000") and len(plain) < 7)):
                continue
            alone = raw.strip(" \t\r\n.,;:!?#") == found.group()
            if _YEAR.fullmatch(plain) and kind != "order" and not alone:
                continue
            if is_address is None:
                is_address = self._address.search(fold(raw)) is not None
            if is_address and kind != "order" and len(found.group()) <= 6:
                continue
            claims.take("order_number", *found.span(), _joined(found.group()))
        self._find_short(claims)

    def _find_short(self, claims: Claims) -> None:
        """Take three digits right behind a word for an order, unless a thing follows them."""
        text = Folded(claims.raw)
        for found in self._short.finditer(text.text):
            word = _WORD.match(text.text, found.end())
            if word is None or len(word[1]) < 3 or word[1] in self._goes_on:
                claims.take("order_number", *text.place(*found.span("number")), in_ascii(found["number"]))

    def find_quantities(
        self, text: Folded, claims: Claims, *, colours: Sequence[tuple[int, int]] = ()
    ) -> None:
        """Take quantities; `colours` are the places of colours in the text."""
        self._quantities.find(text, claims, colours=colours)

    @staticmethod
    def _window(raw: str, start: int, within: int) -> str:
        return fold(raw[max(0, start - within) : start])

    def _kind_before(self, raw: str, start: int, *, within: int = _NEAR) -> Optional[str]:
        """What the nearest telling word before a number says that it is."""
        before = self._window(raw, start, within)
        nearest, kind = -1, None
        for name, pattern in self._about:
            for found in pattern.finditer(before):
                if found.end() > nearest:
                    nearest, kind = found.end(), name
        return kind


def _joined(written: str) -> str:
    return in_ascii(re.sub(r"[#\s]", "", written)).upper()
