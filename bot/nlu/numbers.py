"""Order numbers, tracking numbers, e-mail addresses and quantities in a text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Optional, Sequence

from bot.nlu.spans import Claims, Folded, alternatives, read
from bot.nlu.text import fold

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-@])[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_%+\-])?@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,24}(?![A-Za-z0-9@])"
)
_LINK = re.compile(r"(?:https?://|www\.)\S{1,500}")
_TRACKING = re.compile(
    r"(?<![A-Za-z0-9\-])(?:"
    r"1Z[0-9A-Z]{16}"
    r"|[A-Z]{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}[ ]?[A-Z]{2}"
    r"|(?:JJD|JD|YT|LP|SF|CNG|UJ|YW|JT|GV|SD|UUS|SY|ZES)\d{9,22}[A-Z]{0,4}"
    r"|[A-Z]{1,4}\d{12,24}[A-Z]{0,4}"
    r"|\d{13,34}|\d{4}(?: \d{4}){3,7}(?: \d{1,4})?"
    r")(?![A-Za-z0-9\-])",
    re.IGNORECASE,
)
_PHONES = re.compile(
    r"\+\d[\d ().\-]{6,20}\d"
    r"|(?<![\d\-])00\d{8,14}(?!\d)"
    r"|(?<![\d\-A-Za-z])0\d{2,5}[ /\-]\d{3,9}(?:[ \-]\d{2,6}){0,3}(?!\d)"
    r"|(?<![\d\-A-Za-z])1[3-9]\d{9}(?!\d)"
    r"|(?<![\d\-A-Za-z])\(?\d{3}\)?[ .\-]\d{3}[ .\-]\d{4}(?!\d)"
)
_ORDERS = re.compile(
    r"(?<![A-Za-z0-9@._\-])(?:"
    r"#\s?(?:[A-Za-z]{1,5}[\-\s]?)?\d{3,12}"
    r"|[A-Za-z]{1,5}-\d{4,12}"
    r"|[A-Za-z]{2,4}\d{4,12}"
    r"|[A-Z]{2,4} \d{5,12}"
    r")(?![A-Za-z0-9@_]|[.\-]\d)"
)
_BARE = re.compile(r"(?<![A-Za-z0-9@._,#/\-])\d{4,12}(?![A-Za-z0-9@_%/]|[.,\-]\d)")
_YEAR = re.compile(r"(?:19[89]|20[0-4])\d")
_NEAR = 28
# A small number without letters, points or signs around it.
_COUNT = re.compile(r"(?<![A-Za-z0-9_.,#/\-])\d{1,3}(?![\d%A-Za-z_]|[.,\-/:]\d)")
# Between a number and the version that it counts: "10 in blue", "10 of the M".
_OF_IT = re.compile(
    r"\s*(?:(?:in|en|of|de|von)\s+)?(?:(?:the|la|las|los|el|der|die|den|das)\s+)?", re.IGNORECASE
)


class Numbers:
    """Tells what a number is by how it looks, and by the words before it."""

    def __init__(self, folder: Path) -> None:
        data = read(folder, "numbers")
        self._about = [
            (kind, re.compile(f"(?<![^\\W\\d_])(?:{alternatives(data[kind])})"))
            for kind in ("tracking", "order", "postcode", "phone", "other")
        ]
        pieces = alternatives(data["pieces"])
        words = {fold(str(word)): str(number) for number, rows in data["words"].items() for word in rows}
        self._words = words
        self._quantities = re.compile(
            f"(?<![A-Za-z0-9_.,\\-])(?P<number>\\d{{1,6}})\\s?(?:{pieces})"
            f"|(?<![a-z0-9])x\\s?(?P<times>\\d{{1,4}})(?![\\w.,])"
            f"|(?<![^\\W\\d_])(?P<word>{alternatives(words)})\\s?(?:{pieces})"
        )
        self._counting = re.compile(
            f"(?:^|[.,;:!?¿¡(\\n]|(?<![^\\W\\d_])(?:{alternatives(data['counting'])}))\\s*$"
        )
        self._thing = re.compile(f"\\s(?!(?:{alternatives(data['no_thing'])}))[^\\W\\d_]{{3,}}")

    def find_addresses(self, claims: Claims) -> None:
        """Take e-mail addresses, and links so that nobody reads numbers in them."""
        for found in _EMAIL.finditer(claims.raw):
            claims.take("email", *found.span(), found.group().lower())
        for found in _LINK.finditer(claims.raw):
            claims.take(None, *found.span())

    def find_tracking(self, text: Folded, claims: Claims) -> None:
        """Take tracking numbers; the value has capitals and no spaces."""
        for found in _TRACKING.finditer(claims.raw):
            claims.take("tracking_number", *found.span(), re.sub(r"\s", "", found.group()).upper())
        for found in _BARE.finditer(claims.raw):
            if len(found.group()) >= 8 and self._kind_before(claims.raw, found.start()) == "tracking":
                claims.take("tracking_number", *found.span(), found.group())

    def find_phones(self, claims: Claims) -> None:
        """Take telephone numbers out of the way: they are no entity."""
        for found in _PHONES.finditer(claims.raw):
            claims.take(None, *found.span())
        for found in re.finditer(r"(?<![\w\-])\d{7,12}(?!\w)", claims.raw):
            if self._kind_before(claims.raw, found.start()) == "phone":
                claims.take(None, *found.span())

    def find_orders(self, claims: Claims) -> None:
        """Take order numbers; the value has capitals, no `#` and no spaces."""
        for found in _ORDERS.finditer(claims.raw):
            written = found.group()
            if written.startswith("#") or self._kind_before(claims.raw, found.start()) != "other":
                claims.take("order_number", *found.span(), re.sub(r"[#\s]", "", written).upper())
        for found in _BARE.finditer(claims.raw):
            kind = self._kind_before(claims.raw, found.start())
            alone = claims.raw.strip(" \t\r\n.,;:!?#") == found.group()
            if kind in ("postcode", "other", "phone"):
                continue
            if _YEAR.fullmatch(found.group()) and kind != "order" and not alone:
                continue
            claims.take("order_number", *found.span(), found.group())

    def find_quantities(
        self, text: Folded, claims: Claims, *, colours: Sequence[tuple[int, int]] = ()
    ) -> None:
        """Take quantities; the span is the number alone, the value its digits.

        `colours` are the places of colours in the text.
        """
        for found in self._quantities.finditer(text.text):
            group = next(name for name in ("number", "times", "word") if found[name])
            value = self._words[found["word"]] if group == "word" else str(int(found[group]))
            claims.take("quantity", *text.place(*found.span(group)), value)
        sizes = [span.start for span in claims.spans if span.entity == "size"]
        versions = {start for start, _ in colours if sizes} | set(sizes)
        for found in _COUNT.finditer(claims.raw):
            if int(found.group()) and self._counts(claims.raw, found.start(), found.end(), versions):
                claims.take("quantity", *found.span(), str(int(found.group())))

    def _counts(self, raw: str, start: int, end: int, versions: set[int]) -> bool:
        """Whether a number says how many: "have you 30 cutting boards", "10 in blue L"."""
        if not self._counting.search(fold(raw[max(0, start - _NEAR) : start])):
            return False
        gap = _OF_IT.match(raw, end)
        return (gap is not None and gap.end() in versions) or bool(
            self._thing.match(fold(raw[end : end + _NEAR]))
        )

    def _kind_before(self, raw: str, start: int) -> Optional[str]:
        """What the nearest telling word before a number says that it is."""
        before = fold(raw[max(0, start - _NEAR) : start])
        nearest, kind = -1, None
        for name, pattern in self._about:
            for found in pattern.finditer(before):
                if found.end() > nearest:
                    nearest, kind = found.end(), name
        return kind
