"""What the package says when something is wrong: one sentence, and an exit code."""


class ReportedError(Exception):
    """Base of all errors raised on purpose; its text is one sentence for the user.

    Examples
    --------
    >>> ReportedError("there is no data set 'x'").exit_code
    2
    """

    exit_code = 2


class RequestError(ReportedError):
    """The request cannot be carried out as it stands (exit code 2)."""


class DataError(ReportedError):
    """A data file is missing, malformed, or no longer what a correction expects (exit code 2)."""


class CheckFailed(ReportedError):
    """The request was carried out, and what it checked or ran does not hold (exit code 1)."""

    exit_code = 1
