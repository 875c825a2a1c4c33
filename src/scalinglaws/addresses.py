"""Where on the site a thing of the catalog has its page: addresses that are kept for ever."""

from __future__ import annotations

#: By kind, where its page lies; owner and slug are what stands before and after the last slash of the id.
_PAGES = {
    "paper": "papers/{id}/",
    "law": "laws/{id}/",
    "fit": "laws/{owner}/#{slug}",
    "claim": "papers/{owner}/#claim-{slug}",
    "question": "questions/{lower}/",
    "topic": "topics/{id}/",
    "dataset": "datasets/{id}/",
    "reproduction": "reproducibility/{slug}/",
    "accounting": "flops/",
    "criticism": "criticisms/",
    "direction": "directions/",
}


def page(kind: str, name: str) -> str | None:
    """The address of a page, relative to the site's root; none for a kind that has no page.

    Args:
        kind: as `show` and `search` name it, such as `law`.
        name: its id.
    """
    owner, _, slug = name.rpartition("/")
    form = _PAGES.get(kind)
    return None if form is None else form.format(id=name, owner=owner, slug=slug, lower=name.lower())
