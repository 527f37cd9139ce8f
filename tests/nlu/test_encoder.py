"""The optional encoder: its vectors, and the component that gives them to the model."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import pytest

from bot.engine.loading import keep_tensorflow_out
from bot.nlu.encoder_note import Note, describe, folder_of, read_note
from bot.nlu.encoders import place, remove, workshop
from bot.nlu.vectors import Encoder
from bot.settings import ROOT, get_settings
from tests.nlu.tiny_encoder import FLOAT, INT32, TABLE, write_encoder

HALF = 0.5**0.5


def opened(folder: Path, *, before: str = "") -> Encoder:
    known = describe(folder)
    return Encoder.open(folder, note=Note(known.name, known.model, known.tokenizer, before))


@pytest.fixture(autouse=True)
def serving() -> None:
    """As in the server, Rasa is imported without TensorFlow."""
    keep_tensorflow_out()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A root of our own, which the component finds in the settings."""
    monkeypatch.setenv("NIGHTDESK_ROOT", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def install(root: Path, name: str, *, languages: str = "", **variant: Any) -> None:
    with workshop(root) as made:
        write_encoder(made, **variant)
        place(made, root=root, name=name, languages=languages)


# -- vectors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("track", [1, 0, 0, 0]),
        ("track parcel", [HALF, HALF, 0, 0]),
        ("blue", [0, 0, 0.6, 0.8]),
        ("what is this", [0, 0, 0, 1]),
        ("shirt", [0, 0, 0, 0]),
        ("", [0, 0, 0, 0]),
        ("parcel " * 500, [0, 1, 0, 0]),
    ],
)
def test_a_text_is_the_mean_of_its_words_with_length_one(
    tmp_path: Path, text: str, expected: list[float]
) -> None:
    vector = opened(write_encoder(tmp_path)).vector(text)
    assert vector.dtype == np.float32
    np.testing.assert_allclose(vector, expected, atol=1e-6)


@pytest.mark.parametrize(
    "variant",
    [
        {"inputs": ("input_ids",)},
        {"inputs": ("input_ids", "attention_mask", "token_type_ids", "position_ids")},
        {"number": INT32},
        {"half": True},
        {"output": "sentence_embedding"},
        {"output": "token_embeddings"},
        {"output": "named_by_nobody"},
        {"shape": (1, 8)},
    ],
    ids=str,
)
def test_every_way_to_export_a_model_gives_the_same_vector(tmp_path: Path, variant: dict[str, Any]) -> None:
    encoder = opened(write_encoder(tmp_path, **variant))
    assert encoder.size == 4
    np.testing.assert_allclose(encoder.vector("track parcel"), [HALF, HALF, 0, 0], atol=1e-3)


def test_what_an_encoder_wants_before_each_text_is_put_there(tmp_path: Path) -> None:
    write_encoder(tmp_path)
    asked = opened(tmp_path, before="track ")
    np.testing.assert_allclose(asked.vector("parcel"), [HALF, HALF, 0, 0], atol=1e-6)
    assert not asked.note.is_same(opened(tmp_path).note)


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("model.onnx", b"<html>not found</html>", "model.onnx is no model that can be run"),
        ("model.onnx", b"", "model.onnx is no model that can be run"),
        ("tokenizer.json", b"{}", "tokenizer.json is no tokenizer"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, file: str, content: bytes, sentence: str) -> None:
    write_encoder(tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ValueError, match=sentence) as e:
        opened(tmp_path)
    assert "\n" not in str(e.value)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_encoder(tmp_path)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(RuntimeError, match=r"needs onnxruntime and tokenizers .*encoder\]'"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("variant", "sentence"),
    [
        ({"inputs": ("input_ids", "pixel_values")}, "asks for pixel_values"),
        ({"inputs": ("attention_mask",)}, "does not read text"),
        ({"number": FLOAT}, "model.onnx"),
        ({"table": np.full_like(TABLE, np.nan)}, "gives no vector"),
    ],
)
def test_a_model_that_does_not_encode_sentences_is_refused(
    tmp_path: Path, variant: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        opened(write_encoder(tmp_path, **variant))


# -- the folder --------------------------------------------------------------------------------


def test_a_folder_that_nobody_noted_is_an_encoder_too(tmp_path: Path) -> None:
    write_encoder(tmp_path / "encoder")
    note = read_note(folder_of(tmp_path))
    assert note is not None
    assert note.name == "encoder"


def test_a_file_that_was_exchanged_after_the_installation_is_noticed(root: Path) -> None:
    install(root, "tiny")
    write_encoder(folder_of(root), table=TABLE * 2)
    with pytest.raises(ValueError, match="not those that were installed as tiny"):
        read_note(folder_of(root))


def test_an_encoder_that_does_not_work_leaves_the_one_that_does(root: Path) -> None:
    install(root, "tiny")
    with pytest.raises(ValueError, match="pixel_values"):
        install(root, "broken", inputs=("input_ids", "pixel_values"))
    note = read_note(folder_of(root))
    assert note is not None
    assert note.name == "tiny"
    assert [path.name for path in root.iterdir()] == ["encoder"]


# -- the component -----------------------------------------------------------------------------


class Model:
    """A model's storage, and the component trained into it or loaded from it."""

    def __init__(self, folder: Path) -> None:
        from rasa.engine.graph import ExecutionContext, GraphSchema
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.engine.storage.resource import Resource

        folder.mkdir()
        self.folder = folder
        self._parts = (LocalModelStorage.create(folder), Resource("encoder"))
        self._context = ExecutionContext(GraphSchema({}))

    def train(self, *texts: str) -> list[Any]:
        """Train on these texts; they come back as the classifier gets them."""
        from bot.nlu.importer import Example

        return self.train_on([Example({"text": text, "intent": "x"}) for text in texts])

    def train_on(self, examples: list[Any]) -> list[Any]:
        """Train on these examples, which may have been trained on before."""
        from rasa.shared.nlu.training_data.training_data import TrainingData

        from bot.nlu.encoder import SentenceEncoder

        data = TrainingData(examples)
        SentenceEncoder.create({}, *self._parts, self._context).train(data)
        return list(self.load().process_training_data(data).training_examples)

    def load(self) -> Any:
        """As the serving process does."""
        from bot.nlu.encoder import SentenceEncoder

        return SentenceEncoder.load({}, *self._parts, self._context)

    def parse(self, text: str) -> Any:
        """A message as the classifier gets it."""
        from rasa.shared.nlu.training_data.message import Message

        (message,) = self.load().process([Message({"text": text})])
        return message


def addon() -> Any:
    from bot.nlu.encoder import SentenceEncoder

    return SentenceEncoder.fingerprint_addon({})


def test_vectors_come_with_an_encoder_and_go_with_it(root: Path) -> None:
    from bot.nlu.encoder import CLAUSE_VECTORS, SENTENCE_VECTOR

    model = Model(root / "without")
    (example,) = model.train("track")
    assert example.get(SENTENCE_VECTOR) is None
    without = addon()

    install(root, "tiny")
    assert addon() != without
    assert model.parse("track").get(SENTENCE_VECTOR) is None, "not before the next training"
    model = Model(root / "with")
    (example,) = model.train("track")
    np.testing.assert_allclose(example.get(SENTENCE_VECTOR), [1, 0, 0, 0])
    message = model.parse("track. parcel")
    np.testing.assert_allclose(message.get(SENTENCE_VECTOR), opened(folder_of(root)).vector("track. parcel"))
    np.testing.assert_allclose(message.get(CLAUSE_VECTORS), [[1, 0, 0, 0], [0, 1, 0, 0]])
    assert SENTENCE_VECTOR not in message.as_dict(only_output_properties=True)
    assert not list(model.folder.rglob("*.onnx")), "the encoder is not in the model"

    assert remove(root) == "tiny"
    assert addon() == without
    assert Model(root / "again").train("track")[0].get(SENTENCE_VECTOR) is None


@pytest.mark.parametrize(
    ("languages", "encoded"), [("", [True, True]), ("en", [True, False]), ("fr,de", [False, True])]
)
def test_only_its_own_languages_are_encoded(root: Path, languages: str, encoded: list[bool]) -> None:
    from bot.nlu.encoder import SENTENCE_VECTOR
    from bot.nlu.importer import Example

    install(root, "tiny", languages=languages)
    rows = [
        Example({"text": "track", "intent": "x", "metadata": {"language": language}})
        for language in ("en", "de")
    ]
    found = Model(root / "model").train_on(rows)
    assert [row.get(SENTENCE_VECTOR) is not None for row in found] == encoded


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        (lambda root: remove(root), "encoder tiny .* is not here: run nightdesk encoder add tiny"),
        (lambda root: install(root, "other", table=TABLE * 3), "holds other .* run nightdesk train"),
        (lambda root: (folder_of(root) / "tokenizer.json").unlink(), "no tokenizer.json"),
        (lambda root: (folder_of(root) / "model.onnx").write_bytes(b"x"), "not those that were installed"),
    ],
)
def test_a_model_is_not_served_without_its_encoder(root: Path, happened: Any, sentence: str) -> None:
    from bot.nlu.encoder import EncoderMissing

    install(root, "tiny")
    model = Model(root / "model")
    model.train("track")
    happened(root)
    with pytest.raises(EncoderMissing, match=sentence) as e:
        model.load()
    assert isinstance(e.value, ValueError), "the command line prints it as one sentence"


def test_the_same_encoder_under_another_name_will_do(root: Path) -> None:
    install(root, "tiny")
    model = Model(root / "model")
    model.train("track")
    install(root, "tiny-again")
    assert model.parse("track").get("sentence_vector") is not None


def test_rasa_sees_that_vectors_differ_and_may_keep_them(root: Path) -> None:
    install(root, "tiny")
    first, second = (Model(root / name).train("track", "parcel") for name in ("one", "two"))
    assert [m.fingerprint() for m in first] == [m.fingerprint() for m in second]
    install(root, "other", table=TABLE[:, ::-1].copy())
    other = Model(root / "three").train("track", "parcel")
    assert first[0].fingerprint() != other[0].fingerprint()
    assert Model(root / "four").train_on(first)[0].fingerprint() == other[0].fingerprint()
    again = pickle.loads(pickle.dumps(second[0]))
    assert again.fingerprint() == second[0].fingerprint()


def test_a_long_list_of_examples_says_how_far_it_is(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    install(root, "tiny")
    caplog.set_level("INFO", logger="bot.nlu.encoder")
    Model(root / "model").train(*(f"track {number}" for number in range(100)))
    said = [record.getMessage() for record in caplog.records if record.name == "bot.nlu.encoder"]
    assert len(said) == 20
    assert said[1] == "sentences as vectors: 5 of 100"


def test_what_was_computed_once_is_kept_until_the_encoder_changes(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="bot.nlu.encoder")

    def computed(model: str, *texts: str) -> int:
        caplog.clear()
        examples = Model(root / model).train(*texts)
        alone = opened(folder_of(root))
        for example in examples:
            assert (example.get("sentence_vector") == alone.vector(example.get("text"))).all()
        return len([r for r in caplog.records if r.name == "bot.nlu.encoder"])

    install(root, "tiny")
    assert computed("first", "track", "parcel") == 2
    assert computed("second", "parcel", "track", "blue parcel") == 1
    assert computed("third", "parcel") == 0
    (folder_of(root) / "vectors.npz").write_bytes(b"torn")
    assert computed("fourth", "parcel") == 1
    kept = (folder_of(root) / "vectors.npz").read_bytes()
    install(root, "other", table=TABLE * 3 + 1)
    (folder_of(root) / "vectors.npz").write_bytes(kept)
    assert computed("fifth", "parcel") == 1


@pytest.mark.parametrize(("is_there", "imported"), [(False, []), (True, ["onnxruntime", "tokenizers"])])
def test_without_an_encoder_nothing_of_it_is_imported_and_never_tensorflow(
    root: Path, is_there: bool, imported: list[str]
) -> None:
    if is_there:
        install(root, "tiny")
    code = """
import json, pathlib, sys
from tests.nlu.test_encoder import Model, keep_tensorflow_out
keep_tensorflow_out()
model = Model(pathlib.Path(sys.argv[1]) / "model")
model.train("track")
model.parse("track")
print(json.dumps([name for name in ("onnxruntime", "tokenizers", "tensorflow") if name in sys.modules]))
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(root)],
        cwd=ROOT,
        env={"NIGHTDESK_ROOT": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == imported
