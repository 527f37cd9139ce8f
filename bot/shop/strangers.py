"""Names and things in a text that the catalogue does not have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Optional, Sequence

from bot.shop.finding import fold, is_word
from bot.yamls import load_yaml

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’‘`´][^\W\d_]+)*")
_JOINT = re.compile(r"[-'’‘`´]")
_LATIN = r"[A-Z][A-Za-z]{2,}"
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# Nobody names a product after so many characters.
_MOST_CHARS = 600
# A name of fewer letters is a size, a system or an initial.
_LEAST_NAME = 3
_ALIKE = 0.8
_LEAST_DENSE = 2


@dataclass(frozen=True)
class PlainWords:
    """Words that are no product's name, and how a text asks for a thing; made by `load_plain_words`."""

    words: frozenset[str]
    asking: re.Pattern[str]


def stranger(
    text: str, words: Sequence[str], *, known: frozenset[str], brands: frozenset[str], plain: frozenset[str]
) -> Optional[str]:
    """A name beside the words found that nothing in the catalogue has: Rill, of "Rill rain jacket".

    `known` are the catalogue's words, `brands` those of them that are names (which a customer may
    misspell), `plain` other words that may stand there with a capital.
    """
    for name in _beside(text[:_MOST_CHARS], words):
        parts = [fold(name), *(fold(part) for part in _JOINT.split(name))]
        if any(is_word(part, known) or is_word(part, plain) for part in parts):
            continue
        if len(name) >= _LEAST_NAME and not get_close_matches(fold(name), brands, n=1, cutoff=_ALIKE):
            return name
    return None


def asks_for_another(text: str, known: frozenset[str], plain: PlainWords) -> bool:
    """Whether a text asks for a thing that the catalogue has no word for: "do you have umbrellas"."""
    found = plain.asking.search(fold(text[:_MOST_CHARS]))
    if found is None:
        return False
    if found["dense"]:
        rest = found["dense"]
        for word in sorted(plain.words, key=len, reverse=True):
            rest = rest.replace(word, "") if _CJK.search(word) else rest
        return len(rest) >= _LEAST_DENSE
    thing = found["thing"]
    return len(thing) >= _LEAST_NAME and not is_word(thing, known) and not is_word(thing, plain.words)


def load_plain_words(folder: Path) -> PlainWords:
    """Words that are no product's name, from names.yml and colours.yml; ValueError names the file."""
    path = folder / "names.yml"
    rows: Any = load_yaml(path.read_text(encoding="utf-8")) or {}
    if not isinstance(rows, dict) or not all(isinstance(words, list) for words in rows.values()):
        raise ValueError(f"{path}: it takes a list of words for each language.")
    colours: Any = load_yaml((folder / "colours.yml").read_text(encoding="utf-8")) or {}
    forms = (
        str(form).rstrip("~") for known in colours.values() for words in known.values() for form in words
    )
    asks, articles = (_either(rows.pop(name, ())) for name in ("asks", "articles"))
    listed = (str(word) for words in rows.values() for word in words)
    return PlainWords(
        words=frozenset(fold(part) for form in (*forms, *listed) for part in form.split()),
        asking=re.compile(
            rf"(?<![a-z])(?:{asks})\s+(?:(?:{articles})\s+)*(?P<thing>[a-z]+)"
            rf"|有(?:没有)?(?P<dense>[\u4e00-\u9fff]{{2,8}}?)(?=[吗么嘛]|$|[？?。，])"
        ),
    )


def _either(words: Sequence[object]) -> str:
    return (
        "|".join(re.escape(fold(str(word))) for word in sorted(words, key=lambda w: -len(str(w)))) or "(?!)"
    )


def _beside(text: str, words: Sequence[str]) -> list[str]:
    """The words with a capital that touch the found ones; a text in capitals has none."""
    if not words or text.isupper():
        return []
    joined = "".join(words)
    if _CJK.search(joined):
        at = text.casefold().find(joined)
        before, after = text[: max(at, 0)], text[at + len(joined) :] if at >= 0 else ""
        around = (re.search(rf"({_LATIN})\s?$", before), re.match(rf"\s?({_LATIN})", after))
        return [found[1] for found in around if found]
    tokens = list(_TOKEN.finditer(text))
    for at in range(len(tokens) - len(words) + 1):
        here = tokens[at : at + len(words)]
        if all(is_word(fold(t.group()), frozenset((word,))) for t, word in zip(here, words, strict=True)):
            names = [token.group() for token in _touching(text, tokens, at, at + len(words))]
            names += here[0].group().split("-")[:-1]  # the Rill of a "Rill-Regenjacke"
            return [name for name in names if name[:1].isupper()]
    return []


def _touching(text: str, tokens: Sequence[re.Match[str]], start: int, end: int) -> list[re.Match[str]]:
    """The words right before and right after a place, with nothing but a space or a quote between."""
    found = []
    if start > 0 and not text[tokens[start - 1].end() : tokens[start].start()].strip(" \"“”„'"):
        found.append(tokens[start - 1])
    if end < len(tokens) and not text[tokens[end - 1].end() : tokens[end].start()].strip(" \"“”„'"):
        found.append(tokens[end])
    return found
