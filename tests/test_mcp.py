"""The server for assistants: every tool right and wrong, in process with the SDK's client, and the real command."""

from __future__ import annotations

import inspect
import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError

from scalinglaws import library
from scalinglaws.assistants import answers, tools
from scalinglaws.assistants.server import TOOLS, server
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.commands.inputs import NO_SYMBOLS
from scalinglaws.comparison import compare
from scalinglaws.library import Law
from scalinglaws.units import convert, parse_quantity, parse_unit

Ask = Callable[..., tuple[str, dict[str, Any], bool]]
FIT = "power2020/loss/published"


def with_client(path: Path, use: Callable[[Client], Any]) -> Any:
    """What a use of a connected client gives."""

    async def connected() -> Any:
        async with Client(server(path)) as client:
            return await use(client)

    return anyio.run(connected)


@pytest.fixture
def ask(toy_path: Path) -> Ask:
    """Calls a tool: its text, its data, and whether it refused."""

    def call(tool: str, **arguments: Any) -> tuple[str, dict[str, Any], bool]:
        result = with_client(toy_path, lambda client: client.call_tool(tool, arguments))
        assert [each.type for each in result.content] == ["text"]
        return result.content[0].text, result.structured_content or {}, result.is_error

    return call


@pytest.fixture
def read(toy_path: Path) -> Callable[[str], Any]:
    def resource(address: str) -> Any:
        found = with_client(toy_path, lambda client: client.read_resource(address)).contents[0]
        assert found.mime_type == "application/json"
        return json.loads(found.text)

    return resource


def law(name: str, path: Path) -> Law:
    return library.law(name, path=path)


ANSWERS: dict[str, tuple[str, dict[str, Any], Callable[[Path], dict[str, Any]]]] = {
    "eval": (
        "eval",
        {"law": FIT, "inputs": {"N": "100M"}},
        lambda path: law(FIT, path).evaluate(N=1e8).as_dict(),
    ),
    "eval with a fit": (
        "eval",
        {"law": "power2020/loss", "fit": "partial", "inputs": {"N": 10000, "E": 1.5, "A": 100}},
        lambda path: law("power2020/loss", path).evaluate("partial", N=1e4, E=1.5, A=100.0).as_dict(),
    ),
    "eval of what is all the caller's own": (
        "eval",
        {"law": "power2020/loss", "inputs": {"N": 1e4, "E": 1, "A": 2, "alpha": 0.5}},
        lambda path: law("power2020/loss", path).evaluate(N=1e4, E=1.0, A=2.0, alpha=0.5).as_dict(),
    ),
    "solve": (
        "solve",
        {"law": FIT, "symbol": "N", "inputs": {"L": 2.5}, "between": [1, "1B"]},
        lambda path: law(FIT, path).solution("N", between=(1.0, 1e9), L=2.5).as_dict(),
    ),
    "optimize": (
        "optimize",
        {"law": FIT, "over": ["N"], "subject_to": "2*N = C", "inputs": {"C": 1e6}},
        lambda path: law(FIT, path).optimize(["N"], "2*N = C", C=1e6).as_dict(),
    ),
    "compare": (
        "compare",
        {"laws": ["power2020/loss", "power2020/size"], "inputs": {"N": "1e4"}},
        lambda path: compare(["power2020/loss", "power2020/size"], N=1e4, path=path).as_dict(),
    ),
    "convert": (
        "convert",
        {"amount": "2.1 bit/byte", "unit": "nat/token", "assumptions": {"bytes_per_token": 4}},
        lambda _: {
            "given": parse_quantity("2.1 bit/byte").as_dict(),
            **convert(2.1, parse_unit("bit/byte"), parse_unit("nat/token"), {"bytes_per_token": 4}).as_dict(),
        },
    ),
    "show": ("show", {"name": "power2020/loss"}, lambda path: library.show("power2020/loss", path=path)),
}


@pytest.mark.parametrize(("tool", "arguments", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_a_tool_answers_as_the_library(
    ask: Ask, toy_path: Path, tool: str, arguments: dict[str, Any], expected: Callable[[Path], dict[str, Any]]
) -> None:
    text, data, refused = ask(tool, **arguments)
    assert not refused, text
    assert data["edition"]
    assert expected(toy_path).items() <= data.items()
    value = data.get("solution") or data.get("output") or {}
    assert "value" not in value or f"{value['symbol']} = {value['value']:.10g}" in text


def test_every_number_comes_with_its_source(ask: Ask, toy_path: Path) -> None:
    text, data, _ = ask("eval", law=FIT, inputs={"N": 1e4})
    fit, formula = data["sources"]
    assert (fit["id"], fit["paper"], fit["where"], fit["basis"]) == (FIT, "power2020", "Table 1", "paper")
    assert fit["values_sha256"] == library.show(FIT, path=toy_path)["values_sha256"]
    assert (formula["id"], formula["where"]) == ("power2020/loss", "eq. (1)")
    assert fit["page"] == "laws/power2020/loss/#published"
    assert f"{FIT} (values sha256:{fit['values_sha256'][:12]})" in text
    assert "Table 1. Basis paper, confidence high" in text
    for tool, arguments in (
        ("solve", {"law": FIT, "symbol": "N", "inputs": {"L": 2.5}}),
        ("optimize", {"law": FIT, "over": ["N"], "subject_to": "2*N = C", "inputs": {"C": 1e6}}),
        ("compare", {"laws": [FIT], "inputs": {"N": 1e4}}),
        ("query", {"sql": "SELECT law, id, slug FROM fit WHERE slug = 'published' ORDER BY id"}),
    ):
        text, data, _ = ask(tool, **arguments)
        assert FIT in [each["id"] for each in data["sources"]], tool
        assert f"source: {FIT} (values sha256:" in text, tool


def test_warnings_and_recalled_numbers_are_told(ask: Ask) -> None:
    text, data, _ = ask("eval", law="power2020/loss/partial", inputs={"N": 1e12, "E": 1.5, "A": 100})
    assert "warning, to pass on: N lies 3 decades above the fitted range" in text
    assert "warning, to pass on: alpha: recalled, no source was seen" in text
    assert "Basis recalled (no source was seen: do not give it as verified)" in text
    assert "your own value, not from a source" in text
    assert len(data["warnings"]) == text.count("warning, to pass on")


def test_values_with_sources_of_their_own_are_told(catalog_path: Path) -> None:
    with library.reading(catalog_path):
        apart = [
            each
            for row in library.query("SELECT id FROM fit")
            for each in [library.show(row["id"])]
            if set(each["sources"]) & set(each["values"])
        ]
        for fit in apart:
            stated = answers.own_sources(fit)
            named = [name for each in stated for name in each["values"]]
            assert sorted(named) == sorted(f"{fit['id']}#{name}" for name in fit["sources"] if name in fit["values"])
            assert all(each["values"][0] in answers.source_line(each) for each in stated)
    assert apart


def test_an_ambiguous_fit_gives_the_choices(ask: Ask) -> None:
    text, data, refused = ask("eval", law="power2020/loss", inputs={"N": 1e4})
    assert refused
    assert data["error"]["kind"] == "AmbiguousFit"
    assert [each["id"] for each in data["error"]["choices"]] == [FIT, "power2020/loss/partial"]
    assert data["error"]["choices"][1]["basis"] == "recalled"
    assert f"{FIT}: ToyText [basis paper, high]" in text


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("search", {"words": "***"}, "at least one word"),
        ("search", {"words": "loss", "start": 999}, "only"),
        ("search", {}, "Field required"),
        ("search", {"words": "kid:law"}, "kind"),
        ("show", {"name": "power2020/los"}, "did you mean power2020/loss"),
        ("show", {"name": "power2020/loss", "part": "fits/9"}, "fits has no part '9'; it has entries 0 to 1"),
        ("show", {"name": "power2020", "part": "fits"}, "power2020 has no part 'fits'; it has id, kind, title"),
        ("show", {"name": "power2020", "part": "year/1"}, "year has no part '1'; it has no parts"),
        ("laws", {"topic": "modl"}, "did you mean model"),
        ("laws", {"has": "nothing"}, "it takes code, data, interval, reproduction"),
        ("eval", {"law": "power2020", "inputs": {}}, "is a paper; its laws are power2020/loss"),
        ("eval", {"law": FIT, "inputs": {}}, "needs a value for N (size)"),
        ("eval", {"law": FIT, "inputs": {"M": 1}}, "has no variable 'M'; it takes N"),
        ("eval", {"law": FIT, "inputs": {"N": "many"}}, "N: "),
        ("eval", {"law": FIT, "inputs": {"N": "1 nat/token"}}, "counts parameters here, not nat/token"),
        ("eval", {"law": FIT, "inputs": {"N": True}}, "should be a valid number"),
        ("eval", {"law": FIT, "inputs": {"N": -1}}, "greater than zero"),
        ("eval", {"law": FIT, "inputs": {"N": 1, "fit": 3}}, "no law has a symbol called 'fit'"),
        ("eval", {"law": FIT, "inputs": {"N": 1}, "fits": "other"}, "Extra inputs are not permitted"),
        ("eval", {"law": FIT, "inputs": {"N": 1}, "draws": 1000}, "nothing to draw"),
        ("eval", {"law": "curve2022/protocol", "inputs": {}}, "is a procedure"),
        ("solve", {"law": FIT, "symbol": "N", "inputs": {"L": 1}}, "the law's floor is E = 1.5"),
        ("solve", {"law": FIT, "symbol": "N", "inputs": {}}, "give the output to reach"),
        ("optimize", {"law": FIT, "over": ["N"], "inputs": {}}, "N"),
        ("optimize", {"law": FIT, "over": ["N"], "subject_to": "2*N", "inputs": {}}, "a constraint is an equation"),
        ("compare", {"laws": ["power2020/lozz"], "inputs": {"N": 1}}, "did you mean"),
        ("compare", {"laws": [FIT], "inputs": {"X": 1}}, "none of these laws takes X"),
        ("compare", {"laws": [FIT], "inputs": {"path": 1}}, "no law has a symbol called 'path'"),
        ("convert", {"amount": "1 bit/byte", "unit": "nat/token"}, "assume bytes_per_token"),
        ("convert", {"amount": "1 FLOP", "unit": "tokens"}, "cannot be converted"),
        ("query", {"sql": "DELETE FROM law"}, "only SELECT is run here"),
        ("query", {"sql": "SELECT bogus FROM law"}, "the table doc lists"),
        ("query", {"sql": "SELECT 1", "name": "laws"}, "one of them"),
        ("query", {"sql": "SELECT :a AS a"}, "the statement asks for a"),
        ("query", {"name": "laws-by-rung", "parameters": {"a": 1}}, "has no parameter 'a'"),
        ("query", {"name": "lawz"}, "there is no named query 'lawz'"),
        ("nothing", {}, "nothing"),
    ],
)
def test_a_wrong_call_is_refused_with_what_to_do(ask: Ask, tool: str, arguments: dict[str, Any], words: str) -> None:
    text, _, refused = ask(tool, **arguments)
    assert refused
    assert words in text
    assert "Traceback" not in text


def test_a_fault_of_ours_is_not_told_to_the_client(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> answers.Answer:
        raise RuntimeError("a path of this machine")

    monkeypatch.setitem(TOOLS, "broken", (broken, "Broken"))
    text, _, refused = ask("broken")
    assert (text, refused) == ("Error executing tool broken", True)


def test_search_and_laws_find_with_sources(ask: Ask, toy_path: Path) -> None:
    text, data, _ = ask("search", words="loss", limit=3)
    plain = library.search("loss", 4, path=toy_path)
    assert [{name: each[name] for name in plain[0]} for each in data["found"]] == plain[:3]
    assert data["next_start"] == 3
    assert "cut here: call again with start=3 for the rest" in text
    found = {each["id"]: each for each in ask("search", words="toy")[1]["found"]}
    assert found["power2020/loss"]["source"]["basis"] == "paper"
    assert found["power2020/loss"]["page"] == "laws/power2020/loss/"
    text, data, refused = ask("search", words="zzzz")
    assert (data["found"], data["next_start"], refused) == ([], None, False)
    assert "nothing in the catalog fits this" in text
    assert "did you mean power" in ask("search", words="powr")[0]
    assert [each["kind"] for each in ask("search", words="kind:law loss")[1]["found"]]
    _, data, _ = ask("laws", given=["N"], want="L")
    assert data["total"] == len(data["laws"])
    assert [each["id"] for each in data["laws"]] == [
        each["id"] for each in library.laws(given=["N"], want="L", path=toy_path)
    ]
    assert all(each["source"]["where"] for each in data["laws"])


def test_rows_come_in_portions(ask: Ask) -> None:
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90) SELECT i FROM n"
    seen: list[int] = []
    start: int | None = 0
    while start is not None:
        text, data, _ = ask("query", sql=count, limit=40, start=start)
        seen += [row["i"] for row in data["rows"]]
        assert data["total"] == 90
        start = data["next_start"]
    assert seen == list(range(1, 91))
    assert text.startswith("10 of 90 rows")
    text, data, _ = ask("query", sql="SELECT :a AS a, 9e999 AS b, x'00ff' AS c, NULL AS d", parameters={"a": 3})
    assert data["rows"] == [{"a": 3, "b": "inf", "c": "00ff", "d": None}]
    assert json.loads(text.splitlines()[1]) == data["rows"]


def test_long_cells_and_rows_are_cut_and_it_is_said(ask: Ask) -> None:
    _, data, _ = ask("query", sql="SELECT printf('%.*c', 9000, 'x') AS long")
    assert data["rows"][0]["long"] == "x" * answers.CELL + " ... (9000 characters: substr() gives the rest)"
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
    text, data, _ = ask("query", sql=many + "SELECT i, printf('%.*c', 1000, 'x') AS long FROM n", limit=200)
    assert len(text) < 2 * answers.CHARACTERS
    assert answers.length(data) < 2 * answers.CHARACTERS
    assert 1 < data["next_start"] == len(data["rows"]) < 200
    columns = ", ".join(f"printf('%.*c', 5000, 'x') AS c{number}" for number in range(100))
    assert answers.length(ask("query", sql=f"SELECT {columns}")[1]) < 2 * answers.CHARACTERS


def test_the_named_queries_can_be_had(ask: Ask, read: Callable[[str], Any]) -> None:
    known = library.queries()
    text, data, _ = ask("query")
    assert [each["name"] for each in data["queries"]] == list(known)
    assert all(f"{name}: {each.answers}" in text for name, each in known.items())
    _, data, _ = ask("query", name="laws-by-rung")
    assert data["query"]["answers"] == known["laws-by-rung"].answers
    asked = next(each for each in known.values() if each.parameters)
    assert f"It takes {asked.parameters[0].name} ({asked.parameters[0].meaning}" in text
    assert ask("query", name=asked.name, parameters=asked.defaults)[1]["columns"]
    assert [each["sql"] for each in read("scalinglaws://queries")] == [each.sql for each in known.values()]


def test_parts_of_a_document_can_be_asked_for(ask: Ask, toy_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = library.show("power2020/loss", path=toy_path)
    assert ask("show", name="power2020/loss", part="fits/0/values")[1]["value"] == whole["fits"][0]["values"]
    assert ask("show", name="power2020/loss", part="fits/0/values/alpha")[1]["value"] == 0.5
    assert ask("show", name="power2020/loss", part="fits")[1]["value"] == whole["fits"]
    monkeypatch.setattr(answers, "CHARACTERS", 1100)
    text, data, _ = ask("show", name="power2020/loss")
    assert "fits" in data["cut"]
    assert "cut here: part fits (2 entries" in text
    assert {
        **{name: data[name] for name in whole if name in data},
        **{name: whole[name] for name in data["cut"]},
    } == whole
    first = ask("show", name="power2020/loss", part="fits")[1]
    assert (first["value"], first["next_start"]) == (whole["fits"][:1], 1)
    second = ask("show", name="power2020/loss", part="fits", start=1)[1]
    assert (second["value"], second["next_start"]) == (whole["fits"][1:], None)


def test_every_document_of_the_catalog_fits_into_an_answer(catalog_path: Path) -> None:
    with library.reading(catalog_path):
        for row in library.query("SELECT id FROM document"):
            assert not {"cut", "page", "edition"} & library.show(row["id"]).keys()
            shown = tools.show(row["id"])
            assert answers.length(shown.data) < 1.1 * answers.CHARACTERS, row["id"]
            assert len(shown.text) < 1.3 * answers.CHARACTERS, row["id"]
            for part in shown.data.get("cut", {}):
                assert answers.length(tools.show(row["id"], part).data) < 1.1 * answers.CHARACTERS, (row["id"], part)


def test_a_comparison_of_many_comes_in_portions(catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "CHARACTERS", 3000)
    name = "hoffmann2022/parametric"
    inputs: dict[str, float | str] = {"N": 7e10, "D": "1.4T"}
    rows: list[Any] = []
    start: int | None = 0
    with library.reading(catalog_path):
        whole = compare([name], N=7e10, D=1.4e12).as_dict()
        while start is not None:
            data = tools.compare([name], inputs, start=start).data
            assert (data["spread"], len(data["rows"]) < len(whole["rows"])) == (whole["spread"], True)
            rows += data["rows"]
            start = data["next_start"]
    assert rows == whole["rows"]


def test_what_is_not_finite_is_written_as_a_word() -> None:
    given = {"a": math.inf, "b": [math.nan, 1.5, b"\x01"], "c": None}
    assert answers.plain(given) == {"a": "inf", "b": ["nan", 1.5, "01"], "c": None}


def test_resources(read: Callable[[str], Any], toy_path: Path) -> None:
    assert read("scalinglaws://law/power2020/loss") == library.show("power2020/loss", path=toy_path)
    assert read(f"scalinglaws://law/{FIT}") == library.show(FIT, path=toy_path)
    assert read("scalinglaws://paper/power2020") == library.show("power2020", path=toy_path)
    assert {"kind": "table", "name": "fit"}.items() <= next(
        each for each in read("scalinglaws://schema") if each["name"] == "fit"
    ).items()
    for address, words in (
        ("scalinglaws://law/power2020/los", "did you mean power2020/loss"),
        ("scalinglaws://law/power2020", "'power2020' is a paper, not a law"),
        ("scalinglaws://paper/power2020/loss", "power2020"),
        ("scalinglaws://nothing", "Unknown resource"),
    ):
        with pytest.RaisesGroup(pytest.RaisesExc(MCPError, match=words), flatten_subgroups=True):
            read(address)


def test_tools_say_what_they_cover_and_change_nothing(toy_path: Path) -> None:
    offered = with_client(toy_path, lambda client: client.list_tools()).tools
    assert [each.name for each in offered] == list(TOOLS)
    edition = library.query("SELECT value FROM info WHERE key = 'edition'", path=toy_path)[0]["value"]
    for each in offered:
        assert f"edition {edition}" in each.description
        assert "Nothing newer" in each.description
        assert each.annotations.read_only_hint
        assert each.annotations.open_world_hint is False
        assert each.input_schema["additionalProperties"] is False
        assert all(field["description"] for field in each.input_schema["properties"].values())
        assert each.output_schema["type"] == "object"
    instructions = server(toy_path).instructions or ""
    for word in ("recalled", "confidence", "fitted range", "value hash", "--assume"):
        assert word in instructions


def test_no_symbol_is_called_like_an_argument(catalog: Catalog) -> None:
    taken = {
        name
        for call in (Law.evaluate, Law.solution, Law.optimize, compare)
        for name in inspect.signature(call).parameters
    }
    assert taken - {"inputs"} == NO_SYMBOLS
    for each in catalog.laws():
        assert not NO_SYMBOLS & {*each.record.variables, *each.coefficients, each.record.output.symbol}, each.id


def run(path: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scalinglaws.cli", "mcp", "--database", str(path), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, **options)


@contextmanager
def served(path: Path) -> Iterator[tuple[subprocess.Popen[str], Callable[..., Any]]]:
    """The real command, and what sends it a request and reads the answer."""
    with run(path) as process:
        assert process.stdin
        assert process.stdout
        sender, receiver = process.stdin, process.stdout
        numbers = iter(range(1, 100))

        def send(method: str, **params: Any) -> Any:
            number = next(numbers)
            sender.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n")
            sender.flush()
            answer = json.loads(receiver.readline())
            assert (answer["jsonrpc"], answer["id"]) == ("2.0", number)
            return answer["result"]

        hello = send(
            "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "t", "version": "1"}
        )
        assert hello["serverInfo"]["name"] == "scalinglaws"
        sender.write('{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        yield process, send


def test_the_command_speaks_the_protocol_alone_and_ends_with_its_input(toy_path: Path) -> None:
    with served(toy_path) as (process, send):
        assert [each["name"] for each in send("tools/list")["tools"]] == list(TOOLS)
        answer = send("tools/call", name="eval", arguments={"law": FIT, "inputs": {"N": "100M"}})
        assert answer["structuredContent"]["output"]["value"] == 1.51
        assert answer["content"][0]["text"].startswith("L = 1.51 nat/token\n")
        refusal = send("tools/call", name="eval", arguments={"law": FIT, "inputs": {}})
        assert refusal["isError"]
        assert "needs a value for N" in refusal["content"][0]["text"]
        templates = send("resources/templates/list")["resourceTemplates"]
        assert [each["uriTemplate"] for each in templates] == [
            "scalinglaws://law/{+name}",
            "scalinglaws://paper/{name}",
        ]
        rest, complaints = process.communicate(timeout=20)
    assert (rest, complaints, process.returncode) == ("", "", 0)


def test_the_command_leaves_quietly_when_the_client_has_gone(toy_path: Path) -> None:
    with served(toy_path) as (process, _):
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write('{"jsonrpc": "2.0", "id": 9, "method": "tools/list"}\n')
        process.stdin.close()
        assert (process.wait(timeout=20), process.stderr.read()) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_the_command_can_be_interrupted_while_it_waits(toy_path: Path) -> None:
    with served(toy_path) as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == -signal.SIGINT
        assert process.stdin
        with suppress(BrokenPipeError):
            process.stdin.close()


def test_without_the_package_the_command_says_how_to_get_it(
    toy_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "mcp"]:
        monkeypatch.setitem(sys.modules, name, None)
    assert main(["mcp", "--database", str(toy_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "pip install 'scalinglaws[mcp]'" in err


def test_the_command_describes_itself(toy_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--json", "--database", str(toy_path)]) == 0
    described = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in described["tools"]] == list(TOOLS)
    assert "scalinglaws://schema" in [each["uri"] for each in described["resources"]]


def test_a_missing_database_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--database", str(tmp_path / "none.sqlite")]) == 1
    assert "run scalinglaws build" in capsys.readouterr().err
