"""The wheel alone, without a checkout: it ships the records and answers."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_every_record_and_nothing_of_the_site(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (ROOT / "catalog").rglob("*"):
        if path.is_file():
            assert f"scalinglaws/catalog_records/{path.relative_to(ROOT / 'catalog').as_posix()}" in names
    assert "scalinglaws/py.typed" in names
    assert not [name for name in names if name.startswith(("site/", "tests/", "scripts/", "build/"))]
    assert [name for name in names if name.endswith("entry_points.txt")]


def test_it_answers_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SCALINGLAWS")},
        "PYTHONPATH": str(installed),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    code = "import scalinglaws, sys; from scalinglaws.cli import main; print(scalinglaws.__file__); sys.exit(main(sys.argv[1:]))"
    arguments = ["eval", "hoffmann2022/parametric/published-rounded", "N=70e9", "D=1.4e12"]
    for first in (True, False):
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        location, answer = done.stdout.splitlines()
        assert location.startswith(str(installed))
        assert answer == "L = 1.936645471 nat/token"
        assert ("for the first time" in done.stderr) is first
    assert len(list((tmp_path / "cache").rglob("*.sqlite"))) == 1
