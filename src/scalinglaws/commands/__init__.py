"""The commands of `scalinglaws`: each module declares the options of one command, or of a small family, and runs it."""

from __future__ import annotations

#: Exit statuses: it was done, the question has no answer, the call is wrong.
DONE, NO_ANSWER, WRONG_CALL = 0, 1, 2


def exit_status(error: Exception) -> int | None:
    """The exit status for an error that the user can act on; none for a fault of ours."""
    from scalinglaws.database.access import DatabaseError, QueryError  # noqa: PLC0415
    from scalinglaws.formulas.evaluation import EvaluationError  # noqa: PLC0415
    from scalinglaws.library import AmbiguousFit, InputError, UnknownName  # noqa: PLC0415
    from scalinglaws.units import NotConvertible, UnitError  # noqa: PLC0415

    if isinstance(error, AmbiguousFit | InputError | UnknownName | QueryError | UnitError):
        return WRONG_CALL
    if isinstance(error, NotConvertible):
        # A missing assumption is a missing input; without one that would help there is no answer.
        return WRONG_CALL if error.missing else NO_ANSWER
    if isinstance(error, EvaluationError | DatabaseError):
        return NO_ANSWER
    # By name: their modules are loaded only where they are needed.
    if type(error).__name__ in ("InvalidRecords", "DatasetError", "MissingPackage") or isinstance(error, OSError):
        return NO_ANSWER
    return None
