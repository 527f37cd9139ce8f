"""What may be said about the stock of one product, for exactly the colour and size asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Mapping, Optional

from bot.answer import Choice, Fact
from bot.shop.shelf import Shelf

# Buttons under an answer; more are a wall.
MOST_CHOICES = 3

PERSON = Choice(label="choice.human_handoff", intent="human_handoff")


@dataclass(frozen=True)
class Asked:
    """The version asked for: colour and size as the catalogue writes them, or None for any."""

    colour: Optional[str] = None
    size: Optional[str] = None
    quantity: Optional[int] = None


@dataclass(frozen=True)
class Finding:
    """The reply key, the facts beside product and price, the buttons, and the version it speaks of."""

    key: str
    facts: tuple[Fact, ...] = ()
    choices: tuple[Choice, ...] = ()
    asked: Asked = Asked()
    state: str = "in"  # in, few, out, some or other; the card's word


def look(
    shelf: Shelf,
    *,
    colour: Optional[str],
    size: Optional[str],
    quantity: Optional[int],
    few: int,
    today: date,
) -> Finding:
    """What is true of the version asked for. `few` is the most pieces that are called few."""
    refused = _not_made(shelf, colour, size)
    if refused is not None:
        return refused
    if size and not shelf.sizes:
        return _one_size(shelf, colour, today)
    asked = Asked(colour=colour, size=shelf.size(size) if size else None, quantity=quantity)
    if len(shelf.matching(colour=asked.colour, size=asked.size)) == 1:
        return _exact(shelf, asked, few, today)
    if asked.colour:
        return _colour(shelf, asked, today)
    if asked.size:
        return _size(shelf, asked, today)
    return _broad(shelf, today)


# -- one version -------------------------------------------------------------------------


def _exact(shelf: Shelf, asked: Asked, few: int, today: date) -> Finding:
    left = shelf.pieces(colour=asked.colour, size=asked.size)
    kind = _kind(asked)
    facts = _said(asked)
    if left == 0:
        return _out(shelf, asked, today)
    if asked.quantity and asked.quantity > left:
        counted = (*facts, Fact("left", left), Fact("quantity", asked.quantity))
        key = "stock.not_enough_plain" if kind == "plain" else "stock.not_enough"
        return Finding(key, counted, (PERSON,), asked, "few" if left <= few else "in")
    if left <= few:
        return Finding(f"stock.few.{kind}", (*facts, Fact("left", left)), (), asked, "few")
    return Finding(f"stock.in.{kind}", facts, (), asked, "in")


def _out(shelf: Shelf, asked: Asked, today: date) -> Finding:
    """Sold out: the day of new stock if it is known, else what there is instead."""
    facts, kind = _said(asked), _kind(asked)
    instead = _instead(shelf, asked)
    back = shelf.back_on(colour=asked.colour, size=asked.size, today=today)
    if back is not None:
        day = Fact("restock_on", back, "day")
        return Finding(f"stock.back.{kind}", (*facts, day), instead, asked, "out")
    colours = shelf.colours_there(size=asked.size) if asked.colour else ()
    sizes = shelf.sizes_there(colour=asked.colour) if asked.size else ()
    others = (*_colours(colours), *_sizes(sizes))
    if colours and sizes:
        key = "stock.out.other_both"
    elif colours:
        key = f"stock.out.other_colours.{kind}"
    elif sizes:
        key = f"stock.out.other_sizes.{kind}"
    else:
        return Finding(f"stock.out.{kind}", facts, (PERSON,), asked, "out")
    return Finding(key, (*facts, *others), instead, asked, "out")


# -- several versions ----------------------------------------------------------------------


def _colour(shelf: Shelf, asked: Asked, today: date) -> Finding:
    """Only a colour was named: the sizes that are there in it."""
    there = shelf.sizes_there(colour=asked.colour)
    gone = tuple(s for s in shelf.sizes if s not in there and shelf.matching(colour=asked.colour, size=s))
    if not there:
        return _out(shelf, asked, today)
    facts = (*_said(asked), *_sizes(there), *_gone_sizes(gone))
    return Finding(
        "stock.colour.some" if gone else "stock.colour.all", facts, (), asked, "some" if gone else "in"
    )


def _size(shelf: Shelf, asked: Asked, today: date) -> Finding:
    """Only a size was named: the colours that are there in it."""
    there = shelf.colours_there(size=asked.size)
    gone = tuple(c for c in shelf.colours if c not in there and shelf.matching(colour=c, size=asked.size))
    if not there:
        return _out(shelf, asked, today)
    facts = (*_said(asked), *_colours(there), *_gone_colours(gone))
    return Finding(
        "stock.size.some" if gone else "stock.size.all", facts, (), asked, "some" if gone else "in"
    )


def _broad(shelf: Shelf, today: date) -> Finding:
    """Nothing was named: what there is at all, and a question for the rest."""
    colours, sizes = shelf.colours_there(), shelf.sizes_there()
    if not shelf.pieces():
        return _out(shelf, Asked(), today)
    if colours and sizes:
        buttons = tuple(_choice(shelf, Asked(colour=c)) for c in colours[:MOST_CHOICES])
        return Finding("stock.broad.both", _colours(colours), buttons, Asked(), "some")
    if colours:
        gone = tuple(c for c in shelf.colours if c not in colours)
        key = "stock.broad.colours_some" if gone else "stock.broad.colours"
        return Finding(key, (*_colours(colours), *_gone_colours(gone)), (), Asked(), "some" if gone else "in")
    gone = tuple(s for s in shelf.sizes if s not in sizes)
    key = "stock.broad.sizes_some" if gone else "stock.broad.sizes"
    return Finding(key, (*_sizes(sizes), *_gone_sizes(gone)), (), Asked(), "some" if gone else "in")


# -- what is not made ------------------------------------------------------------------------


def _not_made(shelf: Shelf, colour: Optional[str], size: Optional[str]) -> Optional[Finding]:
    """The product has no such colour or size at all; says which it has."""
    label = shelf.size(size) if size else None
    no_colour = bool(colour) and colour not in shelf.colours
    no_size = bool(size) and label is None and bool(shelf.sizes)
    said = (*_asked_colour(colour), *_asked_size(size))
    if no_colour and not shelf.colours and not no_size:
        there_is = "in" if shelf.pieces(size=label) else "out"
        return Finding(f"stock.one_colour.{there_is}", said, (), Asked(size=label), there_is)
    other = "other" if shelf.pieces() else "out"
    if no_colour and no_size:
        known = (*said, *_colours(shelf.colours), *_sizes(shelf.sizes))
        return Finding("stock.not_made.both", known, state=other)
    if no_colour:
        there = shelf.colours_there(size=label)
        buttons = tuple(_choice(shelf, Asked(colour=c, size=label)) for c in there[:MOST_CHOICES])
        key = "stock.not_made.colour" if there else "stock.not_made.colour_out"
        if there and label:
            key = "stock.not_made.colour_size"
        return Finding(key, (*said, *_colours(there or shelf.colours)), buttons, Asked(size=label), other)
    if no_size:
        sizes = shelf.sizes_there(colour=colour)
        buttons = tuple(_choice(shelf, Asked(colour=colour, size=s)) for s in sizes[:MOST_CHOICES])
        key = "stock.not_made.size" if sizes else "stock.not_made.size_out"
        if sizes and colour:
            key = "stock.not_made.size_colour"
        return Finding(key, (*said, *_sizes(sizes or shelf.sizes)), buttons, Asked(colour=colour), other)
    return None


def _one_size(shelf: Shelf, colour: Optional[str], today: date) -> Finding:
    """A size was named, and the product has none."""
    asked = Asked(colour=colour)
    if not shelf.pieces(colour=colour):
        return _out(shelf, asked, today)
    if not colour and shelf.colours:
        there = shelf.colours_there()
        return Finding("stock.one_size.colours", _colours(there), (), asked, "some")
    return Finding(f"stock.one_size.{_kind(asked)}", _said(asked), (), asked)


def _instead(shelf: Shelf, asked: Asked) -> tuple[Choice, ...]:
    """Buttons for what is there instead: the same size in other colours, then other sizes."""
    colours = shelf.colours_there(size=asked.size) if asked.colour else ()
    sizes = shelf.sizes_there(colour=asked.colour) if asked.size else ()
    versions = [Asked(colour=c, size=asked.size) for c in colours[:2]]
    versions += [Asked(colour=asked.colour, size=s) for s in sizes[: MOST_CHOICES - len(versions)]]
    return tuple(_choice(shelf, version) for version in versions)


def _choice(shelf: Shelf, version: Asked) -> Choice:
    entities: Mapping[str, Optional[str]] = {
        "product": shelf.product.id,
        "colour": version.colour,
        "size": version.size,
    }
    return Choice(
        label=f"stock.choice.{_kind(version)}",
        intent="stock_question",
        entities={name: value for name, value in entities.items() if value},
        facts=_said(version),
    )


# -- facts ------------------------------------------------------------------------------------


def _kind(asked: Asked) -> str:
    if asked.colour and asked.size:
        return "both"
    return "colour" if asked.colour else "size" if asked.size else "plain"


def _said(asked: Asked) -> tuple[Fact, ...]:
    return (*_asked_colour(asked.colour), *_asked_size(asked.size))


def _asked_colour(colour: Optional[str]) -> tuple[Fact, ...]:
    return (Fact("colour", colour, "term"),) if colour else ()


def _asked_size(size: Optional[str]) -> tuple[Fact, ...]:
    return (Fact("size", size),) if size else ()


# A number at the end of a fact's name is no part of its term: colour_1 is worded as colours are.


def _colours(codes: tuple[str, ...]) -> tuple[Fact, ...]:
    return (Fact("colour_1", codes, "term"),) if codes else ()


def _gone_colours(codes: tuple[str, ...]) -> tuple[Fact, ...]:
    return (Fact("colour_2", codes, "term"),) if codes else ()


def _sizes(labels: tuple[str, ...]) -> tuple[Fact, ...]:
    return (Fact("sizes", labels, "list"),) if labels else ()


def _gone_sizes(labels: tuple[str, ...]) -> tuple[Fact, ...]:
    return (Fact("sizes_out", labels, "list"),) if labels else ()
