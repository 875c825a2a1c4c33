"""The folder of an export: its files with their hashes, put in place whole or not at all, what is not ours kept."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scalinglaws.library import InputError

README, SUMS = "README.txt", "SHA256SUMS"
#: The first line of the README of an export begins with this.
MARK = "An export of the Scaling Laws Catalog"


@dataclass(frozen=True)
class ExportFile:
    """A file of an export.

    Attributes:
        name: its path in the folder, with slashes.
        media_type: what kind of file it is.
        what: what it holds or is for.
        bytes: its size.
        sha256: its hash, in hexadecimal.
        table: the table that it holds, if it holds one.
        rows: how many rows that table has.
    """

    name: str
    media_type: str
    what: str
    bytes: int
    sha256: str
    table: str | None = None
    rows: int | None = None


class Writer:
    """Writes files into a folder and keeps the list of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[ExportFile] = []

    def add(
        self, name: str, content: bytes, media_type: str, what: str, table: str | None = None, rows: int | None = None
    ) -> None:
        """Write one file; see `ExportFile`."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self.files.append(ExportFile(name, media_type, what, len(content), digest, table, rows))


@contextmanager
def whole_folder(folder: Path, *, force: bool) -> Iterator[Writer]:
    """A writer into a temporary folder, which takes the place of a folder once all is written.

    Args:
        folder: where the files go: absent, empty, or an export, which is replaced.
        force: write also into a folder that holds something else; of that, files of the same names are replaced,
            and all others stay.

    Raises:
        InputError: if the folder is a file, or holds something else and `force` is not given.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder")
    ours, others = _told_apart(folder)
    if others and not force:
        raise InputError(
            f"{folder} holds what no export wrote, such as {others[0]}; name a new folder, "
            "or write into this one with --force, which replaces only files of the same names"
        )
    # The current folder and a mounted one cannot be exchanged for another, and one with other files must not be.
    inside = bool(others) or folder == Path.cwd() or (folder.is_dir() and folder.is_mount())
    place = folder if inside else folder.parent
    place.mkdir(parents=True, exist_ok=True)
    unfinished = place / f".{folder.name}.{os.getpid()}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        writer = Writer(unfinished)
        yield writer
        if inside:
            _fill(folder, unfinished, [each.name for each in writer.files], ours)
        else:
            _exchange(folder, unfinished)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _told_apart(folder: Path) -> tuple[set[str], list[str]]:
    """What a folder holds: names of files that an export wrote and nobody changed, and of everything else."""
    if not folder.is_dir():
        return set(), []
    try:
        marked = (folder / README).read_text(encoding="utf-8").startswith(MARK)
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines() if marked else []
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines:
        return set(), sorted(each.name for each in folder.iterdir())
    found = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if not _holds_something(each))
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    ours = {name for name in found if name in listed and _digest(folder / name) == listed[name]}
    ours.add(SUMS)
    return ours, [name for name in found if name not in ours]


def _holds_something(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and any(path.iterdir())


def _digest(path: Path) -> str:
    return "" if path.is_symlink() or not path.is_file() else hashlib.sha256(path.read_bytes()).hexdigest()


def _exchange(folder: Path, fresh: Path) -> None:
    previous = fresh.with_suffix(".previous")
    if folder.exists():
        folder.replace(previous)
    try:
        fresh.replace(folder)
    except BaseException:
        if previous.exists():
            previous.replace(folder)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _fill(folder: Path, fresh: Path, names: list[str], ours: set[str]) -> None:
    for name in names:
        if (folder / name).is_dir() or any((folder / each).is_file() for each in PurePosixPath(name).parents):
            raise InputError(f"{folder / name} cannot be written: something else stands there; name a new folder")
    # The list of hashes goes first and comes last: a folder with one is a whole export.
    for name in sorted(ours, key=lambda each: each != SUMS):
        if name == SUMS or name not in names:
            (folder / name).unlink()
    for name in sorted(names, key=lambda each: each == SUMS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).replace(folder / name)
