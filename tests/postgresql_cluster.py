"""A PostgreSQL server to test with: one of our own from the installed programs, or one that is named."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from scalinglaws.catalog import Catalog
from scalinglaws.database.server import Server, ServerReader, open_server
from scalinglaws.database.server_build import build_server

#: Names a server to use in place of one of our own, by the URL of a role that may make databases and roles.
ENVIRONMENT = "SCALINGLAWS_TEST_POSTGRESQL"
PASSWORD = "s3cret/@:%"
#: Names of databases and roles, apart for each process that tests.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
REAL, TOY, EMPTY, LATIN = (f"slaw_{each}_{WORKER}" for each in ("real", "toy", "empty", "latin"))
GUARDED, OUTSIDER, GUEST, VISITOR = (f"{each}_{WORKER}" for each in ("guarded", "Outsider", "Guest", "visitor"))


@dataclass(frozen=True)
class Cluster:
    """A server to test with."""

    parts: dict[str, Any]

    def url(self, name: str, **parts: str) -> str:
        return f"postgresql+psycopg:///{name}?{urlencode({**self.parts, **parts})}"

    def run(self, name: str, *statements: str) -> list[Any]:
        """What the last of some statements gives, run by the keeper."""
        with psycopg.connect(self.url(name).replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def make(self, name: str, encoding: str = "UTF8") -> str:
        """A new database; its URL."""
        locale = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" if encoding == "UTF8" else ""
        self.drop(name)
        self.run("postgres", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C' {locale}")
        return self.url(name)

    def role(self, name: str, options: str = "") -> str:
        """A new role that may do nothing yet; its name."""
        self.run("postgres", f'DROP ROLE IF EXISTS "{name}"', f'CREATE ROLE "{name}" LOGIN {options}')
        return name

    def drop(self, name: str) -> None:
        self.run("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    onpath = shutil.which("initdb")
    return found[-1].parent if found else Path(onpath).parent if onpath else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    named = os.environ.get(ENVIRONMENT)
    if named:
        yield Cluster({key: value for key, value in Server.of(named).parts.items() if key != "dbname"})
        return
    folder = binaries()
    from conftest import need

    need("PostgreSQL", found=folder is not None)
    assert folder is not None
    with tempfile.TemporaryDirectory(prefix="scalinglaws-") as place:
        # The server refuses to run as root.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            os.chown(place, pwd.getpwnam(user).pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            command = [str(folder / program), "-D", f"{place}/data", *arguments]
            subprocess.run(command, check=True, user=user, cwd=place, stdout=subprocess.DEVNULL)

        run("initdb", "--username=keeper", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        rules = f"local all {GUARDED} scram-sha-256\nlocal all all trust\n"
        Path(place, "data", "pg_hba.conf").write_text(rules, encoding="utf-8")
        settings = f"-c listen_addresses='' -c unix_socket_directories='{place}' -c fsync=off"
        run("pg_ctl", "start", "--wait", "--silent", f"--log={place}/log", f"--options={settings}")
        try:
            yield Cluster({"host": place, "user": "keeper"})
        finally:
            run("pg_ctl", "stop", "--mode=immediate", "--silent")


@pytest.fixture(scope="session")
def real_url(cluster: Cluster, catalog: Catalog) -> Iterator[str]:
    url = cluster.make(REAL)
    build_server(catalog, url)
    yield url
    cluster.drop(REAL)


@pytest.fixture(scope="session")
def toy_url(cluster: Cluster, toy: Catalog) -> Iterator[str]:
    url = cluster.make(TOY)
    build_server(toy, url)
    yield url
    cluster.drop(TOY)


@pytest.fixture
def reader(toy_url: str) -> Iterator[ServerReader]:
    reader = open_server(toy_url)
    yield reader
    reader.close()


@pytest.fixture
def empty_url(cluster: Cluster) -> Iterator[str]:
    """A database without a catalog."""
    yield cluster.make(EMPTY)
    cluster.drop(EMPTY)
