"""Text as a search compares it: small letters, no accents, words alone."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in order, as the full-text index tells them apart: letters, digits and underscores."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text)))


def fold(text: str) -> str:
    """A text by which spellings compare: its words in small letters and without accents, one blank between them."""
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(_WORD.findall(text.casefold()))
