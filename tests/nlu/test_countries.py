"""Countries, colours and carriers, rule by rule: text, and each entity's words and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.endings import Endings
from bot.nlu.references import References
from bot.nlu.spans import Folded, FormTable, _vocab
from bot.settings import ROOT

LOOKUPS = ROOT / "data" / "lookups"

COUNTRIES = [
    # a name that is also a word needs a capital, or a place's preposition
    ("shipping to turkey", [("turkey", "TR")]),
    ("a turkey roasting tin", []),
    ("Jordan please", [("Jordan", "JO")]),
    ("an island lamp", []),
    ("send it to us", []),
    ("SEND IT TO US NOW PLEASE", []),
    ("to US", [("US", "US")]),
    ("to the us", [("us", "US")]),
    ("my oma", []),
    # the union, but not as a size
    ("within the EU", [("EU", "EU")]),
    ("do you ship to eu", [("eu", "EU")]),
    ("eu quero", []),
    ("US 8 in EU", []),
    # an adjective beside an address, a plug, a customer
    ("a German address", [("German", "DE")]),
    ("eine deutsche Lieferadresse", [("deutsche", "DE")]),
    ("the manual in German", []),
    ("clientes mexicanos", [("mexicanos", "MX")]),
    ("adresse de livraison allemande", [("allemande", "DE")]),
    ("на немецкий адрес", [("немецкий", "DE")]),
    ("عنوان سعودي", [("سعودي", "SA")]),
    # money and languages are none
    ("in Swiss francs", []),
    ("100 US dollars or so", []),
    ("タイ語で", []),
    ("bone china", []),
    ("New Jersey", []),
    # endings, prefixes and contractions stay outside, or inside, as they should
    ("из Германии в Саудовскую Аравию", [("Германии", "DE"), ("Саудовскую Аравию", "SA")]),
    ("للسعودية", [("سعودية", "SA")]),
    ("بالسعودية", [("السعودية", "SA")]),
    ("والكويت", [("الكويت", "KW")]),
    ("السعوديه", [("السعوديه", "SA")]),
    ("do Brasil", [("Brasil", "BR")]),
    ("aux États-Unis", [("États-Unis", "US")]),
    ("bis Deutschlands Grenze", [("Deutschlands", "DE")]),
    ("寄到德國或美国", [("德國", "DE"), ("美国", "US")]),
    ("上海地区", []),
    ("スタイルとタイプ", []),
    ("ドイツとタイ", [("ドイツ", "DE"), ("タイ", "TH")]),
]

COLOURS = [
    ("a dark green mug", [("dark green", "green")]),
    ("verde claro, gris perla", [("verde claro", "green"), ("gris perla", "grey")]),
    ("in hellem Grau", [("hellem Grau", "grey")]),
    ("light-blue", [("light-blue", "blue")]),
    ("темно-синюю", [("темно-синюю", "navy")]),
    ("чёрного", [("чёрного", "black")]),
    ("بالأسود", [("أسود", "black")]),
    ("اللون الأسود", [("الأسود", "black")]),
    ("رمادي غامق", [("رمادي غامق", "grey")]),
    ("白い靴、面白い本", [("白い", "white")]),
    ("明白", []),
    ("红M码", [("红", "red")]),
    ("红包", []),
    ("ich weiß nicht", []),
    ("in weiß", [("weiß", "white")]),
    ("orange juice", []),
    ("gold plated", []),
    ("minha morada", []),
    ("ブラックフライデー", []),
    ("black, white", [("black", "black"), ("white", "white")]),
]

CARRIERS = [
    ("la Poste Suisse", [("la Poste Suisse", "swiss_post")]),
    ("Почтой России", [("Почтой России", "russian_post")]),
    ("через сдэк", [("сдэк", "cdek")]),
    ("مع أرامكس", [("أرامكس", "aramex")]),
    ("クロネコヤマトで", [("クロネコヤマト", "yamato")]),
    ("发圆通", [("圆通", "yto")]),
    ("at the post office", []),
    ("sus correos", []),
    ("o estafeta", []),
    ("us, post it", []),
]


@pytest.fixture(scope="module")
def references() -> References:
    return References.load(LOOKUPS)


@pytest.mark.parametrize(
    ("entity", "text", "found"),
    [
        *(("country", *row) for row in COUNTRIES),
        *(("colour", *row) for row in COLOURS),
        *(("carrier", *row) for row in CARRIERS),
    ],
)
def test_what_a_text_names(
    references: References, entity: str, text: str, found: list[tuple[str, str]]
) -> None:
    spans = [s for s in references.find(text) if s.entity == entity]
    assert [(text[s.start : s.end], s.value) for s in spans] == found


def test_the_longest_form_counts_and_of_two_values_the_first() -> None:
    table = FormTable([("navy", "navy"), ("navy blue", "blue"), ("navy", "other")])
    assert [value for _, _, value in table.find(Folded("Navy, NAVY blue"))] == ["navy", "blue"]


def test_what_customers_write_does_not_fill_the_memory(references: References) -> None:
    references.find("another word, to germany")
    before = len(_vocab().strings), len(_vocab())
    for number in range(50):
        references.find(f"word{'x' * number} слово{'я' * number} كلمة{'ا' * number} to germany")
    assert (len(_vocab().strings), len(_vocab())) == before


def test_a_name_is_declined_word_by_word() -> None:
    forms = list(Endings(LOOKUPS).cases("Новая Зеландия"))
    assert {"Новую Зеландию", "Новой Зеландии"} <= set(forms)
    assert "Новую Зеландии" not in forms


def test_a_case_too_few_is_refused(tmp_path: Path) -> None:
    (tmp_path / "endings.yml").write_text("cases: {а: [а, ы]}\nadjectives: {}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="6 cases"):
        Endings(tmp_path)
