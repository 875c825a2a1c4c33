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


#: Stands for an underscore in PostgreSQL's index, whose parser would part a symbol there.
_UNDERSCORE = "qzq"
#: Ends a word of one or two letters there, which would be stemmed: SQLite leaves as and is as they are.
_SHORT = "qzz"
#: Stands in no search: what the index holds between two texts, so that no phrase reaches from one into the other.
NO_WORD = "qzqend"


def indexed(text: str) -> str:
    """A text as PostgreSQL's index is given it, and what is looked for in it."""
    words = fold(text).split()
    return " ".join(each if len(each) > 2 else each + _SHORT for each in words).replace("_", _UNDERSCORE)
