"""Which size: by the product's own chart first, else by the general tables; never a promise that it fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Mapping, Optional, Sequence

from bot.answer import Answer, Choice, Fact, HandoffRequest
from bot.shop import chart as charts
from bot.shop import size_facts as facts
from bot.shop.backends.base import BackendUnavailable
from bot.shop.catalogue import Catalogue, which
from bot.shop.choosing import Meant
from bot.shop.model import ChartRow, Product, SizeChart
from bot.shop.size_model import NeedsGender, OutOfRange, UnknownSize
from bot.shop.size_tables import SizeBook
from bot.shop.size_words import Mentioned, Size, centimetres
from bot.shop.sizes import Converted

PERSON = Choice(label="choice.human_handoff", intent="human_handoff")
# Asked for when nothing is known: button, its kind, its gender.
KINDS = (("shoes", "women"), ("shoes", "men"), ("clothing", "women"), ("clothing", "men"))
# What a measure is measured for.
KIND_OF = {
    "foot": "shoes",
    "finger": "rings",
    "diameter": "rings",
    "underbust": "bras",
    "bust": "clothing",
    "chest": "clothing",
    "waist": "clothing",
    "hips": "clothing",
}
PI = Decimal("3.14159265")
_ADULTS = ("women", "men")


class Fitting:
    """Answers about sizes. `catalogue` knows the products, `tables` what data/sizes holds."""

    def __init__(self, *, catalogue: Catalogue, tables: SizeBook) -> None:
        self._catalogue = catalogue
        self._book = tables

    def answer(
        self,
        *,
        text: str,
        product: Optional[str],
        size: Optional[str],
        system: Optional[str],
        measurements: Sequence[str],
        country: Optional[str],
        language: str,
        now: datetime,
        seen: Optional[str] = None,
    ) -> Answer:
        """Which size, or what must be known to say it.

        `product` is the page's, `seen` the last one that an answer was about, `size` what was named.
        """
        try:
            spoken_of = self._catalogue.speaks_of(text, page=product, seen=seen, size=size)
            as_of = self._catalogue.as_of()
        except BackendUnavailable:
            request = HandoffRequest(reason="shop_unavailable", topic="size_question")
            return Answer(key="size.unavailable", handoff=request)
        found = spoken_of.product
        said = self._book.words.read(text, size=size, system=system)
        if found is not None and not spoken_of.is_named and _is_of_another_kind(found, said):
            found, spoken_of = None, Meant(None)
        if spoken_of.is_bare and (said.measures or said.size or measurements):
            found, spoken_of = None, Meant(None)  # "shoes" alone is no product of the shop's
        said = self._with_lengths(said, measurements, found.chart if found else None)
        if spoken_of.why and not (found is not None and found.chart and _measured_by(found.chart, said)):
            asked = {"size": size, "size_system": system}
            answer = which(spoken_of, intent="size_question", asked=asked, language=language)
            return facts.sourced(answer, source=self._catalogue.source, as_of=as_of)
        if found is not None and found.chart is not None:
            answer = self._by_chart(found, found.chart, said, country, language)
            return facts.sourced(answer, source=f"{self._catalogue.source}, size chart", as_of=as_of)
        if found is not None and not (said.measures or said.size):
            return facts.sourced(_no_chart(found, language), source=self._catalogue.source, as_of=as_of)
        if found is None and spoken_of.is_named and not (said.measures or said.size):
            asked = {"size": size, "size_system": system}
            return which(spoken_of, intent="size_question", asked=asked, language=language)
        answer = self._by_table(said, country, language)
        table = facts.table_of(self._book.tables, said)
        return facts.sourced(answer, source=table.source, as_of=date.fromisoformat(table.checked_on))

    # -- the product's own chart -----------------------------------------------------------

    def _by_chart(
        self, product: Product, chart: SizeChart, said: Mentioned, country: Optional[str], language: str
    ) -> Answer:
        known = (Fact("product", product.name(language)), *facts.chart_facts(chart, language))
        card = facts.chart_card(chart)
        measures = _measured_by(chart, said)
        if measures:
            answer = _pointed(chart, measures)
        elif said.size is not None:
            answer = self._named(chart, said.size, said, country)
        else:
            is_child = chart.gender == "children"
            answer = Answer(key="size.product.ask_child" if is_child else _key("size.product.ask", chart))
        return replace(answer, card=card).with_facts(*known)

    def _named(self, chart: SizeChart, size: Size, said: Mentioned, country: Optional[str]) -> Answer:
        """A size was named: what the product's chart says of it."""
        rows = charts.row_named(chart, size.label, size.system)
        if rows and charts.is_own_label(rows[0], size.label):
            return _label(chart, rows[0])
        gender = said.gender if chart.gender == "unisex" or _is_other(chart, said) else chart.gender
        if rows and gender in (chart.gender, None):
            return _converted_rows(chart, size, [row.size for row in rows])
        for worn in self._may_be(size, country, chart.kind):
            sizes = self._sizes(chart, size.label, worn, gender)
            if sizes is None:
                return Answer(key="size.product.ask_measure", facts=(facts.asked(chart),))
            if sizes:
                return _converted_rows(chart, Size(size.label, worn), sizes)
        given = Fact("from_size", size.label)
        return Answer(key="size.product.no_such", facts=(given,), choices=(PERSON,))

    def _sizes(
        self, chart: SizeChart, label: str, worn: str, gender: Optional[str]
    ) -> Optional[Sequence[str]]:
        """What a size of another system is in the chart: by its column, else by the body; none: ask."""
        rows = charts.row_named(chart, label, worn)
        if rows and (gender in (chart.gender, None) or chart.gender == "unisex"):
            return [row.size for row in rows][:2]
        try:
            found = self._book.tables.convert(
                size=label, source=worn, target=worn, kind=chart.kind, gender=gender
            )
        except NeedsGender:
            return None
        except LookupError:
            return []
        if found.body is None or charts.named_by(chart, found.measure) is None:
            return None
        return charts.point(chart, {found.measure: found.body})[0].sizes

    def _may_be(self, size: Size, country: Optional[str], kind: str) -> Sequence[str]:
        """The systems that a size may be of: the one said, else the country's, else any it can be."""
        if size.system:
            return (size.system,)
        return tuple(dict.fromkeys((self._book.words.system_of(country, kind), "EU", "US", "UK")))

    # -- the general tables ------------------------------------------------------------------

    def _by_table(self, said: Mentioned, country: Optional[str], language: str) -> Answer:
        kind = facts.kind_of(said)
        if kind is None:
            if said.size is None and not said.measures:
                return Answer(key="size.ask_measure.children" if said.gender == "children" else "size.ask")
            return _which_kind(said, said.target or self._book.words.system_of(country, "clothing"))
        target = said.target or self._book.words.system_of(country, kind)
        gender = said.gender or facts.GENDER_OF.get(kind)
        try:
            if said.measures:
                return self._measured(said, kind, gender, target, language)
            if said.size is None:
                return _ask_measure(kind, gender)
            return self._converted(said.size, kind, gender, target, country, language)
        except NeedsGender:
            return _which_gender(said, kind, target)
        except OutOfRange:
            return Answer(key="size.outside", choices=(PERSON,))
        except UnknownSize:
            label = said.size.label if said.size else ""
            return Answer(key="size.unknown", facts=(Fact("from_size", label),), choices=(PERSON,))
        except LookupError:
            return Answer(key="size.outside", choices=(PERSON,))

    def _measured(
        self, said: Mentioned, kind: str, gender: Optional[str], target: str, language: str
    ) -> Answer:
        measures = dict(said.measures)
        if "diameter" in measures:
            measures.setdefault("finger", measures["diameter"] * PI)
        if not facts.is_enough(kind, gender, measures):
            return _ask_measure(kind, gender)
        found = self._book.tables.measured(measures=measures, target=target, kind=kind, gender=gender)
        measure = found.measure if found.measure in said.measures else next(iter(said.measures))
        about = facts.body(measure, said.measures[measure])
        return facts.told("size.table.measured", found, (*about, *facts.who(kind, gender)), language)

    def _converted(
        self,
        size: Size,
        kind: str,
        gender: Optional[str],
        target: str,
        country: Optional[str],
        language: str,
    ) -> Answer:
        worn, found = self._first(size, kind, gender, target, country)
        given = (Fact("from_size", size.label), Fact("from_system", worn), *facts.who(kind, gender))
        others = [
            self._also(size, worn, other, kind, gender) for other in facts.CARD_SYSTEMS if other != worn
        ]
        key = "size.table.converted" if found.body is not None else "size.table.converted_bra"
        return facts.told(key, found, given, language, also=[o for o in others if o is not None])

    def _first(
        self, size: Size, kind: str, gender: Optional[str], target: str, country: Optional[str]
    ) -> tuple[str, Converted]:
        """The size in the system that was asked for, or in another one where it is the same."""
        failed: Optional[Exception] = None
        for worn in self._may_be(size, country, kind):
            for goal in dict.fromkeys((target, "EU", "US", "UK")):
                if facts.is_same(self._book.tables, kind, gender, worn, goal):
                    continue
                try:
                    return worn, self._book.tables.convert(
                        size=size.label, source=worn, target=goal, kind=kind, gender=gender
                    )
                except NeedsGender:
                    raise
                except LookupError as e:
                    failed = failed or e
        raise failed or UnknownSize(f"{size.label!r} is no size.")

    def _also(
        self, size: Size, worn: str, target: str, kind: str, gender: Optional[str]
    ) -> Optional[Converted]:
        """The same size in one system more, for the card."""
        try:
            return self._book.tables.convert(
                size=size.label, source=worn, target=target, kind=kind, gender=gender
            )
        except (ValueError, LookupError):
            return None

    # -- what was measured -------------------------------------------------------------------

    def _with_lengths(
        self, said: Mentioned, measurements: Sequence[str], chart: Optional[SizeChart]
    ) -> Mentioned:
        """Lengths that name no measure belong to the one that they can only be."""
        lengths = [*said.lengths, *(cm for m in measurements if (cm := centimetres(m)) is not None)]
        free = [cm for cm in dict.fromkeys(lengths) if cm not in said.measures.values()]
        if not free:
            return said
        asked = charts.measures_of(chart) if chart else facts.measures_for(facts.kind_of(said), said.gender)
        measures = dict(said.measures)
        for length in free:
            can_be = [m for m in asked if m not in measures and self._book.words.fits(m, length)]
            if len(can_be) == 1 or (can_be and chart is None and can_be[0] == "foot"):
                measures[can_be[0]] = length
        return replace(said, measures=measures)


# -- sentences of the product's chart -----------------------------------------------------------


def _pointed(chart: SizeChart, measures: Mapping[str, Decimal]) -> Answer:
    pointed = charts.point(chart, measures)
    outside = next((p for p in pointed if not p.sizes), None)
    if outside is not None:
        low, high = charts.reach(chart, outside.measure)
        span = (Fact("lowest", low, "cm"), Fact("highest", high, "cm"))
        known = (*facts.body(outside.measure, outside.value), *span)
        return Answer(key="size.product.outside", facts=known, choices=(PERSON,))
    agreed = charts.together(chart, measures)
    first = pointed[0]
    known = facts.body(first.measure, first.value)
    if len(agreed) == 1:
        return Answer(key=_key("size.product.match", chart), facts=(*known, Fact("size", agreed[0])))
    sizes = list(dict.fromkeys(size for p in pointed for size in p.sizes))
    if len(pointed) > 1 and len(sizes) > 1:
        order = [row.size for row in chart.rows]
        other = next(p for p in pointed if p.sizes != first.sizes or p is pointed[-1])
        smallest, largest = (f(sizes, key=order.index) for f in (min, max))
        both = (Fact("size", smallest), Fact("size_other", largest))
        deciding = Fact("measure_1", (first.measure, other.measure), "term")
        return Answer(key="size.product.differ", facts=(*both, deciding))
    if len(sizes) == 1:
        return Answer(key=_key("size.product.match", chart), facts=(*known, Fact("size", sizes[0])))
    both = (Fact("size", sizes[0]), Fact("size_other", sizes[1]))
    return Answer(key=_key("size.product.between", chart), facts=(*known, *both))


def _label(chart: SizeChart, row: ChartRow) -> Answer:
    """One of the product's own labels was named: what body it is cut for."""
    measure = charts.measures_of(chart)[0]
    low, high = row.measures[measure]
    known = (
        Fact("size", row.size),
        Fact("measure", measure, "term"),
        Fact("lowest", low, "cm"),
        Fact("highest", high, "cm"),
    )
    return Answer(key=_key("size.product.label", chart), facts=known)


def _converted_rows(chart: SizeChart, size: Size, sizes: Sequence[str]) -> Answer:
    given = (Fact("from_size", size.label), Fact("from_system", size.system or chart.system))
    if len(sizes) == 1:
        return Answer(key=_key("size.product.converted", chart), facts=(*given, Fact("size", sizes[0])))
    both = (Fact("size", sizes[0]), Fact("size_other", sizes[1]))
    return Answer(key="size.product.converted_two", facts=(*given, *both))


def _measured_by(chart: SizeChart, said: Mentioned) -> Mapping[str, Decimal]:
    """What was measured, as far as the chart goes by it."""
    return {m: v for m, v in said.measures.items() if charts.named_by(chart, m)}


def _is_of_another_kind(product: Product, said: Mentioned) -> bool:
    """Whether a text speaks of another kind of thing: of shoes, while a jacket is on the page."""
    return product.chart is not None and said.kind is not None and said.kind != product.chart.kind


def _is_other(chart: SizeChart, said: Mentioned) -> bool:
    """Whether a woman's size was named for a thing of men's sizes, or the other way round."""
    return chart.gender in _ADULTS and said.gender in _ADULTS and said.gender != chart.gender


def _no_chart(product: Product, language: str) -> Answer:
    sizes = tuple(dict.fromkeys(v.size for v in product.variants if v.size))
    name = Fact("product", product.name(language))
    if sizes:
        return Answer(
            key="size.no_chart.sizes", facts=(name, Fact("sizes", sizes, "list")), choices=(PERSON,)
        )
    return Answer(key="size.no_chart.one", facts=(name,))


def _key(key: str, chart: SizeChart) -> str:
    """Clothes with Chinese labels get a sentence more: these run smaller."""
    is_small = chart.system == "CN" and chart.kind == "clothing"
    return f"{key}_cn" if is_small else key


def _ask_measure(kind: str, gender: Optional[str]) -> Answer:
    is_child = kind == "clothing" and gender == "children"
    return Answer(key=f"size.ask_measure.{'children' if is_child else kind}")


# -- questions back -----------------------------------------------------------------------------


def _which_kind(said: Mentioned, target: str) -> Answer:
    return Answer(
        key="size.which_kind",
        choices=tuple(_button(said, kind, gender, target) for kind, gender in KINDS),
    )


def _which_gender(said: Mentioned, kind: str, target: str) -> Answer:
    genders = ("women", "men", "children")
    return Answer(
        key="size.which_gender",
        facts=(Fact("kind", kind, "term"),),
        choices=tuple(_button(said, kind, gender, target) for gender in genders),
    )


def _button(said: Mentioned, kind: str, gender: str, target: str) -> Choice:
    """A button whose words say everything again, so that the next turn needs no memory."""
    who = (Fact("kind", kind, "term"), Fact("gender", gender, "term"), Fact("system", target))
    if said.size is not None:
        given = (Fact("from_size", said.size.label), Fact("from_system", said.size.system or ""))
        label = "size.choice.converted" if said.size.system else "size.choice.size"
        return Choice(label=label, intent="size_question", facts=(*who, *given))
    if said.measures:
        measure, value = next(iter(said.measures.items()))
        return Choice(
            label="size.choice.measured", intent="size_question", facts=(*who, *facts.body(measure, value))
        )
    raise ValueError("A button needs a size or a measure.")
