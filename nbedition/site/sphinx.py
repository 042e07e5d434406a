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
from nbedition import __version__
from nbedition.site.about import ASSETS, About

Claims = Mapping[str, str]  # id, which is also the place on the claims page, to what the search shows

PLAIN = re.compile(r'<span class="(?:pre|n|p|w)">([^<]*)</span>')

CONFIG: dict[str, Any] = {
    "version": __version__,
    "release": __version__,
    "language": "en",
    "extensions": ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_design", __name__],
    "exclude_patterns": [],
    "nb_execution_mode": "off",
    "nb_ipywidgets_js": {},
    "nb_code_prompt_show": "Show the code",
    "nb_code_prompt_hide": "Hide the code",
    "myst_enable_extensions": ["colon_fence", "deflist"],
    "myst_heading_anchors": 3,
    "suppress_warnings": ["ref.python"],  # names that several classes have
    "default_role": "literal",
    "toc_object_entries": False,
    "autodoc_typehints": "signature",
    "autodoc_preserve_defaults": True,
    "autodoc_member_order": "bysource",
    "autodoc_default_options": {"exclude-members": "model_config, model_post_init, __init__", "no-value": True},
    "python_use_unqualified_type_names": True,
    "napoleon_google_docstring": False,
    "napoleon_use_rtype": False,
    "html_theme": "pydata_sphinx_theme",
    "html_favicon": str(ASSETS / "favicon.svg"),
    "html_static_path": [str(ASSETS / "static")],
    "templates_path": [str(ASSETS / "templates")],
    "html_css_files": ["site.css"],
    "html_js_files": [("site.js", {"defer": "defer"})],
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_search_summary": False,
    "html_use_index": False,
    "html_domain_indices": False,
    "html_last_updated_fmt": None,
    "html_scaled_image_link": False,
    "html_sidebars": {name: [] for name in ("index", "claims", "explorer", "search", "figures/index")},
    "html_theme_options": {
        "navbar_start": ["wordmark"],
        "navbar_end": ["theme-switcher"],
        "footer_start": ["colophon"],
        "footer_end": [],
        "secondary_sidebar_items": ["page-toc"],
        "article_header_start": ["breadcrumbs"],
        "header_links_before_dropdown": 8,
        "navigation_with_keys": False,
        "show_prev_next": True,
        "search_bar_text": "Search pages, claims, names",
        "back_to_top_button": False,
        "navigation_depth": 2,
        "primary_sidebar_end": [],
    },
}


def run_sphinx(source: Path, out: Path, scratch: Path, about: About, claims: Claims) -> None:
    """Turn the pages of a folder into a site.

    Parameters
    ----------
    source, out, scratch
        Folders: of the pages' sources, of the site, and for what is thrown away.
    about
        What the edition, or the study of one's own, is called.
    claims
        Claims, which the search finds one by one.

    Raises
    ------
    RequestError
        If Sphinx or an extension is not installed.
    CheckFailed
        If a page has a fault, such as a link that leads nowhere.
    """
    try:
        import_module("myst_nb")
        from sphinx.application import Sphinx
    except ImportError as error:
        raise RequestError(
            f"the site needs {error.name}, which is not installed; run: pip install 'ewppr[site]'."
        ) from None
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        app = Sphinx(
            source,
            None,
            out,
            scratch,
            "html",
            confoverrides=CONFIG | about.config,
            status=None,
            warning=said,
            freshenv=True,
            parallel=1,
        )
        _list_claims(app, claims)
        app.build(force_all=True)
    if app.statuscode or said.getvalue().strip():
        raise CheckFailed(f"the site has faults: {_told(said.getvalue(), source)}")
    for name in (".buildinfo", "objects.inv", "_sources", "_static/webpack-macros.html"):
        _remove(out / name)
    for path in sorted(out.glob("reference/*.html")):
        path.write_text(lightened(path.read_text(encoding="utf-8")), encoding="utf-8")


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


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


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
    return "; ".join(lines[:20]) or "Sphinx gave no reason"
