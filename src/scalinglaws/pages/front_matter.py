"""What a generated page says of itself at its head: its title and its description."""

from __future__ import annotations

import json
import re

_FIELD = re.compile(r"^(title|description): (.+)$", re.M)


def front_matter(text: str) -> dict[str, str]:
    """Title and description of a page in Markdown, as far as its front matter states them."""
    head = text.partition("\n---\n")[0]
    return {name: str(json.loads(value)) if value.startswith('"') else value for name, value in _FIELD.findall(head)}
