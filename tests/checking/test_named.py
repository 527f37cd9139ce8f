"""A small folder that is in order; made wrong in one place, that place is named and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

import pytest

from bot.__main__ import main
from bot.checking.everything import check

GREETINGS = ("hello", "good morning", "hi there shop", "hey folks", "good day to you all")
THANKS = ("thanks", "cheers", "thank you a lot", "many thanks indeed", "much appreciated")


def nlu(**intents: tuple[str, ...]) -> str:
    """A file of data/nlu: the intent's line is 3, its examples from 5; the next intent follows."""
    blocks = (
        f"  - intent: {intent}\n    examples: |\n" + "".join(f"      - {text}\n" for text in texts)
        for intent, texts in intents.items()
    )
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


TIDY: Mapping[str, str] = {
    "domain.yml": "intents:\n  - greet\n  - thank\nentities:\n  - size\n",
    "data/nlu/en/talk.yml": nlu(greet=GREETINGS, thank=THANKS),
    "data/nlu/de/talk.yml": nlu(
        greet=("hallo", "guten Morgen", "moin", "servus", "grüß Gott"),
        thank=("danke", "vielen Dank", "merci vielmals", "besten Dank", "danke sehr"),
    ),
    "data/concepts/talk.yml": "HELLO:\n  en: [hello, hi]\nTHANKS:\n  en: [thanks, 'thank*']\n",
    "data/evaluation/en.yml": "messages:\n  - {text: what a lovely evening, intent: greet}\n"
    "  - {text: you have saved my day, intent: thank}\n",
}


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        pytest.param(
            {"data/nlu/en/words.yml": nlu(greeting=("good evening",))},
            "data/nlu/en/words.yml:3: no intent 'greeting' in domain.yml.",
            id="an intent unknown to the domain",
        ),
        pytest.param(
            {"data/nlu/en/words.yml": nlu(thank=("that will do", "Hi there, shop!"))},
            "data/nlu/en/words.yml:6: 'Hi there, shop!' is an example of thank here, "
            "and of greet in data/nlu/en/talk.yml:7.",
            id="an example listed under two intents",
        ),
        pytest.param(
            {"data/nlu/en/words.yml": nlu(thank=("that will do", "You have saved my day!"))},
            "data/nlu/en/words.yml:6: 'you have saved my day' is held out in data/evaluation/en.yml:3 "
            "('you have saved my day'); what judges the model must not teach it: take one of them out.",
            id="an evaluation example in training",
        ),
        pytest.param(
            {"data/nlu/de/talk.yml": nlu(greet=("hallo", "moin", "servus", "guten Tag", "grüezi"))},
            "data/nlu/de/talk.yml:1: the intent thank has 0 examples in de; give it at least 5.",
            id="a language that lacks an intent",
        ),
        pytest.param(
            {"data/nlu/de/more.yml": nlu(thank=("danke für [XL(size)",))},
            "data/nlu/de/more.yml:5: a broken entity annotation; write [words](entity) "
            "in 'danke für [XL(size)'.",
            id="a broken entity annotation",
        ),
        pytest.param(
            {"data/nlu/de/more.yml": nlu(thank=("danke für [XL](seize)",))},
            "data/nlu/de/more.yml:5: no entity 'seize' in domain.yml.",
            id="an entity unknown to the domain",
        ),
        pytest.param(
            {"data/concepts/more.yml": "# more\nPOLITE:\n  en:\n    - please\n    - Thanks\n"},
            "data/concepts/talk.yml:4: 'thanks' (en) is a form of THANKS here, and of POLITE in "
            "data/concepts/more.yml:5; keep it where it says the idea by itself.",
            id="a concept form in two concepts",
        ),
        pytest.param(
            {"data/sizes/new.yml": "shoes:\n  sizes: 4\n  rules: [a]\n"},
            "data/sizes/new.yml:3: the key rules is Rasa's: it would be trained on; name it otherwise.",
            id="a Rasa key outside data/nlu and data/rules",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: Mapping[str, str], named: str
) -> None:
    write(tmp_path, TIDY)
    before = {str(fault) for fault in check(tmp_path).faults}
    write(tmp_path, wrong)
    about = {str(fault) for fault in check(tmp_path).faults} - before
    # A folder of sizes is read by its room as well, which has its own view of it.
    assert {fault for fault in about if not fault.startswith("data/sizes/new.yml:1: ")} == {named}
    assert main(["check", "--root", str(tmp_path)]) == 1
    assert named in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("name", [name for name in TIDY if name != "domain.yml"])
def test_nothing_is_wrong_with_the_tidy_files(tmp_path: Path, name: str) -> None:
    write(tmp_path, TIDY)
    assert [str(fault) for fault in check(tmp_path).faults if str(fault.path) == name] == []
