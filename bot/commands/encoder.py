"""Add an optional sentence encoder, take it out, or say which one is there."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Optional

from bot.commands.downloading import Progress, fetch
from bot.nlu.encoder_note import FILES, Note, folder_of, read_note
from bot.nlu.encoders import Known, copy_folder, note_of, place, read_known, remove, workshop
from bot.nlu.vectors import Encoder
from bot.settings import Settings, get_settings

_TRAIN = "Train the model anew with: nightdesk train."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "does",
        nargs="?",
        choices=("add", "remove"),
        help="add one, or take it out; without: say what is there",
    )
    parser.add_argument(
        "what", nargs="?", metavar="NAME|FOLDER", help="a name of data/encoders.yml, or a folder of your own"
    )
    parser.add_argument(
        "--before", metavar="TEXT", help='what the encoder wants before each text, for example "query: "'
    )
    parser.add_argument("--languages", metavar="en,de", help="which languages it was made for (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    settings = get_settings()
    if args.does == "add":
        if not args.what:
            raise ValueError(f"Add what? One of {_names(settings)}, or a folder.")
        encoder = _add(args.what, settings, before=args.before, languages=args.languages)
        _say(
            args.json,
            f"Added {encoder.note.name}: {encoder.size} numbers for a sentence. {_TRAIN}",
            {"added": encoder.note.name, "size": encoder.size, "sha256": encoder.note.model},
        )
    elif args.what or args.before or args.languages:
        raise ValueError("Only nightdesk encoder add takes a name or a folder.")
    elif args.does == "remove":
        name = remove(settings.root)
        _say(args.json, f"Took {name} out. {_TRAIN}", {"removed": name})
    else:
        _show(settings, as_json=args.json)
    return 0


def _show(settings: Settings, *, as_json: bool) -> None:
    note = read_note(folder_of(settings.root))
    known = _known(settings)
    if as_json:
        there = {"name": note.name, "sha256": note.model, "licence": note.licence} if note else None
        _say(True, "", {"encoder": there, "known": list(known)})
        return
    licence = f", licence {note.licence}" if note and note.licence else ""
    print(f"{note.name} ({note.model[:12]}…{licence})." if note else "There is no encoder.")
    for row in known.values():
        size = sum(source.most_bytes for source in row.files.values()) / 1e6
        print(f"  {row.name}: {row.about} Up to {size:.0f} MB, licence {row.licence}.")
    print("Add one with: nightdesk encoder add NAME|FOLDER.")


def _add(what: str, settings: Settings, *, before: Optional[str], languages: Optional[str]) -> Encoder:
    known = _known(settings)
    source = Path(what).expanduser()
    if not source.is_dir() and what not in known:
        raise LookupError(
            f"No encoder {what!r}: there is no such folder, and data/encoders.yml names "
            f"{_names(settings)} only (docs/encoder.md)."
        )
    with workshop(settings.root) as made:
        if source.is_dir():
            copy_folder(source, made)
            said = note_of(source) or Note(source.resolve().name, "", "")
            return place(
                made,
                root=settings.root,
                name=said.name,
                before=said.before if before is None else before,
                licence=said.licence,
                languages=said.languages if languages is None else languages.replace(" ", ""),
            )
        row = known[what]
        sums = Sums(settings.var / "encoders.json")
        found = {name: _fetched(row, name, made, sums) for name in FILES}
        encoder = place(
            made,
            root=settings.root,
            name=row.name,
            before=row.before if before is None else before,
            licence=row.licence,
            languages=row.languages if languages is None else languages.replace(" ", ""),
        )
        sums.remember({row.files[name].address: digest for name, digest in found.items()})
        return encoder


def _fetched(row: Known, name: str, made: Path, sums: Sums) -> str:
    source = row.files[name]
    expected = source.sha256 or sums.known.get(source.address)
    if expected is None:
        print(
            f"{name}: no checksum is published; the one of today is kept and checked from now on.",
            file=sys.stderr,
        )
    return fetch(
        source.address,
        made / name,
        most_bytes=source.most_bytes,
        sha256=expected,
        progress=_progress(name),
    )


class Sums:
    """The checksums of what was downloaded before, by address: trust on first use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.known = {}

    def remember(self, found: dict[str, str]) -> None:
        """Keep these for the next time."""
        self.known.update(found)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps(self.known, indent=1), encoding="utf-8")
        os.replace(partial, self._path)


def _progress(name: str) -> Progress:
    """A line for every tenth part, or every ten megabytes when nobody knows how many there are."""
    told = -1

    def tell(size: int, total: Optional[int]) -> None:
        nonlocal told
        tenth = size * 10 // total if total else size // 10_000_000
        if tenth > told:
            told = tenth
            of = f" of {total / 1e6:.1f}" if total else ""
            print(f"{name}  {size / 1e6:.1f}{of} MB", file=sys.stderr, flush=True)

    return tell


def _known(settings: Settings) -> dict[str, Known]:
    return read_known(settings.data / "encoders.yml")


def _names(settings: Settings) -> str:
    return ", ".join(_known(settings))


def _say(as_json: bool, sentence: str, data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=False) if as_json else sentence)
