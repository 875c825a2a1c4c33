"""What many fits of one law come to together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def together(groups: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The result of a case of many fits: each of them, the mean error, and the verdict that most of them have.

    Args:
        groups: for each group at least its `rmse_log` (or none) and its `verdict`.
    """
    verdicts = [each["verdict"] for each in groups.values()]
    errors = [each["rmse_log"] for each in groups.values() if each["rmse_log"] is not None]
    order = sorted(set(verdicts), key=lambda each: (-verdicts.count(each), each))
    return {
        "groups": dict(groups),
        "count": len(groups),
        "rmse_log": float(np.mean(errors)) if errors else None,
        "verdicts": {each: verdicts.count(each) for each in order},
        "verdict": order[0],
    }
