"""Plants one fault of each kind in a copy of data/, and sees each named with its file and line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

import pytest

from bot.__main__ import main
from bot.checking.everything import Report, check
from bot.checking.fault import Fault
from bot.settings import ROOT

Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text, f"{old!r} is gone; plant this fault elsewhere"
        return text.replace(old, new, 1)

    return change


def add(text: str) -> Change:
    return lambda old: old + text


NLU = 'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n'
DENY = NLU.replace("greet", "deny")
RULE = "rules:\n  - rule: x\n    steps:\n      - intent: flying\n      - action: action_fly\n"

# What is planted where. These faults do not hide each other.
PLANTED: tuple[tuple[str, Change], ...] = (
    ("data/new/country.yml", add("market: NO\n")),
    ("data/new/clock.yml", add("a: 1\nopens: 12:30\n")),
    ("data/new/twice.yml", add("a:\n  b: 1\n  b: 2\n")),
    ("data/new/broken.yml", add("a: [1\nb: 2\n")),
    ("data/new/empty.yml", add("# nothing\n")),
    ("data/new/rasa.yml", add("a:\n  stories: []\n")),
    ("data/new/quoted.yml", add('"nlu": []\n')),
    ("data/replies/de/new.yml", add("new.german: Guten Tag.\n")),
    ("data/replies/es/system.yml", swap("{due_at}", "{due}")),
    ("data/replies/zh/system.yml", swap("{due_at}", "{due_at:dya}")),
    ("data/replies/de/social.yml", swap("Gern geschehen.", "Gern geschehen!")),
    ("data/replies/de/social.yml", swap("Was möchten Sie wissen?", "Was möchtest du wissen?")),
    ("data/replies/en/social.yml", swap("Glad to help.", "Glad to help, {name}.")),
    ("data/replies/en/system.yml", add("system.days: It arrives in three days, guaranteed.\n")),
    ("data/replies/en/system.yml", add("system.price: It costs 5 euros.\n")),
    ("data/replies/en/system.yml", add("social.stray: Hello.\n")),
    ("data/replies/en/system.yml", add("system.count: {plural: n, other: '{n} left'}\n")),
    ("data/replies/de/system.yml", add("system.count: Noch {n}.\n")),
    ("data/nlu/en/entity.yml", add(NLU + "      - zzz hello [there](planet)\n")),
    ("data/nlu/en/intent.yml", add(NLU.replace("greet", "greeting") + "      - zzz good day\n")),
    ("data/nlu/en/dash.yml", add(NLU + "      zzz no dash\n")),
    ("data/nlu/de/a.yml", add(NLU + "      - zzz Nanu?\n")),
    ("data/nlu/de/b.yml", add(DENY + "      - zzz  nanu\n")),
    ("data/nlu/xx/a.yml", add(NLU + "      - salut\n")),
    ("data/rules/new.yml", add(RULE)),
    ("data/handoffs.yml", swap("\n  warranty:", "\n  flying: {priority: normal}\n  warranty:")),
    ("data/handoffs.yml", swap("warranty: {priority: normal}", "warranty: {priority: huge}")),
    ("data/handoffs.yml", swap("  help: [", "  help: [wondering, ")),
    ("data/lookups/following.yml", swap("takes:\n", "takes:\n  musing: [colour]\n")),
    ("data/shops/demo.yml", swap("team: default", "team: nobody")),
    ("data/shops/demo.yml", swap("currency: EUR", "currency: EURO")),
    ("data/shops/demo.yml", swap("timezone: Asia/Shanghai", "timezone: Asia/Nowhere")),
    ("data/shops/demo.yml", swap("languages: [en, zh, es, de]", "languages: [en, zh, es, de, xx]")),
    ("data/shops/demo.yml", swap('"BR"', '"ZZ"')),
    ("data/shops/lost.yml", add("name: Lost\n")),
    ("data/teams/odd.yml", add("zone: Mars/Olympus\n")),
    ("data/markets/qq.yml", add("market: QQ\n")),
    ("data/carriers.yml", lambda _: "dhl: 5\n"),
    ("data/exchange.yml", swap("\ngood_for_days", "\ngood_for")),
    ("data/delivery/odd.yml", add("zones: 5\n")),
    ("data/policies/demo/odd.yml", add("intent: warranty\n")),
    ("data/policies/refused.yml", lambda _: "words: []\n"),
    ("data/concepts/new.yml", add("EMPTY_ONE: {en: ['']}\n")),
    ("domain.yml", swap("intents:\n", "intents:\n  - sleeping\n")),
)

# Where the report names it, and what it says there.
NAMED = (
    ("data/new/country.yml", "1: YAML reads NO as false; put it in quotes"),
    ("data/new/clock.yml", "2: YAML reads 12:30 as a number"),
    ("data/new/twice.yml", "3: the key b is there twice"),
    ("data/new/broken.yml", "2: not readable as YAML"),
    ("data/new/empty.yml", "1: the file is empty"),
    ("data/new/rasa.yml", "2: the key stories is Rasa's"),
    ("data/new/quoted.yml", "1: the key nlu is Rasa's"),
    ("data/replies/en/new.yml", "1: the reply new.german is missing; data/replies/de/new.yml:1 has it"),
    (
        "data/replies/es/system.yml",
        "1: the reply system.apology has the facts due; data/replies/en/system.yml:1",
    ),
    ("data/replies/zh/system.yml", "1: the reply system.apology asks for the part 'dya' of 'due_at'"),
    ("data/replies/de/social.yml", "the reply social.thank has '!'; our tone is quiet"),
    ("data/replies/de/social.yml", "the reply social.greet says 'du', which is not how we write"),
    ("data/replies/en/social.yml", "the variations of social.thank have different facts"),
    ("data/replies/en/system.yml", "the reply system.days claims 'three days' (duration) by itself"),
    ("data/replies/en/system.yml", "the reply system.days claims 'guarantee' (guarantee) by itself"),
    ("data/replies/en/system.yml", "the reply system.price claims '5' (amount) by itself"),
    ("data/replies/en/system.yml", "the reply social.stray belongs into social.yml"),
    ("data/replies/en/system.yml", "the reply system.count lacks the plural one"),
    ("data/replies/de/system.yml", "the reply system.count is not counted; in data/replies/en/system.yml"),
    ("data/replies/en/choice.yml", "the reply choice.sleeping is missing; the intent sleeping needs it"),
    ("data/replies/en/handoff.yml", "the reply handoff.flying is missing; data/handoffs.yml needs it"),
    ("data/nlu/en/entity.yml", "5: no entity 'planet' in domain.yml"),
    ("data/nlu/en/intent.yml", "3: no intent 'greeting' in domain.yml"),
    ("data/nlu/en/dash.yml", "5: an example starts with a dash"),
    ("data/nlu/de/b.yml", "5: 'zzz  nanu' is an example of deny here, and of greet in data/nlu/de/a.yml:5"),
    ("data/nlu/xx/conversation.yml", "1: the intent deny has 0 examples in xx; give it at least 5"),
    ("data/nlu/xx/a.yml", "3: the intent greet has 1 examples in xx; give it at least 5"),
    ("data/rules/new.yml", "4: no intent 'flying' in domain.yml"),
    ("data/rules/new.yml", "5: no action 'action_fly' in domain.yml"),
    ("data/handoffs.yml", "the topic flying is no intent of domain.yml"),
    ("data/handoffs.yml", "no priority 'huge'; known are urgent"),
    ("data/handoffs.yml", "no intent 'wondering' in domain.yml"),
    ("data/lookups/following.yml", "no intent 'musing' in domain.yml"),
    ("data/shops/demo.yml", "no team 'nobody' in data/teams/"),
    ("data/shops/demo.yml", "no currency 'EURO' in ISO 4217"),
    ("data/shops/demo.yml", "no time zone 'Asia/Nowhere'"),
    ("data/shops/demo.yml", "no replies in 'xx'"),
    ("data/shops/demo.yml", "no market 'ZZ' in data/markets/"),
    ("data/shops/lost.yml", "1: the field languages is missing"),
    ("data/teams/odd.yml", "1: "),
    ("data/markets/qq.yml", "1: "),
    ("data/carriers.yml", "1: "),
    ("data/exchange.yml", "1: the field good_for_days is missing"),
    ("data/delivery/odd.yml", "1: "),
    ("data/policies/demo/odd.yml", "1: the field "),
    ("data/policies/refused.yml", "1: expected languages"),
    ("data/concepts/new.yml", "1: the form '' of EMPTY_ONE (en) is found nowhere"),
    ("domain.yml", "the intent sleeping has no rule in data/rules/"),
)


def copy_of_the_data(folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    shutil.copytree(ROOT / "data", folder / "data", ignore=lambda _, names: set(without) & set(names))
    shutil.copy(ROOT / "domain.yml", folder / "domain.yml")
    return folder


def plant(root: Path, path: str, change: Change) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(change(file.read_text("utf-8") if file.exists() else ""), encoding="utf-8")


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Report:
    root = copy_of_the_data(tmp_path_factory.mktemp("faulty"))
    for path, change in PLANTED:
        plant(root, path, change)
    return check(root)


@pytest.mark.parametrize(("path", "sentence"), NAMED)
def test_a_planted_fault_is_named(faulty: Report, path: str, sentence: str) -> None:
    about = [f"{fault.line}: {fault.sentence}" for fault in faulty.faults if str(fault.path) == path]
    assert any(sentence in row for row in about), about


OTHER_SHOP = (ROOT / "data" / "shops" / "demo.yml").read_text(encoding="utf-8")

# These hide others, so each has a tree of its own.
ALONE: tuple[tuple[str, Change, str, str], ...] = (
    ("data/replies/en/system.yml", swap("{due_at}", "{due_at"), "data/replies/en/system.yml", "1: a brace"),
    ("data/replies/en/system.yml", add("system.five: 5\n"), "data/replies/en/system.yml", "neither a text"),
    (
        "data/replies/en/social.yml",
        add("system.empty: Hello.\n"),
        "data/replies/en/system.yml",
        "the reply system.empty is also in data/replies/en/social.yml:",
    ),
    ("data/wording/de.yml", swap("locale: de", "locale: qq"), "data/wording/de.yml", "1: no locale 'qq'"),
    ("data/guard/zh.yml", swap("spaced: false", ""), "data/guard/zh.yml", "1: the field spaced"),
    (
        "data/markets/gb.yml",
        swap('tax: "13.00"', 'tax: "1.23"'),
        "data/markets/gb.yml",
        "expected 1.23",
    ),
    ("data/sizes/shoes-women.yml", swap("kind: shoes", "kind: gloves"), "data/sizes/shoes-women.yml", ""),
    ("data/lookups/measures.yml", swap("units:", "unit:"), "data/lookups", "units"),
    ("data/shops/demo/orders.yml", swap("count: 76", "count: 3"), "data/shops/demo/orders.yml", "is outside"),
    ("data/shops/other.yml", add(OTHER_SHOP), "data/shops/other.yml", "no delivery table"),
)


@pytest.mark.parametrize(("path", "change", "named", "sentence"), ALONE)
def test_a_fault_that_hides_others_is_named(
    tmp_path: Path, path: str, change: Change, named: str, sentence: str
) -> None:
    root = copy_of_the_data(tmp_path, without=("nlu", "concepts"))
    plant(root, path, change)
    about = [f"{fault.line}: {fault.sentence}" for fault in check(root).faults if str(fault.path) == named]
    assert any(sentence in row for row in about), about


def test_our_own_data_is_in_order_and_read_in_five_seconds() -> None:
    started = time.process_time()
    report = check(ROOT)
    assert [str(fault) for fault in report.faults] == []
    assert time.process_time() - started < 5
    assert report.intents == 38
    assert set(report.languages) >= {"en", "zh", "es", "de"}
    assert report.examples > 1000


def test_the_command_prints_a_line_a_fault_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of_the_data(tmp_path, without=("nlu", "concepts"))
    plant(root, "data/new/country.yml", add("market: NO\n"))
    assert main(["check", "--root", str(root)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("data/new/country.yml:1: YAML reads NO as false") for line in lines)
    assert "fault" in lines[-1]
    assert main(["check", "--root", str(root), "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ("data/new/country.yml", 1) in [(row["path"], row["line"]) for row in rows]


def test_a_folder_without_data_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--root", str(tmp_path)]) == 1
    assert "No folder data in" in capsys.readouterr().err


def test_checking_loads_no_rasa() -> None:
    code = "import sys; import bot.commands.check; assert 'rasa' not in sys.modules, 'rasa is loaded'"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("message", "line", "sentence"),
    [
        ("data/x/a.yml:7: no such thing.", 7, "no such thing."),
        ("data/x/a.yml: no such thing.", 1, "no such thing."),
        ("no such thing.", 1, "no such thing."),
    ],
)
def test_a_loaders_sentence_becomes_a_fault(message: str, line: int, sentence: str) -> None:
    fault = Fault.from_error(Path("data/x/a.yml"), ValueError(message))
    assert fault == Fault(Path("data/x/a.yml"), line, sentence)
