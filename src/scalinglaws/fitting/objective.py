"""What a fit makes small: the plain sum over rows of a function of the residual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

OBJECTIVES = ("huber", "squares", "absolute")


@dataclass(frozen=True)
class Objective:
    """A function of the residual, summed over rows.

    Attributes:
        kind: `squares` (r**2), `absolute` (|r|) or `huber` (r**2/2 inside delta, delta*(|r| - delta/2) outside).
        delta: Huber's threshold.
        on: `log` (log of prediction minus log of data) or `raw` (prediction minus data).
    """

    kind: str = "huber"
    delta: float = 1e-3
    on: str = "log"

    def value(self, residual: Any) -> Any:
        """The function itself, elementwise."""
        size = np.abs(residual)
        if self.kind == "squares":
            return residual * residual
        if self.kind == "absolute":
            return size
        return np.where(size <= self.delta, 0.5 * residual * residual, self.delta * (size - 0.5 * self.delta))

    def slope(self, residual: Any) -> Any:
        """Its derivative."""
        if self.kind == "squares":
            return 2 * residual
        if self.kind == "absolute":
            return np.sign(residual)
        return np.clip(residual, -self.delta, self.delta)

    def curvature(self, residual: Any, *, exact: bool) -> Any:
        """Its second derivative (`exact`), or that of the parabola that touches it from above."""
        if self.kind == "squares":
            return np.full_like(residual, 2.0)
        size = np.abs(residual)
        if self.kind == "absolute":
            return 1 / np.maximum(size, 1e-12)
        if exact:
            return (size <= self.delta).astype(np.float64)
        return np.minimum(1.0, self.delta / np.maximum(size, 1e-300))

    def eased(self, scale: float) -> list[Objective]:
        """Objectives that lead to this one from an easier one: ever smaller thresholds, from `scale` down."""
        if self.kind == "squares":
            return [self]
        end = self.delta if self.kind == "huber" else scale * 1e-8
        steps = [Objective("huber", scale / 10.0**power, self.on) for power in range(12) if scale / 10.0**power > end]
        return [*steps, Objective("huber", end, self.on)]
