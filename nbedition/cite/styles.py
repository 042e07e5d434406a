"""Citations: the edition, one figure or number of it with version and parameters, and the sources under it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbedition.cite.tex import escaped

STYLES = ("bibtex", "csl-json", "apa", "latex")


@dataclass(frozen=True)
class Work:
    """A work that is cited: a source of figures.

    Parameters
    ----------
    key
        Under which it is cited.
    author, title, detail
        As the register of sources has them; ``detail`` is its edition and place.
    year
        Of the edition used; empty where none is stated.
    """

    key: str
    author: str
    title: str
    detail: str
    year: str = ""


@dataclass(frozen=True)
class Cited:
    """What is cited: a figure or a number of the edition.

    Parameters
    ----------
    key
        Under which it is cited.
    kind
        Such as ``"Figure 2.1"``.
    title
        What it finds.
    edition, author, version, year
        Of the edition.
    notebook
        Its full name.
    fingerprint
        Of a figure; empty for a number.
    parameters
        With which it was made.
    sources
        The works under it.
    name, caption, alt
        Of a figure, for LaTeX.
    """

    key: str
    kind: str
    title: str
    edition: str
    author: str
    version: str
    year: str
    notebook: str
    fingerprint: str
    parameters: Mapping[str, Any]
    sources: Sequence[Work] = field(default_factory=tuple)
    name: str = ""
    caption: str = ""
    alt: str = ""

    @property
    def made(self) -> str:
        """How it was made, in words."""
        told = {name: value for name, value in self.parameters.items() if value != ""}
        given = ", ".join(f"{name}={told[name]}" for name in sorted(told))
        mark = f"fingerprint {self.fingerprint}; " if self.fingerprint else ""
        return f"{mark}notebook {self.notebook}; parameters {given}"


def citation(cited: Cited, style: str) -> str:
    """Return a citation.

    Parameters
    ----------
    cited
        What is cited.
    style
        One of `STYLES`.
    """
    return _STYLES[style](cited)


def bibtex(cited: Cited) -> str:
    """Return BibTeX entries: what is cited first, then the sources."""
    own = {
        "author": f"{{{escaped(cited.author)}}}",
        "title": f"{{{escaped(cited.title)}}}",
        "year": cited.year,
        "howpublished": f"{escaped(cited.kind)} of \\emph{{{escaped(cited.edition)}}}, "
        f"version {escaped(cited.version)}",
        "note": escaped(_sentence(cited.made)),
    }
    entries = [_entry(cited.key, own)]
    for work in cited.sources:
        fields = {"author": f"{{{escaped(work.author)}}}", "title": f"{{{escaped(work.title)}}}"}
        fields |= {"year": work.year} if work.year else {}
        entries.append(_entry(work.key, fields | {"howpublished": escaped(work.detail)}))
    return "\n\n".join(entries)


def csl_json(cited: Cited) -> str:
    """Return CSL-JSON items: what is cited first, then the sources."""
    own: dict[str, Any] = {
        "id": cited.key,
        "type": "graphic" if cited.fingerprint else "dataset",
        "title": cited.title,
        "author": [{"literal": cited.author}],
        "container-title": cited.edition,
        "number": cited.kind,
        "version": cited.version,
        "issued": {"date-parts": [[int(cited.year)]]},
        "note": _sentence(cited.made),
    }
    items = [own]
    for work in cited.sources:
        item: dict[str, Any] = {"id": work.key, "type": "document", "title": work.title}
        item |= {"author": [{"literal": work.author}], "note": work.detail}
        items.append(item | ({"issued": {"date-parts": [[int(work.year)]]}} if work.year else {}))
    return json.dumps(items, indent=1, ensure_ascii=False)


def apa(cited: Cited) -> str:
    """Return references in the manner of APA, a paragraph each."""
    own = f"{cited.author}. ({cited.year}). {cited.title} [{cited.kind}]. In {cited.edition} (Version {cited.version})."
    works = [
        f"{_stop(work.author)} ({work.year or 'n.d.'}). {_stop(work.title)} {_sentence(work.detail)}"
        for work in cited.sources
    ]
    return "\n".join(" ".join(paragraph.split()) for paragraph in (f"{own} {_sentence(cited.made)}", *works))


def latex(cited: Cited) -> str:
    """Return a figure block with caption and alt text, or a number, and a list of references."""
    if cited.name:
        head = [
            "% needs \\usepackage{graphicx}; the file has the width at which it is meant to be printed",
            "\\begin{figure}",
            "  \\centering",
            f"  \\includegraphics[alt={{{escaped(cited.alt)}}}]{{{cited.name}.pdf}}",
            f"  \\caption{{{_stop(escaped(cited.title))} {_stop(escaped(cited.caption))} {cited_keys(cited)}}}",
            f"  \\label{{fig:{cited.name}}}",
            "\\end{figure}",
        ]
    else:
        head = [f"{escaped(cited.title)}~{cited_keys(cited)}"]
    paragraphs = apa(cited).split("\n")
    keys = [cited.key, *(work.key for work in cited.sources)]
    items = [f"  \\bibitem{{{key}}} {escaped(text)}" for key, text in zip(keys, paragraphs, strict=True)]
    return "\n".join([*head, f"\\begin{{thebibliography}}{{{len(keys)}}}", *items, "\\end{thebibliography}"])


def cited_keys(cited: Cited) -> str:
    """Return the command that cites a work and its sources."""
    return f"\\cite{{{','.join([cited.key, *(work.key for work in cited.sources)])}}}"


_STYLES: dict[str, Callable[[Cited], str]] = {"bibtex": bibtex, "csl-json": csl_json, "apa": apa, "latex": latex}


def _entry(key: str, fields: Mapping[str, str]) -> str:
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}\n}}"


def _sentence(text: str) -> str:
    return _stop(text[:1].upper() + text[1:])


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
