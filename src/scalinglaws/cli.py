"""The command `scalinglaws`: the parser over all commands, and the exit status of what goes wrong."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from scalinglaws.commands import DONE, WRONG_CALL, exit_status
from scalinglaws.commands.build import add_build
from scalinglaws.commands.calculate import add_calculate
from scalinglaws.commands.check import add_check
from scalinglaws.commands.compare import add_compare
from scalinglaws.commands.convert import add_convert
from scalinglaws.commands.datasets import add_datasets
from scalinglaws.commands.evaluate import add_evaluate
from scalinglaws.commands.export import add_export
from scalinglaws.commands.fit import add_fit
from scalinglaws.commands.flops import add_flops
from scalinglaws.commands.lists import add_lists
from scalinglaws.commands.mcp import add_mcp
from scalinglaws.commands.printing import remark
from scalinglaws.commands.query import add_query
from scalinglaws.commands.reproduce import add_reproduce
from scalinglaws.commands.search import add_search
from scalinglaws.commands.show import add_show

#: In the order in which the help lists them.
_COMMANDS = (
    add_lists,
    add_datasets,
    add_show,
    add_evaluate,
    add_calculate,
    add_compare,
    add_convert,
    add_flops,
    add_fit,
    add_reproduce,
    add_query,
    add_search,
    add_check,
    add_build,
    add_export,
    add_mcp,
)

_EXAMPLES = """
examples:
  scalinglaws search chinchilla
  scalinglaws show hoffmann2022/parametric
  scalinglaws eval hoffmann2022/parametric/published-rounded N=70e9 D=1.4e12
  scalinglaws compare hoffmann2022/parametric N=70e9 D=1.4e12
  scalinglaws convert "1e3 PF-day" FLOP
  scalinglaws flops chinchilla-70b
  scalinglaws fit runs.csv --formula "L = E + A/N**alpha + B/D**beta"
  scalinglaws laws --given N,D --want L
  scalinglaws datasets chinchilla-svg --fetch
  scalinglaws query "SELECT id, name FROM law LIMIT 5"
  scalinglaws query --name disputed-fits

exit status: 0 done, 1 the question has no answer, 2 the call is wrong
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a call in one line, and where to read on."""

    #: What the help says besides, looked up only when it is asked for.
    more_help: Callable[[], str] | None = None
    #: Whether -word is a word to leave out, and no option.
    dashed_words = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self.dashed_words and args is not None:
            # What holds a blank is no option for argparse.
            args = [f" {each}" if re.match(r'-([^\W\d]{2}|")', each) else each for each in args]
        return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        return super().format_help() + (self.more_help() if self.more_help else "")

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}\nsee {self.prog} --help", file=sys.stderr)
        raise SystemExit(WRONG_CALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    # Inputs may stand after options too, which argparse alone does not allow.
    if any("=" not in each or each.startswith("-") for each in rest) or (rest and not hasattr(options, "inputs")):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        options.inputs = [*options.inputs, *rest]
    if options.command is None:
        parser.print_help()
        return DONE
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except BrokenPipeError:
        # The reader (`head`, say) has enough; leave quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        remark("stopped")
        return 130
    except Exception as error:
        status = exit_status(error)
        if status is None:
            raise
        remark(str(error))
        return status


def _parser() -> argparse.ArgumentParser:
    from scalinglaws import __version__  # noqa: PLC0415

    parser = _Parser(
        prog="scalinglaws",
        description="Look up neural scaling laws, see where each number comes from, and compute with them.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"scalinglaws {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str, *, reads: bool = True) -> Any:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        if reads:
            sub.add_argument(
                "--database",
                metavar="PATH|URL",
                help="read this database: a file, or postgresql+psycopg://USER@HOST/DATABASE "
                "(by default what SCALINGLAWS_DATABASE names)",
            )
        return sub

    for add in _COMMANDS:
        add(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
