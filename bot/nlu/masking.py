"""References as one sign each: to what is wanted, "#10482" and "#99" are the same."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

# One private letter of Unicode for each kind; nothing that a customer types looks like it.
SIGNS: Mapping[str, str] = {
    kind: chr(0xE000 + at)
    for at, kind in enumerate(
        (
            *("order_number", "tracking_number", "email", "amount", "size", "country"),
            *("colour", "date", "carrier", "measurement"),
        )
    )
}
NAMES: Mapping[str, str] = {sign: f"<{kind}>" for kind, sign in SIGNS.items()}


def masked(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """A text in which each reference is its kind's sign; entities have `entity`, `start` and `end`."""
    for found in sorted(_signed(entities), key=lambda row: -int(row["start"])):
        text = f"{text[: found['start']]} {SIGNS[found['entity']]} {text[found['end'] :]}"
    return text


def masked_words(words: Sequence[tuple[str, int]], entities: Iterable[Mapping[str, Any]]) -> list[str]:
    """Words, each with where it starts; those of a reference are its kind's sign together."""
    kinds = {at: row for row in _signed(entities) for at in range(row["start"], row["end"])}
    result: list[str] = []
    last = None
    for word, start in words:
        found = next((kinds[at] for at in range(start, start + len(word)) if at in kinds), None)
        if found is None:
            result.append(word)
        elif found is not last:
            result.append(SIGNS[found["entity"]])
        last = found
    return result


def without(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """A text without its references."""
    for found in _signed(entities):
        text = text[: found["start"]] + " " * (found["end"] - found["start"]) + text[found["end"] :]
    return text


def named(piece: str) -> str:
    """A piece of a masked text, for people to read."""
    return "".join(NAMES.get(char, char) for char in piece)


def _signed(entities: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in entities if row["entity"] in SIGNS]
