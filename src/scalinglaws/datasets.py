"""What Python users call for the public data behind published laws: finds it, fetches it once, verifies and loads it.

The catalog ships none of these files. Each is looked for in the folder that `SCALINGLAWS_DATA` names (one folder a
dataset), then in the user's cache, and is else downloaded there from the commit that its record pins.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scalinglaws.data_formats import READERS, DataFormatError, read_csv
from scalinglaws.database import access
from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.library import UnknownName, connect
from scalinglaws.vocabulary import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    #: Arrays of floats or of text, by column.
    Table = dict[str, NDArray[Any]]

#: Names the folder with one folder a dataset.
FOLDER_VARIABLE = "SCALINGLAWS_DATA"
#: How long a download may stay silent, and how long a server may, in seconds.
QUIET_SECONDS = 2.0
TIMEOUT_SECONDS = 30.0

_warned: set[Path] = set()


class DatasetError(RuntimeError):
    """Data that cannot be had, or is not what its record says; the message says what to do."""


class _Altered(Exception):
    """What was downloaded has another SHA-256; its one argument."""


@dataclass(frozen=True)
class _Found:
    """A file on this machine, and whether it is the CSV read out of the upstream file."""

    path: Path
    derived: bool


class Dataset:
    """Public data points behind published laws.

    Attributes:
        document: everything known about them, as `show --json` prints it.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = dict(document)

    def __repr__(self) -> str:
        return f"<Dataset {self.id}: {self.document['title']}>"

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.document["id"])

    @property
    def files(self) -> list[str]:
        """The names of its files, each one table."""
        return [each["name"] for each in self.document["files"]]

    def path(self, file: str | None = None) -> Path:
        """Where a file is on this machine, fetched first if need be.

        Args:
            file: one of `files`, or the name of the CSV read out of it; by default the first.

        Raises:
            UnknownName: there is no such file; the message gives the nearest.
            DatasetError: it is not at hand and cannot be fetched.
        """
        return self._obtain(self._entry(file)).path

    def fetch(self, file: str | None = None) -> Path:
        """Download a file into the cache, unless it is there already, and verify it; see `path`.

        What is published nowhere as a table is only looked for.
        """
        entry = self._entry(file)
        found = self._in_cache(entry)
        if found is None and entry["format"] not in READERS:
            found = self._in_folder(entry)
        return found.path if found is not None else self._download(entry)

    def at_hand(self) -> dict[str, Path | None]:
        """Where each file is on this machine; none for those not here."""
        found = {each["name"]: self._locate(each) for each in self.document["files"]}
        return {name: each.path if each is not None else None for name, each in found.items()}

    def table(self, file: str | None = None) -> Table:
        """One file as arrays by column, of the columns that the record explains, in their order.

        Numbers are floats, NaN where the file has none; text stays text.

        Args:
            file: one of `files`, or the name of the CSV read out of it; by default the first.

        Raises:
            UnknownName: there is no such file; the message gives the nearest.
            DatasetError: it is not at hand and cannot be fetched, or does not hold what its record says.
        """
        entry = self._entry(file)
        found = self._obtain(entry)
        read = read_csv if found.derived else READERS[entry["format"]]
        try:
            texts = read(found.path.read_bytes())
            return self._arrays(entry, texts)
        except DataFormatError as error:
            raise DatasetError(
                f"{found.path} is not what {self.id} records: {error}; remove it to have it fetched again"
            ) from None

    @cached_property
    def _entries(self) -> dict[str, dict[str, Any]]:
        """Files by their name and by that of the CSV read out of them."""
        named = {each["derived"]["name"]: each for each in self.document["files"] if each["derived"]}
        return {**named, **{each["name"]: each for each in self.document["files"]}}

    def _entry(self, file: str | None) -> dict[str, Any]:
        name = self.files[0] if file is None else file
        if name not in self._entries:
            hint = nearest(name, self._entries) or f"it has {', '.join(self.files)}"
            raise UnknownName(f"{self.id} has no file '{name}'; {hint}")
        return self._entries[name]

    def _obtain(self, entry: Mapping[str, Any]) -> _Found:
        found = self._locate(entry)
        return found if found is not None else _Found(self._download(entry), derived=False)

    def _locate(self, entry: Mapping[str, Any]) -> _Found | None:
        return self._in_folder(entry) or self._in_cache(entry)

    def _in_folder(self, entry: Mapping[str, Any]) -> _Found | None:
        """A file in the folder that the user names; one that differs from the record is used, with a warning."""
        named = os.environ.get(FOLDER_VARIABLE)
        if not named:
            return None
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise DatasetError(f"{FOLDER_VARIABLE} names {folder}, which is no folder; name one, or unset it")
        derived = entry["derived"] or {}
        for name in dict.fromkeys((entry["name"], derived.get("name"))):
            path = folder / self.id / name if name else None
            if path is None or not path.is_file():
                continue
            digest = _sha256(path)
            if digest == derived.get("sha256"):
                return _Found(path, derived=True)
            if digest != entry["sha256"]:
                _warn_once(path, digest, [each for each in (entry["sha256"], derived.get("sha256")) if each])
            return _Found(path, derived=name == derived.get("name"))
        return None

    def _in_cache(self, entry: Mapping[str, Any]) -> _Found | None:
        """A file in the user's cache that is what the record says; what is damaged there does not count."""
        places = [(each, each is not entry) for each in (entry, entry["derived"]) if each]
        for each, derived in places:
            if each["sha256"] and (derived or entry["format"] in READERS):
                path = self._cached(each)
                if path.is_file() and _sha256(path) == each["sha256"]:
                    return _Found(path, derived)
        return None

    def _cached(self, entry: Mapping[str, Any]) -> Path:
        """The place in the user's cache of a file with a recorded name and SHA-256."""
        from platformdirs import user_cache_path  # noqa: PLC0415 - only where data is asked for

        digest, name = str(entry["sha256"]), str(entry["name"])
        return user_cache_path("scalinglaws") / "datasets" / self.id / digest[:16] / name

    def _download(self, entry: Mapping[str, Any]) -> Path:
        """Fetch an upstream file into the cache: whole and verified, or not at all."""
        if entry["format"] not in READERS:
            derived = entry["derived"]
            raise DatasetError(
                f"{self.id}/{derived['name']} was read out of {entry['url']} ({entry['format']}) and is published "
                f"nowhere as a table; set {FOLDER_VARIABLE} to a folder that holds {self.id}/{derived['name']}, or put "
                f"it at {self._cached(derived)} (SHA-256 {derived['sha256']})"
            )
        path = self._cached(entry)
        name = f"{self.id}/{entry['name']}"
        remedy = f"set {FOLDER_VARIABLE} to a folder that holds {name}, or fetch it by hand to {path}"
        expected = f"SHA-256 {entry['sha256']}, {entry['bytes']:,} bytes"
        try:
            _retrieve(entry["url"], path, entry["sha256"], name)
        except _Altered as altered:
            raise DatasetError(
                f"{entry['url']} is not the file that {self.id} records: its SHA-256 is {altered}, expected was "
                f"{expected}; nothing was kept; {remedy}"
            ) from None
        except OSError as error:
            raise DatasetError(
                f"{name} cannot be fetched from {entry['url']}: {_reason(error)}; {remedy} ({expected})"
            ) from error
        return path

    def _arrays(self, entry: Mapping[str, Any], texts: Mapping[str, list[str]]) -> Table:
        import numpy as np  # noqa: PLC0415 - numbers only where a table is loaded

        table: Table = {}
        computed: dict[str, str] = {}
        for column in self.document["columns"]:
            if entry["name"] not in column["files"]:
                continue
            name = column["name"]
            found = next((each for each in (name, column["upstream"]) if each in texts), None)
            if found is None and column["computed"]:
                computed[name] = column["computed"]
            elif found is None:
                raise DataFormatError(f"it has no column '{name}', but {', '.join(texts)}")
            elif column["unit"] is None:
                table[name] = np.array(texts[found], dtype=np.str_)
            else:
                table[name] = np.array([_number(text, name, row) for row, text in enumerate(texts[found], start=1)])
        for name, formula in computed.items():
            compiled = Compiled(Formula.read(formula))
            table[name] = np.asarray(compiled({each: table[each] for each in compiled.arguments}), dtype=np.float64)
        return table


def _number(text: str, column: str, row: int) -> float:
    if not text.strip():
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise DataFormatError(f"row {row} of column '{column}' holds no number: '{text}'") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _warn_once(path: Path, found: str, expected: list[str]) -> None:
    if path not in _warned:
        _warned.add(path)
        print(
            f"scalinglaws: {path} differs from the record: its SHA-256 is {found}, recorded is {' or '.join(expected)}",
            file=sys.stderr,
        )


class _Progress:
    """Speaks on standard error once a download takes long; what Pooch asks of a progress bar."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.total = 0
        self.done = 0
        self.spoken = False
        self._timer = threading.Timer(QUIET_SECONDS, self._speak)
        self._timer.daemon = True
        self._timer.start()

    def _speak(self) -> None:
        self.spoken = True
        size = f" of {self.total / 1e6:.1f}" if self.total else ""
        print(
            f"\rscalinglaws: fetching {self.name}, {self.done / 1e6:.1f}{size} MB", end="", file=sys.stderr, flush=True
        )

    def update(self, amount: int) -> None:
        """Count what has come."""
        self.done += amount
        if self.spoken and sys.stderr.isatty():
            self._speak()

    def reset(self) -> None:
        """Begin to count again, as Pooch does at the end."""
        self.done = 0

    def close(self) -> None:
        """End the line, however the download ended."""
        self._timer.cancel()
        if self.spoken:
            self.spoken = False
            print(file=sys.stderr)


def _retrieve(url: str, path: Path, sha256: str, name: str) -> None:
    """Download a file beside its place and move it there once it is verified.

    Raises:
        _Altered: it has another SHA-256.
        OSError: it cannot be reached, breaks off, or cannot be written.
    """
    import logging  # noqa: PLC0415

    import pooch  # noqa: PLC0415 - needed only where something is downloaded

    progress = _Progress(name)
    download: Callable[..., None] = pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT_SECONDS)

    def verified(address: str, output: str, manager: Any) -> None:
        # Pooch compares too, but says the SHA-256 that it found only in prose.
        download(address, output, manager)
        found = _sha256(Path(output))
        if found != sha256:
            raise _Altered(found)

    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        pooch.retrieve(url, f"sha256:{sha256}", fname=path.name, path=path.parent, downloader=verified)
    finally:
        logger.setLevel(level)
        progress.close()


def _reason(error: BaseException) -> str:
    """The innermost words of an error that wraps others."""
    while True:
        inner = getattr(error, "reason", None)
        nested = [each for each in (inner, *error.args) if isinstance(each, BaseException)]
        if not nested:
            return str(error) or type(error).__name__
        error = nested[0]


def dataset(name: str, *, path: str | os.PathLike[str] | None = None) -> Dataset:
    """The public data behind published laws, by id; nothing is fetched before it is asked for.

    Args:
        name: the id, such as `chinchilla-svg`.
        path: a database file or a server's URL, if not the default one.

    Raises:
        UnknownName: there is no such dataset; the message gives the nearest.
    """
    connection = connect(path)
    found = access.document(connection, name)
    if found is None or found["kind"] != "dataset":
        known = _ids(connection)
        hint = nearest(name, known) or f"there are {', '.join(known)}"
        raise UnknownName(f"no dataset is called '{name}'; {hint}")
    return Dataset(found)


def all_datasets(*, path: str | os.PathLike[str] | None = None) -> list[Dataset]:
    """Every dataset of the catalog, by id.

    Args:
        path: a database file or a server's URL, if not the default one.
    """
    return [dataset(name, path=path) for name in _ids(connect(path))]


def _ids(connection: access.Reader) -> list[str]:
    return [str(row[0]) for row in connection.rows("SELECT id FROM dataset ORDER BY id")]
