"""Amounts of parameters, tokens and FLOP as people write them."""

from __future__ import annotations

_LETTERS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def short(value: float) -> str:
    """A number of parameters or tokens to four digits, as people write it: `70.06B`, `1.4T`."""
    for scale, letter in _LETTERS:
        if scale <= value < 1e3 * scale:
            return f"{value / scale:.4g}{letter}"
    return f"{value:.4g}" if value < 1e3 else power(value)


def power(value: float) -> str:
    """A number of FLOP to four digits: `5.885e23`."""
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def percent(fraction: float) -> str:
    """A difference with its sign, to a tenth of a per cent."""
    return f"{100 * fraction:+z.1f} %".replace("+0.0", "0.0")


def size(count: int) -> str:
    """A number of bytes to two or three digits, as people write it: `4.2 MB`."""
    for scale, unit in ((1e6, "MB"), (1e3, "kB")):
        if count >= 0.9995 * scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count} bytes"
