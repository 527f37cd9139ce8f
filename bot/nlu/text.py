"""Text as the model sees it: folded, squeezed, with numbers and addresses made alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,128}")
_LINK = re.compile(r"https?://\S{1,500}")
_DIGITS = re.compile(r"\d{5,}")
_SHORT_DIGITS = re.compile(r"\d")
_LONG = re.compile(r"([^\W\d])\1{2,}")
_SPACES = re.compile(r"\s+")
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
# Letters that hold a mark which Unicode does not take apart.
_LETTERS = str.maketrans(
    {
        **{"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"},
        # Letters that Arabic is typed with one for the other, and the line that stretches a word.
        **{"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": ""},
    }
)
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3040-\u30ff\u31f0-\u31ff"
WITHOUT_SPACES = re.compile(f"[{HAN}{KANA}]")
_HAN, _KANA = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")


def fold(text: str) -> str:
    """A text without case, accents and width: what a customer means, however it was typed.

    Kana keep their marks, for they are letters of their own there.
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))


def simplified(text: str) -> str:
    """Chinese in simplified characters and mainland words, however it was typed; other texts as they are.

    Kana make a text Japanese, whose characters are left alone.
    """
    if _HAN.search(text) and not _KANA.search(text):
        return str(_converter().convert(text))
    return text


@lru_cache(maxsize=1)
def _converter() -> Any:
    """OpenCC with Taiwan's words; loaded with the first Chinese text, in 10 ms."""
    from opencc import OpenCC

    return OpenCC("tw2sp")


def plain(text: str) -> str:
    """A folded, simplified text in which every address, link and number looks like any other, on one line.

    A slash in front is a chat program's way to begin a command, and none of ours.
    """
    text = _EMAIL.sub(" @mail ", _LINK.sub(" @link ", simplified(fold(text))))
    text = _SHORT_DIGITS.sub("0", _DIGITS.sub("000000", text))
    return _SPACES.sub(" ", _LONG.sub(r"\1\1", text)).strip().lstrip("/ ")
