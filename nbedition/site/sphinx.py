"""Running Sphinx with MyST-NB on the pages: nothing executed, nothing fetched, no dates, the same bytes twice."""

import io
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

from crossfoot.errors import CheckFailed, RequestError
from crossfoot.text import read_yaml
from nbedition import __version__
from nbedition.site.pages import about

Claims = Mapping[str, str]  # id, which is also the place on the claims page, to what the search shows

PLACE = Path(__file__).parent
PLAIN = re.compile(r'<span class="(?:pre|n|p|w)">([^<]*)</span>')
WITHOUT_SIDEBAR = ("index", "claims", "search", "figures/index")
MOST_TOLD = 20  # faults


def run_sphinx(source: Path, out: Path, scratch: Path, wide: Sequence[str], claims: Claims) -> None:
    """Turn the pages of a folder into a site; further pages that are ``wide`` have no bar at their side."""
    try:
        import_module("myst_nb")
        from sphinx.application import Sphinx
    except ImportError as error:
        raise RequestError(
            f"the site needs {error.name}, which is not installed; run: pip install 'ewppr[site]'."
        ) from None
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        app = Sphinx(source, None, out, scratch, "html", _config(wide), status=None, warning=said, freshenv=True)
        _list_claims(app, claims)
        app.build(force_all=True)
    if app.statuscode or said.getvalue().strip():
        raise CheckFailed(f"the site has faults: {_told(said.getvalue(), source)}")
    shutil.rmtree(out / "_sources", ignore_errors=True)
    for name in (".buildinfo", "objects.inv", "_static/webpack-macros.html"):
        (out / name).unlink(missing_ok=True)
    for path in sorted(out.glob("reference/*.html")):
        path.write_text(lightened(path.read_text(encoding="utf-8")), encoding="utf-8")


def _config(wide: Sequence[str]) -> dict[str, Any]:
    """Return what Sphinx is told: ``sphinx.yml``, and what depends on the study and on where this package is."""
    ours, assets = about(), PLACE / "assets"
    always: dict[str, Any] = read_yaml(assets / "sphinx.yml")
    return always | {
        "project": ours.title,
        "html_title": f"{ours.short} {ours.beside}".strip(),
        "html_context": {"about": ours},
        "version": __version__,
        "release": __version__,
        "html_favicon": str(assets / "favicon.svg"),
        "html_static_path": [str(assets / "static")],
        "templates_path": [str(PLACE / "templates")],
        "html_sidebars": {name: [] for name in (*WITHOUT_SIDEBAR, *wide)},
    }


def lightened(page: str) -> str:
    """Return a page without the elements that signatures have around every word: they make it slow, and show nothing.

    Examples
    --------
    >>> lightened('<span class="n"><span class="pre">str</span></span><span class="w"> </span>')
    'str '
    """
    before = ""
    while before != page:
        before, page = page, PLAIN.sub(r"\1", page)
    return page


def setup(app: Any) -> dict[str, bool]:
    """Let Sphinx know what the search lists beside pages and names: claims."""
    app.add_object_type("claim", "claim")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _list_claims(app: Any, claims: Claims) -> None:
    def listed(_app: Any, env: Any) -> Sequence[str]:
        found = {("claim", words): ("claims", name) for name, words in claims.items()}
        env.domains.standard_domain.objects.update(found)
        return []

    app.connect("env-updated", listed)


def _told(said: str, source: Path) -> str:
    lines = [line.replace(f"{source}/", "") for line in said.splitlines() if line.strip()]
    return "; ".join(lines[:MOST_TOLD]) or "Sphinx gave no reason"
