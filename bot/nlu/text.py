"""Text as the model sees it: folded, squeezed, with numbers and addresses made alike."""

from __future__ import annotations

import re
import unicodedata

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,128}")
_LINK = re.compile(r"https?://\S{1,500}")
_DIGITS = re.compile(r"\d{5,}")
_SHORT_DIGITS = re.compile(r"\d")
_LONG = re.compile(r"([^\W\d])\1{2,}")
_SPACES = re.compile(r"\s+")
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
# Letters that hold a mark which Unicode does not take apart.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3040-\u30ff\u31f0-\u31ff"
WITHOUT_SPACES = re.compile(f"[{HAN}{KANA}]")


def fold(text: str) -> str:
    """A text without case, accents and width: what a customer means, however it was typed.

    Kana keep their marks, for they are letters of their own there.
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def plain(text: str) -> str:
    """A folded text in which every address, link and number looks like any other, on one line."""
    text = _EMAIL.sub(" @mail ", _LINK.sub(" @link ", fold(text)))
    text = _SHORT_DIGITS.sub("0", _DIGITS.sub("000000", text))
    return _SPACES.sub(" ", _LONG.sub(r"\1\1", text)).strip()
