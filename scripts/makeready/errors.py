"""What stops a run, each with the exit code it ends in."""

from __future__ import annotations


class MakereadyError(Exception):
    """Stop the run with a message a user can act on."""

    exit_code = 5

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[MakereadyError], tuple[str, str]]:
        return type(self), (self.message, self.hint)


class FindingsError(MakereadyError):
    """Findings at error level: nothing is written."""

    exit_code = 1


class UsageError(MakereadyError):
    """The command line names something that is not there."""

    exit_code = 2


class MissingToolError(MakereadyError):
    """A system library or external tool is not installed."""

    exit_code = 3


class EngineError(MakereadyError):
    """An engine crashed or ran past its time."""

    exit_code = 4
