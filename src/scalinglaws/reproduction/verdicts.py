"""What can come of a reproduction: a closed list, each verdict with the rule that computes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: An objective within this ratio of the minimum is as good as it.
AS_GOOD = 1.01
#: Beyond this ratio the published values are no fit to these data.
NO_FIT = 2.0
#: A minimum is another one if its objective is higher by more than this.
_HIGHER = 1e-4
#: The search from the published values stays with them if no coefficient moves by more.
STAYS = 0.02


def verdict(published: Mapping[str, Any], *, quirk: bool) -> str:
    """The verdict on one published fit.

    Args:
        published: `ratio` of its objective to the minimum's (none if it has no value), `inside` by coefficient
            (whether it lies in the interval; empty without intervals), and `settles`: the largest relative move of a
            coefficient in a search from there with the objective's ratio at its end.
        quirk: whether the recipe holds what the paper does not say.
    """
    ratio = published["ratio"]
    if ratio is None:
        return "not-reproduced"
    settles = published.get("settles")
    # Rounded values in a narrow valley move little and gain much: they are no minimum of their own.
    if settles and settles["moved"] <= STAYS and settles["ratio"] > 1 + _HIGHER and ratio <= AS_GOOD * settles["ratio"]:
        return "local-optimum"
    if ratio <= AS_GOOD:
        return "reproduced-with-quirk" if quirk else "reproduced"
    if published["inside"] and all(published["inside"].values()):
        return "within-interval"
    return "not-the-minimum" if ratio <= NO_FIT else "not-reproduced"
