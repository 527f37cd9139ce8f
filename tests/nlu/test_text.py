"""Folding, words, concepts and features: what the model sees of a text."""

from __future__ import annotations

import re

import numpy as np
import pytest

from bot.nlu.concepts import ConceptBook, read_forms
from bot.nlu.features import BLOCKS, CHARS, CONCEPTS, PAIRS, WORDS, Features, Options, Prepared, prepare
from bot.nlu.languages import script_of
from bot.nlu.masking import SIGNS, named
from bot.nlu.signals import loudness_of
from bot.nlu.spans import Folded
from bot.nlu.text import fold, plain
from bot.nlu.tokens import split
from bot.settings import ROOT

BOOK = ConceptBook(
    {
        "WHERE": {"en": ["where is"], "zh": ["在哪"], "de": ["wo ist"]},
        "SWOLLEN": {"de": ["geschwoll*"], "en": ["swell*", "swollen"]},
        "CERTIFICATE": {"en": ["ce", "test report*"], "zh": ["ce证"]},
        "VOLTAGE": {"en": ["110v", "220 volt*"]},
        "PARCEL": {"ar": ["طرد"], "es": ["paquete", "caja de envío*"], "de": ["päckchen"]},
    }
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿DÓNDE está?", "¿donde esta?"),
        ("Größe", "grosse"),
        ("ＡＢＣ１２", "abc12"),
        ("プラグ", "プラグ"),
        ("e\u0301", "e"),
        ("İ", "i"),
    ],
)
def test_folding_keeps_what_is_meant(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("My order LL-10423 !!", "my order ll-000000 !!"),
        ("heyyyyy  you", "heyy you"),
        ("mail me: A@b.org", "mail me: @mail"),
        ("see https://x.org/1", "see @link"),
        ("size 38", "size 00"),
    ],
)
def test_numbers_and_addresses_look_alike(text: str, seen: str) -> None:
    assert plain(text) == seen


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("my order LL-10423", "en", ["my", "order", "LL-10423"]),
        ("我的iPhone到哪了", "zh", ["我", "的", "iPhone", "到", "哪", "了"]),
        ("どこ？", "ja", ["ど", "こ", "？"]),
        ("wo ist z. B. das?", "de", ["wo", "ist", "z.", "B.", "das", "?"]),
        ("", "en", []),
    ],
)
def test_words_are_where_they_were_typed(text: str, language: str, words: list[str]) -> None:
    found = split(text, language)
    assert [word.text for word in found] == words
    assert all(text[word.start : word.end] == word.text for word in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is it", {"WHERE"}),
        ("where this is", set()),
        ("我的货在哪里", {"WHERE"}),
        ("der Akku ist geschwollen", {"SWOLLEN"}),
        ("a well", set()),
        ("والطرد", {"PARCEL"}),
        ("la caja de envíos", {"PARCEL"}),
        ("WO IST mein Pa\u0308ckchen", {"WHERE", "PARCEL"}),
        ("有CE吗", {"CERTIFICATE"}),
        ("有C E证书", {"CERTIFICATE"}),
        ("テストreportはtest reportsで", {"CERTIFICATE"}),
        ("centre CEO", set()),
        ("100Vで使えますか", {"VOLTAGE"}),
        ("in 240 volts?", {"VOLTAGE"}),
        ("12v", set()),
    ],
)
def test_concepts_are_found_in_any_language(text: str, found: set[str]) -> None:
    assert BOOK.find(text) == found


def said(text: str, *entities: tuple[str, int, int]) -> Prepared:
    """A text made ready, with what stands where in it."""
    words = [(found.group(), found.start()) for found in re.finditer(r"\S+", text)]
    return prepare(text, words, [{"entity": e, "start": start, "end": end} for e, start, end in entities])


def test_references_of_a_kind_are_all_the_same() -> None:
    one = said("where is #10482", ("order_number", 9, 15))
    other = said("where is 99", ("order_number", 9, 11))
    assert one[:2] == other[:2]
    assert one != said("where is 99")


def test_a_concept_is_found_in_what_a_reference_says() -> None:
    book = ConceptBook({"BLACK": {"en": ["black"]}})
    features = Features.fit(
        [said("in black", ("colour", 3, 8))], book, Options(least_texts=1, least_texts_of_chars=1)
    )
    assert CONCEPTS + "BLACK" in features.vocabulary


def test_a_reference_of_several_words_is_one() -> None:
    assert said("to the United States now", ("country", 7, 20)).words == [
        "to",
        "the",
        SIGNS["country"],
        "now",
    ]
    assert named(f"to {SIGNS['country']}") == "to <country>"


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("請問運費多少", "请问运费多少"),
        ("滑鼠", "鼠标"),
        ("مكة المكرمة", "مكه المكرمه"),
        ("إلى متى", "الي متي"),
        ("عـــاجل", "عاجل"),
    ],
)
def test_ways_to_type_the_same_are_the_same(typed: str, same: str) -> None:
    assert plain(typed) == plain(same)


def test_japanese_keeps_its_characters() -> None:
    assert plain("配達はいつ") == "配達はいつ"


@pytest.mark.parametrize("text", ["運費", "运费", "配達"])
def test_a_concept_is_found_however_its_characters_are_written(text: str) -> None:
    book = ConceptBook({"C": {"zh": ["运费"], "ja": ["配達"]}})
    assert book.find(text) == {"C"}


def test_features_do_not_depend_on_the_order_of_learning() -> None:
    texts = [said("where is it"), said("wo ist es")]
    options = Options(least_texts=1, least_texts_of_chars=1)
    one, other = Features.fit(texts, BOOK, options), Features.fit(texts[::-1], BOOK, options)
    assert one.vocabulary == other.vocabulary
    assert np.array_equal(one.rarity, other.rarity)


def test_a_concept_is_one_feature_for_all_languages() -> None:
    features = Features.fit([said("where is it")], BOOK, Options(least_texts=1, least_texts_of_chars=1))
    indices, values = features.row(said("wo ist es"))
    weights = dict(zip(indices.tolist(), values.tolist(), strict=False))
    assert weights[features.vocabulary[CONCEPTS + "WHERE"]] == pytest.approx(0.7)


def test_two_concepts_together_are_a_feature_of_their_own() -> None:
    texts = [said("where is paquete"), said("wo ist das päckchen")]
    features = Features.fit(texts, BOOK, Options(least_texts=2, least_texts_of_chars=2))
    assert PAIRS + "PARCEL WHERE" in features.vocabulary


def test_each_block_of_a_row_has_its_own_length() -> None:
    features = Features.fit(
        [said("where is the paquete")], BOOK, Options(least_texts=1, least_texts_of_chars=1)
    )
    indices, values = features.row(said("where is the paquete"))
    names = list(features.vocabulary)
    lengths = {
        block: float(np.linalg.norm(values[[names[at].startswith(block) for at in indices]]))
        for block in BLOCKS
    }
    assert lengths == pytest.approx({CHARS: 1.0, CONCEPTS: 0.7, PAIRS: 0.5, WORDS: 1.0})


def test_a_text_without_anything_known_has_no_features() -> None:
    features = Features.fit([said("where is it")], BOOK, Options(least_texts=1, least_texts_of_chars=1))
    indices, values = features.row(said("zzz"))
    assert (len(indices), len(values)) == (0, 0)


def test_every_concept_can_be_found_by_each_of_its_forms() -> None:
    forms = read_forms(ROOT / "data" / "concepts")
    book = ConceptBook(forms)
    lost = [
        (concept, form)
        for concept, languages in forms.items()
        for rows in languages.values()
        for form in rows
        if concept not in book.find(form.replace("*", ""))
    ]
    assert lost == []


def test_a_concept_stands_in_one_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text('WHERE:\n  en: ["where"]\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.yml: the concept WHERE is in another file"):
        read_forms(tmp_path)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("退货", "zh"),
        ("line payできますか", "ja"),
        ("return的流程是啥", "zh"),
        ("где", "ru"),
        ("أين", "ar"),
        ("my 😀 order", None),
        ("what does the word 好 mean in your shop", None),
        ("12345", None),
    ],
)
def test_a_script_may_tell_the_language(text: str, language: str | None) -> None:
    assert script_of(text) == language


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        ("WHERE IS MY ORDER", True),
        ("where!!", True),
        ("OK USB-C", False),
        ("hi!", False),
        ("我的货呢？？", True),
    ],
)
def test_shouting_is_heard(text: str, loud: bool) -> None:
    assert (loudness_of(text) > 0) is loud


def test_folded_places_lead_back() -> None:
    folded = Folded("Straße ＬＬ")
    start = folded.text.index("ll")
    assert folded.raw[slice(*folded.place(start, start + 2))] == "ＬＬ"
