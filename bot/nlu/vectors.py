"""Sentences as vectors, by an encoder in a local folder.

No Rasa in here, and no onnxruntime before an encoder is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

import numpy as np

from bot.nlu.encoder_note import MODEL, TOKENIZER, Note

_LONGEST = 128  # tokens
_NUMBERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_INPUTS = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
# Names that exporters give to a finished vector, or else to one vector a token.
_OUTPUTS = ("sentence_embedding", "last_hidden_state", "token_embeddings")


class Encoder:
    """An open encoder. It may be asked from several threads at once."""

    def __init__(self, session: Any, tokenizer: Any, *, note: Note) -> None:
        self.note = note
        self._session = session
        self._tokenizer = tokenizer
        inputs = {row.name: row for row in session.get_inputs()}
        for name, row in inputs.items():
            if name not in _INPUTS or row.type not in _NUMBERS:
                raise ValueError(
                    f"{MODEL} asks for {name} as {row.type}; an encoder of sentences asks for whole numbers, "
                    f"for any of {', '.join(_INPUTS)}."
                )
        if "input_ids" not in inputs:
            raise ValueError(f"{MODEL} does not ask for input_ids, so it does not read text.")
        self._numbers = {name: _NUMBERS[row.type] for name, row in inputs.items()}
        shape = inputs["input_ids"].shape
        # Some models are exported for one length only; the others read as many tokens as there are.
        self._length = shape[1] if len(shape) == 2 and isinstance(shape[1], int) else None
        self._output = _output(session.get_outputs())
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_length=min(_LONGEST, self._length or _LONGEST))
        self._padding = _padding(tokenizer)
        self.size = len(self.vector("ok"))

    @classmethod
    def open(cls, folder: Path, *, note: Note) -> Encoder:
        """The encoder of this folder.

        RuntimeError when onnxruntime or tokenizers is not installed, ValueError when a file is broken.
        """
        try:
            import onnxruntime
            import tokenizers
        except ImportError as e:
            raise RuntimeError(
                f"The encoder in {folder} needs onnxruntime and tokenizers ({e}). Install them with: "
                "pip install -e '.[encoder]', or take it out with: nightdesk encoder remove."
            ) from None
        try:
            tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as e:  # the library raises nothing more exact
            raise ValueError(f"{folder / TOKENIZER} is no tokenizer: {_first_line(e)}") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # two cores serve conversations
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"]
            )
            return cls(session, tokenizer, note=note)
        except ValueError:
            raise
        except Exception as e:  # a dozen classes without a common one
            raise ValueError(f"{folder / MODEL} is no model that can be run: {_first_line(e)}") from None

    def vector(self, text: str) -> np.ndarray[Any, Any]:
        """The vector of a text: float32, of length one; zeros when the encoder sees nothing in it.

        One text at a time, in training too: a quantised model shares its scales between the texts of a
        batch, so that in company a text would get another vector than it gets alone.
        """
        words = self._tokenizer.encode(self.note.before + text)
        mask = np.ones(len(words.ids))
        rows = {
            "input_ids": words.ids,
            "attention_mask": mask,
            "token_type_ids": words.type_ids,
            "position_ids": range(len(words.ids)),
        }
        fed = {name: self._row(name, rows[name])[np.newaxis] for name in self._numbers}
        (found,) = self._session.run([self._output], fed)
        values: np.ndarray[Any, Any] = np.asarray(found[0], dtype=np.float32)
        if values.ndim == 2:
            values = values[: len(mask)].mean(axis=0) if len(mask) else np.zeros(values.shape[1])
        if values.ndim != 1 or not np.isfinite(values).all():
            raise ValueError(f"{MODEL} gives no vector for a text.")
        length = np.linalg.norm(values)
        return np.asarray(values / length if length > 0 else values, dtype=np.float32)

    def _row(self, name: str, values: Any) -> np.ndarray[Any, Any]:
        row = np.asarray(values, dtype=self._numbers[name])
        if self._length is None:
            return row
        filled = np.full(self._length, self._padding if name == "input_ids" else 0, dtype=row.dtype)
        filled[: len(row)] = row
        return filled


def _output(rows: Any) -> str:
    """The output to read: a sentence's vector, or else one vector a token, which is averaged."""
    ranks: Mapping[str, int] = {row.name: len(row.shape) for row in rows}
    wanted = [name for name in _OUTPUTS if name in ranks]
    wanted += [name for name, rank in ranks.items() if rank == 3]
    if not wanted and len(ranks) == 1:
        wanted += [name for name, rank in ranks.items() if rank == 2]
    if not wanted:
        raise ValueError(f"{MODEL} gives {', '.join(ranks)}; expected one of {', '.join(_OUTPUTS)}.")
    return wanted[0]


def _padding(tokenizer: Any) -> int:
    known = (tokenizer.token_to_id(word) for word in ("[PAD]", "<pad>"))
    return next((number for number in known if number is not None), 0)


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return (text.splitlines()[0] if text else type(error).__name__).rstrip(".") + "."
