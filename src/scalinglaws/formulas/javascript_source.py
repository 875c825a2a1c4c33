"""Writes a formula as JavaScript: one function of an object that holds variables and coefficients by symbol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scalinglaws.formulas.expression import Node, flat_name
from scalinglaws.formulas.infix import ATOM, CHOICE, COMPARISON, LOGIC, InfixWriter

#: Words that a constant of the module must not be called.
_RESERVED = frozenset(
    """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends
    false finally for function if implements import in instanceof interface let new null package private protected
    public return static super switch this throw true try typeof undefined var void while with yield Math NaN
    Infinity values root lgamma law
    """.split()  # noqa: SIM905 - a list of words reads better
)

#: Lanczos's approximation of the logarithm of the gamma function (g = 607/128, 15 terms; Godfrey 2001).
_LGAMMA = """
function lgamma(x) {
  if (x <= 0 && x === Math.floor(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.PI/Math.abs(Math.sin(Math.PI*x))) - lgamma(1 - x);
  const terms = [
    0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174,
    -0.49191381609762019978, 0.33994649984811888699e-4, 0.46523628927048575665e-4, -0.98374475304879564677e-4,
    0.15808870322491248884e-3, -0.21026444172410488319e-3, 0.21743961811521264320e-3, -0.16431810653676389022e-3,
    0.84418223983852743293e-4, -0.26190838401581408670e-4, 0.36899182659531622704e-5];
  const sum = terms.slice(1).reduce((total, term, index) => total + term/(x + index), terms[0]);
  const shifted = x - 0.5 + 607/128;
  return (x - 0.5)*Math.log(shifted) - shifted + 0.91893853320467274178 + Math.log(sum);
}
"""

#: The one root of a function in a bracket: scan points crowded towards both ends, then halving.
_ROOT = """
function root(residual, lower, upper, symbol) {
  if (!(lower < upper) || !isFinite(lower) || !isFinite(upper)) {
    throw new RangeError(`the bracket for ${symbol} is empty`);
  }
  const half = [];
  for (let i = 0; i <= 52; i += 1) half.push(Math.pow(10, -15 + 13*i/52));
  for (let i = 0; i <= 48; i += 1) half.push(0.02 + 0.48*i/48);
  const points = [lower, ...half.map((f) => lower + (upper - lower)*f),
    ...half.slice(0, -1).reverse().map((f) => upper - (upper - lower)*f), upper];
  const found = [];
  let left = null;
  for (const point of points) {
    const sign = Math.sign(residual(point));
    if (sign === 0) {
      if (left === null || left.sign !== 0) found.push(point);
    } else if (left !== null && left.sign !== 0 && sign*left.sign < 0) {
      let [a, b] = [left.point, point];
      const start = Math.min(Math.abs(residual(a)), Math.abs(residual(b)));
      for (let i = 0; i < 1100; i += 1) {
        const middle = a + (b - a)/2;
        if (middle <= a || middle >= b) break;
        if (Math.sign(residual(middle)) === sign) b = middle; else a = middle;
      }
      const best = Math.abs(residual(a)) <= Math.abs(residual(b)) ? a : b;
      if (Math.abs(residual(best)) <= start) found.push(best);
    }
    if (!Number.isNaN(sign)) left = { point, sign };
  }
  if (found.length === 0) throw new RangeError(`no ${symbol} between ${lower} and ${upper} solves the equation`);
  if (found.length > 1) throw new RangeError(`${found.length} values of ${symbol} solve the equation`);
  return found[0];
}
"""


class _Writer(InfixWriter):
    def symbol(self, name: str) -> str:
        return _identifier(name)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        return f"Math.pow({self.write(base)}, {self.write(exponent)})", ATOM

    def call(self, function: str, arguments: Sequence[str]) -> tuple[str, int]:
        name = function if function == "lgamma" else f"Math.{function}"
        return f"{name}({', '.join(arguments)})", ATOM

    def comparison(self, operator: str, left: str, right: str) -> str:
        return f"{left} { {'==': '===', '!=': '!=='}.get(operator, operator) } {right}"

    def logic(self, operator: str, parts: Sequence[str]) -> tuple[str, int]:
        return (" && " if operator == "and" else " || ").join(parts), COMPARISON - 1

    def choice(self, condition: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        shown = f"{self.write(condition, LOGIC - 1)} ? {self.write(then, CHOICE + 1)}"
        return f"{shown} : {self.write(otherwise)}", CHOICE


def _identifier(name: str) -> str:
    return f"{name}_" if name in _RESERVED else name


def module_source(
    arguments: Sequence[str],
    where: Mapping[str, Node],
    result: Node,
    *,
    arrays: Mapping[str, Sequence[Sequence[str]]] | None = None,
    flat_patterns: Mapping[str, str] | None = None,
    implicit: tuple[str, Node, Node] | None = None,
    comment: str = "",
) -> str:
    """An ES module that exports `law(values)`.

    Args:
        arguments: flat names of everything that `values` must hold.
        where: named sub-expressions, computed first.
        result: what it returns, written out over its index sets; of an equation, left minus right.
        arrays: indexed symbols with the members of each index, so that `values` may hold them whole.
        flat_patterns: spellings of flat names that are not the usual one.
        implicit: for an equation, the output and the ends of its bracket.
        comment: what stands above the function.

    Returns:
        the source.
    """
    writer = _Writer()
    within = {
        flat: place
        for symbol, sets in (arrays or {}).items()
        for flat, place in _places(symbol, sets, (flat_patterns or {}).get(symbol))
    }
    lines = [f"// {line}" for line in comment.splitlines()]
    lines.append("export function law(values) {")
    for name in arguments:
        whole = f" ?? {within[name]}" if name in within else ""
        lines.append(f"  const {_identifier(name)} = values.{name}{whole};")
    parts = [f"const {_identifier(symbol)} = {writer.write(node)};" for symbol, node in where.items()]
    if implicit is None:
        lines += [f"  {part}" for part in parts]
        lines.append(f"  return {writer.write(result)};")
    else:
        output, lower, upper = implicit
        lines.append(f"  const residual = ({_identifier(output)}) => {{")
        lines += [f"    {part}" for part in parts]
        lines.append(f"    return {writer.write(result)};")
        lines.append("  };")
        lines.append(f'  return root(residual, {writer.write(lower)}, {writer.write(upper)}, "{output}");')
    lines.append("}")
    text = "\n".join(lines) + "\n"
    return text + (_LGAMMA if "lgamma(" in text else "") + (_ROOT if implicit else "")


def parts_source(
    name: str,
    given: Sequence[str],
    defaults: Mapping[str, Node],
    parts: Mapping[str, Node],
    *,
    comment: str = "",
) -> str:
    """An ES module that exports a function of an object of values, which gives them back with all that follows.

    Args:
        name: the function's name.
        given: symbols that the values may hold, in the order in which defaults use them.
        defaults: what a symbol is if the values leave it out.
        parts: what follows, by symbol, each computed from the values and the parts before it.
        comment: what stands above the function.

    Returns:
        the source.
    """
    writer = _Writer()
    lines = [f"// {line}" for line in comment.splitlines()]
    lines.append(f"export function {name}(values) {{")
    for symbol in given:
        default = f" ?? {writer.write(defaults[symbol], ATOM)}" if symbol in defaults else ""
        lines.append(f"  const {_identifier(symbol)} = values.{symbol}{default};")
    lines += [f"  const {_identifier(symbol)} = {writer.write(node)};" for symbol, node in parts.items()]
    lines.append("  return {")
    lines += [f"    {symbol}: {_identifier(symbol)}," for symbol in (*given, *parts)]
    lines += ["  };", "}"]
    return "\n".join(lines) + "\n"


def _places(symbol: str, sets: Sequence[Sequence[str]], pattern: str | None) -> list[tuple[str, str]]:
    """Flat name of every member, and where it lies in `values` when the symbol is given whole."""
    places: list[tuple[tuple[str, ...], str]] = [((), f"values.{symbol}")]
    for members in sets:
        places = [
            ((*head, member), f"{text}?.[{number}]") for head, text in places for number, member in enumerate(members)
        ]
    return [(flat_name(symbol, list(names), pattern), text) for names, text in places]
