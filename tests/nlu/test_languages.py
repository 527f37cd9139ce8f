"""Which language a text is in: ours, and those that nobody taught the assistant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

import pytest

from bot.nlu.concepts import read_forms
from bot.nlu.languages import Decision, Foreign, Known, Letters, decide, read_foreign
from bot.nlu.masking import without
from bot.nlu.references import References
from bot.settings import ROOT
from bot.yamls import read_yaml

LETTERS = Letters.fit(
    [
        ("where is the order", "en", 5.0),
        ("wo ist die bestellung", "de", 5.0),
        ("dónde está el pedido", "es", 5.0),
    ]
)


@pytest.mark.parametrize(
    ("text", "known", "language", "by"),
    [
        ("where is the order", Known(chosen="es"), "es", "choice"),
        ("我要", Known(so_far="de"), "zh", "script"),
        ("the order", Known(so_far="de"), "de", "conversation"),
        ("where is the order", Known(so_far="de"), "en", "spelling"),
        ("wo ist die", Known(locale="en-US"), "de", "spelling"),
        ("12", Known(locale="de_AT"), "de", "locale"),
        ("12", Known(), "en", "default"),
        ("", Known(), "en", "default"),
        ("xx yy zz", Known(locale="es"), "es", "locale"),
        ("ist", Known(locale="en-US"), "en", "locale"),
        ("ist", Known(), "de", "spelling"),
    ],
)
def test_language_is_decided_by_the_first_that_knows(text: str, known: Known, language: str, by: str) -> None:
    decision = decide(text, LETTERS, known)
    assert (decision.language, decision.by) == (language, by)


def test_what_a_text_refers_to_does_not_say_its_language() -> None:
    text = "wo ist 38"
    assert decide(text, LETTERS, Known(locale="es"), said="       38").language == "es"
    found = [{"entity": "country", "start": 3, "end": 8}, {"entity": "quantity", "start": 0, "end": 1}]
    assert without("to Chile", found) == "to      "


_MARK = re.compile(r"\[([^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")
_TENTH = 10
SPOKEN = ("en", "zh", "es", "de")
LINES = {str(k): v for k, v in read_yaml(Path(__file__).parent / "foreign.yml").items()}
LOCALES = ("en-GB", "de-DE")


def _examples() -> Iterator[tuple[str, str]]:
    """The examples of our own languages: text, language."""
    for path in sorted((ROOT / "data/nlu").glob("??/*.yml")):
        for block in read_yaml(path)["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip():
                    yield _MARK.sub(r"\1", line.strip()[2:]), path.parent.name


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str]]:
    return list(_examples())


@pytest.fixture(scope="module")
def letters(examples: list[tuple[str, str]]) -> Letters:
    """What training learns, without one example in ten."""
    texts = [(text, language, 1.0) for at, (text, language) in enumerate(examples) if at % _TENTH]
    forms = read_forms(ROOT / "data/concepts")
    texts += [
        (form.replace("*", ""), language, 0.5)
        for languages in forms.values()
        for language, rows in languages.items()
        for form in rows
    ]
    return Letters.fit(texts, foreign=read_foreign(ROOT / "data/foreign"))


def _decided(letters: Letters, text: str, **known: str) -> Decision:
    return decide(text, letters, Known(spoken=SPOKEN, **known))


@pytest.mark.parametrize("known", [{"locale": "en-GB"}, {"locale": "de-DE"}, {"so_far": "en"}, {}])
def test_foreign_messages_are_known_for_what_they_are(letters: Letters, known: dict[str, str]) -> None:
    found = [(code, _decided(letters, text, **known)) for code, texts in LINES.items() for text in texts]
    told = [letters.is_foreign(decision) for _, decision in found]
    exact = [decision.language == code for code, decision in found]
    assert sum(told) / len(told) >= 0.9
    assert sum(exact) / len(exact) >= 0.85


def test_hardly_a_message_of_ours_is_taken_for_foreign(
    letters: Letters, examples: list[tuple[str, str]]
) -> None:
    references = References.load(ROOT / "data/lookups")
    held_out = [text for text, _ in examples[::_TENTH]]
    said = [without(text, map(vars, references.find(text))) for text in held_out]
    for locale in LOCALES:
        decided = [
            decide(text, letters, Known(locale=locale, spoken=SPOKEN), said=left)
            for text, left in zip(held_out, said, strict=True)
        ]
        assert sum(map(letters.is_foreign, decided)) / len(decided) <= 0.003


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "text",
    [
        "mera order kab aayega, it was supposed to come yesterday",
        "bhaiya please tell when will my parcel reach",
        "hello po, may stock pa po ba ng size M? how much shipping to Cebu",
        "por favor send to my hotel in Madrid",
        "can you ship it to my sister in Łódź please",
        "my hotel is Hotel Şişli Palace in Istanbul, can you send it there",
        "I need it for my trip to Đà Nẵng next week",
        "is the smørrebrød board oak or beech",
        "i ordered the Fjällräven bag, where is it",
        "my name is Jan van den Berg, order still not here",
        "abeg when my order go reach Lagos",
        "liefert ihr nach Wrocław oder Łódź",
        "Paket an Familie Öztürk-Yılmaz, bitte c/o",
        "grüezi, ich hett gern gwüsst wenn das chunnt",
        "vivo en Gdańsk, ¿me lo pueden mandar?",
        "q onda wey ya salio mi pedido",
        "voces entregam em sao paulo ate sexta",
        "nao recebi nada ainda, ta atrasado",
        "slt g pas recu mon colis",
        "ciao ma il pacco ndo sta",
        "hal tursilun ila dubai",
        "fen el order bta3y ya gama3a",
        "скока стоит доставка до Львова",
        "شلونكم، چم سعر التوصيل للبصرة",
        "ok hello どこですか",
        "hello 我的快递呢",
        "ok sis thank you",
    ],
)
def test_what_only_looks_foreign_stays_ours(letters: Letters, text: str, locale: str) -> None:
    assert not letters.is_foreign(_decided(letters, text, locale=locale))


@pytest.mark.parametrize(
    ("text", "known", "language"),
    [
        ("siparişim nerede", {"locale": "en-GB"}, "tr"),  # letters say so
        ("SİPARİŞİM NEREDE", {"locale": "en-GB"}, "tr"),
        ("siparişim", {"so_far": "de"}, "de"),  # a word does not end a conversation
        ("dziękuję", {"locale": "de-DE"}, "pl"),
        ("paczka gdzie", {"locale": "en-GB"}, "en"),  # too little to say
        ("де моє замовлення", {}, "uk"),
        ("где мой заказ", {}, "ru"),
        ("سفارش من کجاست", {}, "fa"),
        ("أين طلبي من فضلكم", {}, "ar"),
        ("주문", {"so_far": "en"}, "ko"),  # a script says so at once
        ("gdzie jest moja paczka", {"chosen": "de"}, "de"),
        ("12", {"locale": "tr-TR"}, "tr"),
    ],
)
def test_a_foreign_language_needs_words_or_letters(
    letters: Letters, text: str, known: dict[str, str], language: str
) -> None:
    assert _decided(letters, text, **known).language == language


def test_a_locale_alone_makes_nothing_foreign(letters: Letters) -> None:
    assert not letters.is_foreign(_decided(letters, "12", locale="tr-TR"))
    assert letters.is_foreign(_decided(letters, "gdzie jest moja paczka", locale="pl-PL"))


def test_saved_letters_say_the_same(letters: Letters, tmp_path: Path) -> None:
    letters.save(tmp_path)
    loaded = Letters.load(tmp_path)
    for text in ("siparişim nerede kaldı", "where is my order", "де моє замовлення", "OŚWIĘCIM czeka"):
        decision = _decided(letters, text, locale="en-GB")
        assert _decided(loaded, text, locale="en-GB") == decision
        assert loaded.is_foreign(decision) == letters.is_foreign(decision)


def test_a_language_that_is_taught_is_no_longer_foreign() -> None:
    texts = [("gdzie jest moja paczka", "pl", 5.0), ("where is the order", "en", 5.0)]
    fitted = Letters.fit(texts, foreign={"pl": Foreign(("kiedy to przyjdzie",), "ł")})
    assert not fitted.foreign
    assert not fitted.is_foreign(decide("gdzie jest moja paczka", fitted, Known()))


@pytest.mark.parametrize("content", ["texts: []", "lines: [a]", "texts: [1]", "- a"])
def test_a_foreign_file_without_lines_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "xx.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"xx\.yml: expected texts"):
        read_foreign(tmp_path)
