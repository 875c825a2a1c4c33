"""PostgreSQL's catalog is loaded whole or not at all, under those who read it."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest

from postgresql_cluster import EMPTY, GUEST, LATIN, VISITOR, Cluster
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.database import server_build, tables
from scalinglaws.database.access import DatabaseError
from scalinglaws.database.rows import catalog_rows
from scalinglaws.database.server import open_server
from scalinglaws.database.server_build import build_server

pytestmark = pytest.mark.xdist_group("postgresql")


def schemas(cluster: Cluster) -> list[str]:
    statement = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'scalinglaws%'"
    return [row[0] for row in cluster.run(EMPTY, statement)]


def test_the_command_builds_and_says_where(
    cluster: Cluster, empty_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALINGLAWS_CATALOG", str(Path(__file__).parent / "toy"))
    for _ in range(2):
        assert main(["build", "--database-url", empty_url, "--json"]) == 0
        built = json.loads(capsys.readouterr().out)
        assert built["laws"] == 5
        assert built["database"].startswith("postgresql://")
        assert built["database"].endswith(f"/{EMPTY}")
    assert schemas(cluster) == ["scalinglaws"]


def test_a_failed_build_leaves_the_previous_one(
    cluster: Cluster, toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_server(toy, empty_url)
    place = cluster.run(EMPTY, "SELECT 'scalinglaws.law'::regclass::oid")

    def orphaned(catalog: Catalog, edition: str) -> object:
        rows = catalog_rows(catalog, edition)
        rows[tables.Fit][0]["law"] = "nobody/nothing"
        return rows

    def broken(*_: object) -> None:
        raise RuntimeError("the records are gone")

    with monkeypatch.context() as patch:
        patch.setattr(server_build, "catalog_rows", orphaned)
        with pytest.raises(DatabaseError, match=r'violates foreign key.*"fit_law_fkey".*What was there is unchanged'):
            build_server(toy, empty_url)
    with monkeypatch.context() as patch:
        patch.setattr(server_build, "survey_view", broken)
        with pytest.raises(RuntimeError):
            build_server(toy, empty_url)
    assert schemas(cluster) == ["scalinglaws"]
    assert cluster.run(EMPTY, "SELECT 'scalinglaws.law'::regclass::oid") == place


def test_readers_see_the_old_catalog_or_the_new_and_are_never_ended(
    toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(edition: int) -> None:
        rows = catalog_rows(toy, str(edition))
        rows[tables.Alias] += [
            {"name": f"other-{i}", "kind": "law", "target": "power2020/loss"} for i in range(edition)
        ]
        monkeypatch.setattr(server_build, "catalog_rows", lambda *_: rows)
        build_server(toy, empty_url)

    build(0)
    done = threading.Event()
    seen: set[tuple[Any, ...]] = set()
    faults: list[Exception] = []
    # The tables in both orders, so that readers could meet the loader crosswise.
    counted = "(SELECT count(*) FROM alias WHERE name LIKE 'other-%') AS aliases"
    told = "(SELECT value FROM info WHERE key = 'edition') AS edition"

    def read(statement: str) -> None:
        reader = open_server(empty_url)
        try:
            while not done.is_set():
                found = reader.run(statement)[0]
                seen.add((found["aliases"], found["edition"]))
        except Exception as error:
            faults.append(error)
        finally:
            reader.close()

    def read_otherwise() -> None:
        try:
            with psycopg.connect(empty_url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("SET search_path TO scalinglaws")
                while not done.wait(0.02):
                    seen.update(connection.execute(f"SELECT aliases, edition FROM (SELECT {told}, {counted}) x"))
        except Exception as error:
            faults.append(error)

    statements = (f"SELECT {counted}, {told}, pg_sleep(0.01)", f"SELECT {told}, {counted}")
    threads = [threading.Thread(target=read, args=(statement,)) for statement in statements]
    threads.append(threading.Thread(target=read_otherwise))
    for thread in threads:
        thread.start()
    try:
        for edition in (1, 2, 3):
            build(edition)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert faults == []
    assert seen <= {(edition, str(edition)) for edition in range(4)}
    assert (0, "0") in seen
    last = open_server(empty_url)
    assert last.run(f"SELECT {counted}")[0] == {"aliases": 3}
    last.close()


def test_a_table_that_is_held_ends_the_build_not_the_reader(
    cluster: Cluster, toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_server(toy, empty_url)
    monkeypatch.setattr(server_build, "WAIT_SECONDS", 0.5)
    with psycopg.connect(empty_url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT count(*) FROM scalinglaws.law")
        with pytest.raises(DatabaseError, match="other sessions held the tables"):
            build_server(toy, empty_url)
        assert connection.execute("SELECT count(*) FROM scalinglaws.law").fetchall() == [(5,)]


def test_who_could_read_the_old_tables_can_read_the_new(cluster: Cluster, toy: Catalog, empty_url: str) -> None:
    cluster.role(GUEST)
    build_server(toy, empty_url)
    cluster.run(
        EMPTY,
        f'GRANT USAGE ON SCHEMA scalinglaws TO "{GUEST}"',
        f'GRANT SELECT ON ALL TABLES IN SCHEMA scalinglaws TO "{GUEST}"',
    )
    build_server(toy, empty_url)
    reader = open_server(cluster.url(EMPTY, user=GUEST))
    assert len(reader.run("SELECT * FROM survey_table_1")) == 1
    reader.close()


def test_who_may_not_write_is_told_what_to_ask_for(cluster: Cluster, toy: Catalog, empty_url: str) -> None:
    cluster.role(VISITOR)
    with pytest.raises(DatabaseError, match=rf"permission denied.*GRANT CREATE ON DATABASE {EMPTY} TO {VISITOR}"):
        build_server(toy, cluster.url(EMPTY, user=VISITOR))
    cluster.run("postgres", f"GRANT CREATE ON DATABASE {EMPTY} TO {VISITOR}")
    build_server(toy, cluster.url(EMPTY, user=VISITOR))


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            ["DROP SCHEMA scalinglaws CASCADE", "CREATE SCHEMA scalinglaws CREATE TABLE mine (x integer)"],
            "something else",
        ),
        (["CREATE VIEW public.best AS SELECT id FROM scalinglaws.law"], "^best in .* would be lost"),
        (['CREATE TABLE runs (law text COLLATE "C" REFERENCES scalinglaws.law (id))'], "^runs in .* would be lost"),
    ],
)
def test_what_is_not_ours_is_left_alone(
    cluster: Cluster, toy: Catalog, empty_url: str, statements: list[str], said: str
) -> None:
    build_server(toy, empty_url)
    cluster.run(EMPTY, *statements)
    with pytest.raises(DatabaseError, match=said):
        build_server(toy, empty_url)


def test_an_old_server_and_another_encoding_are_refused(
    cluster: Cluster, toy: Catalog, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = cluster.make(LATIN, "LATIN1")
    with pytest.raises(DatabaseError, match="has the encoding LATIN1; make a database with ENCODING 'UTF8'"):
        build_server(toy, url)
    cluster.drop(LATIN)
    monkeypatch.setattr(server_build, "OLDEST", 990000)
    with pytest.raises(DatabaseError, match="99 or newer is needed"):
        build_server(toy, empty_url)
