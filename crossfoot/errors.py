"""What the package says when something is wrong: one sentence, and an exit code."""


class ReportedError(Exception):
    """Base of all errors raised on purpose; its text is one sentence for the user.

    Examples
    --------
    >>> ReportedError("there is no data set 'x'").exit_code
    2
    """

    exit_code = 2

    def _render_traceback_(self) -> list[str]:
        """Return what IPython and Jupyter show in place of a traceback: the sentence alone."""
        return [str(self)]


class RequestError(ReportedError):
    """The request cannot be carried out as it stands (exit code 2)."""


class DataError(ReportedError):
    """A data file is missing, malformed, or no longer what a correction expects (exit code 2)."""


class CheckFailed(ReportedError):
    """The request was carried out, and what it checked or ran does not hold (exit code 1)."""

    exit_code = 1


def in_one_line(text: str) -> str:
    r"""Return text that may quote a stranger's file as a terminal can show it.

    Control characters are escaped, line breaks are spaces.

    Examples
    --------
    >>> print(in_one_line(f"title '{chr(27)}[31mred'"))
    title '\x1b[31mred'
    """
    return "".join(one if one.isprintable() else " " if one.isspace() else ascii(one)[1:-1] for one in text)


def in_lines(text: str) -> str:
    """Return text of several lines, each as a terminal can show it; see `in_one_line`."""
    return "\n".join(map(in_one_line, text.split("\n")))
