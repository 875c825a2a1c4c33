"""One hash for the values of a fit, so that a paper can say exactly which numbers it used."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping

#: As many characters of the hash as are shown; the documents hold all of it.
SHORT = 12


def canonical_number(value: float) -> str:
    """A number as ECMAScript writes it, which RFC 8785 (JSON Canonicalization Scheme) asks for.

    Raises:
        ValueError: for what is no finite number.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} has no form in JSON")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    # Python and ECMAScript agree on the shortest digits, and differ in when they write an exponent.
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    figures = (whole + part).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + part) - len(figures))
    figures = figures.rstrip("0")
    count = len(figures)
    # The bounds are those of ECMAScript's Number::toString.
    if count <= point <= 21:
        text = figures + "0" * (point - count)
    elif 0 < point <= 21:
        text = f"{figures[:point]}.{figures[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{figures}"
    else:
        head = figures[0] + (f".{figures[1:]}" if count > 1 else "")
        text = f"{head}e{point - 1:+d}"
    return sign + text


def canonical_values(values: Mapping[str, float]) -> str:
    """Values by symbol as canonical JSON: keys in order, no spaces, numbers as ECMAScript writes them."""
    return "{" + ",".join(f"{json.dumps(name)}:{canonical_number(values[name])}" for name in sorted(values)) + "}"


def value_hash(values: Mapping[str, float]) -> str:
    """The SHA-256 of the canonical JSON of a fit's values, in hexadecimal."""
    return hashlib.sha256(canonical_values(values).encode()).hexdigest()
