"""Write tests/public_api.txt, the names and signatures of `scalinglaws`; with --check, only say what has changed."""

import argparse
import difflib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import scalinglaws

FILE = Path(__file__).resolve().parents[1] / "tests" / "public_api.txt"
#: An attribute in the docstring of a class.
_ATTRIBUTE = re.compile(r"^ {8}(\w+): ", re.M)


def public_api(module: ModuleType) -> str:
    """Every public name of a module, in order: functions with their signatures, classes with their public members."""
    return "".join(f"{line}\n" for name in sorted(module.__all__) for line in _lines(name, getattr(module, name)))


def _lines(name: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value):
        bases = ", ".join(each.__name__ for each in value.__bases__ if each is not object)
        yield f"class {name}({bases})" if bases else f"class {name}"
        yield from (f"  {line}" for line in _members(value))
    elif callable(value):
        yield f"{name}{_signature(value)}"
    else:
        yield f"{name}: {type(value).__name__}"


def _members(kind: type) -> Iterator[str]:
    # Inherited ones count too, but what Python itself brings does not.
    ours = [each for each in kind.__mro__ if each.__module__ != "builtins"]
    if any("__init__" in vars(each) for each in ours):
        yield f"__init__{_signature(kind)}"
    names = {name for each in ours for name in (*vars(each), *vars(each).get("__annotations__", {}))}
    told = {name for each in ours for name in _ATTRIBUTE.findall((each.__doc__ or "").partition("Attributes:")[2])}
    for name in sorted(names | told):
        if name.startswith("_") and name not in ("__call__", "__getitem__", "__iter__", "__len__"):
            continue
        member = inspect.getattr_static(kind, name, None)
        if name not in names:
            yield f"{name}: as its docstring says"
        elif isinstance(member, classmethod | staticmethod):
            yield f"{name}{_signature(member.__func__)} [{type(member).__name__}]"
        elif inspect.isfunction(member):
            yield f"{name}{_signature(member)}"
        else:
            yield f"{name}: {_annotated(kind, name, member)}"


def _annotated(kind: type, name: str, member: Any) -> str:
    """The type of an attribute or a property."""
    getter = getattr(member, "fget", None) or getattr(member, "func", None)
    if getter is not None:
        return _text(inspect.signature(getter).return_annotation)
    found = (vars(each).get("__annotations__", {}).get(name) for each in kind.__mro__)
    return _text(next((each for each in found if each is not None), type(member).__name__))


def _signature(function: Any) -> str:
    """Parameters with types and defaults, and what is returned; the same text on every version of Python."""
    signature = inspect.signature(function)
    parts: list[str] = []
    for each in signature.parameters.values():
        if each.name in ("self", "cls") or each.name.startswith("_"):
            continue
        if each.kind is each.KEYWORD_ONLY and not any(part.startswith("*") for part in parts):
            parts.append("*")
        star = "*" if each.kind is each.VAR_POSITIONAL else "**" if each.kind is each.VAR_KEYWORD else ""
        kind = "" if each.annotation is each.empty else f": {_text(each.annotation)}"
        default = "" if each.default is each.empty else f" = {_default(each.default)}"
        parts.append(f"{star}{each.name}{kind}{default}")
    returned = signature.return_annotation
    gives = "" if returned in (signature.empty, None, "None") else f" -> {_text(returned)}"
    return f"({', '.join(parts)}){gives}"


def _default(value: Any) -> str:
    """A default; one made anew for each object has no text of its own."""
    text = repr(value)
    return "..." if text.startswith("<") else text


def _text(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def main() -> int:
    """Write or check the file; 1 if the check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if the file is stale")
    check = parser.parse_args().check
    wanted = public_api(scalinglaws)
    stored = FILE.read_text(encoding="utf-8") if FILE.is_file() else ""
    if wanted == stored:
        return 0
    changes = difflib.unified_diff(stored.splitlines(), wanted.splitlines(), "pinned", "now", lineterm="", n=1)
    print("\n".join(changes), file=sys.stderr if check else sys.stdout)
    if check:
        print("the public names have changed; if that is meant, run scripts/update_public_api.py", file=sys.stderr)
        return 1
    FILE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
