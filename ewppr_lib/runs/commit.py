"""The commit that a checkout's library stands at, found once by the command that runs notebooks."""

import os
import subprocess
from collections.abc import Mapping

from ewppr_lib.home import PACKAGE
from ewppr_lib.runs.origin import COMMIT

CODE = ("ewppr_lib", "requirements.lock")
SECONDS = 10.0


def commit() -> str | None:
    """Return the commit's id, ``"modified"`` where library or lock differ from it, None outside a checkout.

    Only the checkout that tracks this very package counts: not one that merely holds an environment.
    """
    if _git("ls-files", "--error-unmatch", "ewppr_lib/__init__.py") is None:
        return None
    changed, head = _git("status", "--porcelain", "--", *CODE), _git("rev-parse", "HEAD")
    return "modified" if changed else head


def with_commit(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that tells a kernel the commit."""
    return {**environment, COMMIT: commit() or ""}


def _git(*arguments: str) -> str | None:
    command = ["git", "-C", str(PACKAGE.parent), *arguments]
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        ended = subprocess.run(  # noqa: S603  fixed words
            command, capture_output=True, text=True, timeout=SECONDS, check=False, env=quiet, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ended.stdout.strip() if ended.returncode == 0 else None
