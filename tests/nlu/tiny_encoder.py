"""Writes an encoder of six words and four numbers: an ONNX file byte by byte, and its tokenizer."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, Sequence, Union

import numpy as np

WORDS = ("[PAD]", "[UNK]", "track", "parcel", "blue", "shirt")
# One row a word: of the last two, neither is of length one.
TABLE = np.array(
    [[9, 9, 9, 9], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 3, 4], [0, 0, 0, 0]], dtype=np.float32
)
INT64, INT32, FLOAT, FLOAT16 = 7, 6, 1, 10
_KINDS = {np.dtype(np.float32): FLOAT, np.dtype(np.float16): FLOAT16}
Dimension = Union[int, str]


def write_encoder(
    folder: Path,
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    output: str = "last_hidden_state",
    number: int = INT64,
    half: bool = False,
    shape: Sequence[Dimension] = ("batch", "tokens"),
    table: np.ndarray = TABLE,
) -> Path:
    """Fill a folder with `model.onnx` and `tokenizer.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    table = table.astype(np.float16 if half else np.float32)
    nodes = [_node("Gather", ["table", inputs[0]], ["words"])]
    result: list[Dimension] = [*shape, table.shape[1]]
    if output == "sentence_embedding":
        nodes.append(_node("ReduceMean", ["words"], [output], axes=[1], keepdims=0))
        result = [shape[0], table.shape[1]]
    else:
        nodes.append(_node("Identity", ["words"], [output]))
    graph = b"".join(
        [
            *(_bytes(1, node) for node in nodes),
            _bytes(2, b"tiny"),
            _bytes(5, _tensor("table", table)),
            *(_bytes(11, _value(name, number, shape)) for name in inputs),
            _bytes(12, _value(output, _KINDS[table.dtype], result)),
        ]
    )
    (folder / "model.onnx").write_bytes(_int(1, 8) + _bytes(7, graph) + _bytes(8, _int(2, 13)))
    _write_tokenizer(folder / "tokenizer.json")
    return folder


def _write_tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_padding(length=32)  # as many files have it: nothing of it may reach the mean
    tokenizer.save(str(path))


# -- the wire format of protobuf, as far as ONNX needs it ------------------------------------


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _int(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _bytes(field: int, content: Union[bytes, str]) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _node(
    kind: str, inputs: Iterable[str], outputs: Iterable[str], **attributes: Union[int, list[int]]
) -> bytes:
    rows = [_bytes(1, name) for name in inputs] + [_bytes(2, name) for name in outputs] + [_bytes(4, kind)]
    for name, value in attributes.items():
        if isinstance(value, list):
            content = b"".join(_int(8, number) for number in value) + _int(20, 7)
        else:
            content = _int(3, value) + _int(20, 2)
        rows.append(_bytes(5, _bytes(1, name) + content))
    return b"".join(rows)


def _tensor(name: str, values: np.ndarray) -> bytes:
    dimensions = b"".join(_int(1, size) for size in values.shape)
    return dimensions + _int(2, _KINDS[values.dtype]) + _bytes(8, name) + _bytes(9, values.tobytes())


def _value(name: str, kind: int, shape: Sequence[Dimension]) -> bytes:
    sizes = b"".join(_bytes(1, _int(1, d) if isinstance(d, int) else _bytes(2, d)) for d in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _int(1, kind) + _bytes(2, sizes)))
