"""The server for assistants: the tools and resources under the Model Context Protocol, read-only, with their scope."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel

from scalinglaws import __version__, library
from scalinglaws.assistants import tools
from scalinglaws.assistants.answers import Answer, facts
from scalinglaws.commands import exit_status
from scalinglaws.library import AmbiguousFit, UnknownName

#: By name, with the title that a client shows.
TOOLS: dict[str, tuple[Callable[..., Answer], str]] = {
    "search": (tools.search, "Search the catalog"),
    "show": (tools.show, "Show a paper, law, fit or dataset"),
    "laws": (tools.laws, "Find laws by their variables"),
    "eval": (tools.evaluate, "Evaluate a law"),
    "solve": (tools.solve, "Solve a law for a variable"),
    "optimize": (tools.optimize, "Find the best inputs of a law"),
    "compare": (tools.compare, "Compare laws and fits"),
    "convert": (tools.convert, "Convert units and conventions"),
    "query": (tools.query, "Query the catalog by SQL"),
}

_SCOPE = """Covers only {title}, edition {edition}: {papers} papers of {first} to {last}, the survey \
{survey} and its references, with their {laws} laws and the public fits of these that are known. Nothing newer, no \
full texts. That something is not in it says nothing about whether it exists."""

_INSTRUCTIONS = """{scope}

It holds formulas, {fits} fits (sets of values for a law's coefficients), claims with verdicts, caveats, and \
{datasets} descriptions of public data; records {records_sha256}, {licence}. It does not hold benchmark results, \
model cards, prices, or advice: say so rather than fill in from memory.

How to work: `search` or `laws` gives ids; `show` what is known; `eval`, `solve`, `optimize` and `compare` calculate; \
`query` answers what needs counting or joining. An id is PAPER, PAPER/LAW or PAPER/LAW/FIT. A message that names an \
option of the command line, such as --assume NAME=VALUE or --count N=..., means the argument `assumptions` or \
`conventions` here.

What to tell the reader with every number:
- where it stands: paper and place, and the fit's id with its value hash (`cite` of each source);
- its basis, which says what was seen (paper, code, page, derived, refit, or recalled) and its confidence (high, \
medium, low). A recalled number was written from memory with no source seen: never give it as verified;
- every warning of the answer: that inputs lie outside the fitted range, that a fit is disputed or replaced, how \
something is counted;
- that fits of one law differ: where no fit was asked for, compare them and give the spread.
"Not stated" means that the source does not say. Addresses of pages are relative to wherever the site is."""

_HINTS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server(path: str | os.PathLike[str] | None = None) -> MCPServer[Any]:
    """The server over a database, ready to run.

    Args:
        path: the database, if not the default one.

    Raises:
        DatabaseError: if there is none.
    """
    with library.reading(path):
        scope, instructions = _scope()
    made = MCPServer(
        "scalinglaws",
        title="The Scaling Laws Catalog",
        instructions=instructions,
        version=__version__,
        tools=[_tool(name, scope, path) for name in TOOLS],
        # What a tool refuses is told to the client; a log of it would only fill the terminal.
        log_level="WARNING",
    )
    _add_resources(made, path)
    return made


def described(made: MCPServer[Any]) -> dict[str, Any]:
    """What a server offers, as plain JSON values: its instructions, tools and resources."""
    import anyio  # noqa: PLC0415 - comes with mcp

    async def listed() -> dict[str, Any]:
        offered: dict[str, Sequence[BaseModel]] = {
            "tools": await made.list_tools(),
            "resources": await made.list_resources(),
            "resource_templates": await made.list_resource_templates(),
        }
        return {
            name: [each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in entries]
            for name, entries in offered.items()
        }

    return {"name": made.name, "instructions": made.instructions, **anyio.run(listed)}


def _scope() -> tuple[str, str]:
    """What is in the catalog, in short for each tool and at length."""
    years = library.query("SELECT min(year) AS first, max(year) AS last FROM paper WHERE recorded")[0]
    fits = library.query("SELECT count(*) AS fits FROM fit")[0]["fits"]
    known = {**facts(), **years, "fits": fits}
    scope = _SCOPE.format(**known)
    return scope, _INSTRUCTIONS.format(scope=scope, **known)


def _tool(name: str, scope: str, path: str | os.PathLike[str] | None) -> Tool:
    function, title = TOOLS[name]
    signature = inspect.signature(function, eval_str=True)

    # Not handed to a thread: the database's connection belongs to the one that opened it, and nothing runs long.
    async def call(**arguments: Any) -> CallToolResult:
        with library.reading(path):
            try:
                answer = function(**arguments)
            except Exception as error:
                if exit_status(error) is None:
                    raise
                return _refused(error, arguments)
        return CallToolResult(content=[TextContent(text=answer.text)], structured_content=answer.data)

    call.__name__ = name
    call.__signature__ = signature.replace(return_annotation=Annotated[CallToolResult, dict[str, Any]])  # type: ignore[attr-defined]
    description = f"{inspect.getdoc(function)}\n\n{scope}"
    tool = Tool.from_function(call, name=name, title=title, description=description, annotations=_HINTS)
    # An argument that no tool has must not be passed over: the answer would be to another question.
    model = tool.fn_metadata.arg_model
    model.model_config["extra"] = "forbid"
    model.model_rebuild(force=True)
    tool.parameters = model.model_json_schema(by_alias=True)
    return tool


def _refused(error: Exception, arguments: dict[str, Any]) -> CallToolResult:
    """An error that the model can act on; several fits to choose from are listed with what is known of them."""
    data: dict[str, Any] = {"error": {"kind": type(error).__name__, "message": str(error)}}
    lines = [str(error)]
    if isinstance(error, AmbiguousFit):
        known = ("id", "setting", "basis", "confidence")
        fits = library.law(arguments["law"]).document["fits"]
        data["error"]["choices"] = [{name: each[name] for name in known} for each in fits]
        lines += [f"{each['id']}: {each['setting']} [basis {each['basis']}, {each['confidence']}]" for each in fits]
    return CallToolResult(content=[TextContent(text="\n".join(lines))], structured_content=data, is_error=True)


def _add_resources(made: MCPServer[Any], path: str | os.PathLike[str] | None) -> None:
    """Documents by id, the database's tables and the named queries, as JSON."""

    def resource(uri: str, description: str) -> Callable[[Callable[..., Awaitable[str]]], Any]:
        return made.resource(uri, description=description, mime_type="application/json")

    def document(name: str, kinds: tuple[str, ...]) -> str:
        with library.reading(path):
            try:
                found = library.show(name)
            except UnknownName as error:
                raise ResourceNotFoundError(str(error)) from None
        if found["kind"] not in kinds:
            raise ResourceNotFoundError(f"'{name}' is a {found['kind']}, not a {kinds[0]}")
        return _json(found)

    @resource("scalinglaws://law/{+name}", "A law by its id, PAPER/LAW, or one of its fits, PAPER/LAW/FIT.")
    async def law(name: str) -> str:
        return document(name, ("law", "fit"))

    @resource("scalinglaws://paper/{name}", "A paper by its key: laws, claims, caveats, bibliography.")
    async def paper(name: str) -> str:
        return document(name, ("paper",))

    @resource("scalinglaws://schema", "What every table, column and code of the database means.")
    async def schema() -> str:
        with library.reading(path):
            return _json(tools.schema())

    @resource("scalinglaws://queries", "The named queries: the question that each answers, and its SQL.")
    async def queries() -> str:
        return _json(tools.named_queries())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
