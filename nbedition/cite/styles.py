"""Citations: the edition, one figure or number of it with version and parameters, and the sources under it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SPECIAL = {character: f"\\{character}" for character in "&%$#_{}"}
SPECIAL |= {character: rf"\ensuremath{{{character}}}" for character in "<>|"}
SPECIAL |= {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\u2013": "--",
    "\u2019": "'",
}
SPECIAL |= {"\u00b7": r"\ensuremath{\cdot}", "\u2192": r"\ensuremath{\rightarrow}"}


def escaped(text: str) -> str:
    r"""Return a text whose special characters LaTeX prints as they stand.

    Examples
    --------
    >>> escaped("5 % of a_b & c")
    '5 \\% of a\\_b \\& c'
    """
    return "".join(SPECIAL.get(character, character) for character in " ".join(text.split()))


@dataclass(frozen=True)
class Work:
    """A work that is cited: a source of figures, as the register of sources has it."""

    key: str  # under which it is cited
    author: str
    title: str
    detail: str  # edition and place
    year: str = ""  # of the edition used; empty where none is stated


@dataclass(frozen=True)
class Cited:
    """What is cited: a figure or a number of the edition."""

    key: str  # under which it is cited
    kind: str  # such as "Figure 2.1"
    title: str  # what it finds
    edition: str  # its title; author, version and year are its own, too
    author: str
    version: str
    year: str
    notebook: str  # full name
    parameters: Mapping[str, Any]  # with which it was made
    sources: Sequence[Work] = field(default_factory=tuple)
    fingerprint: str = ""  # this and the rest of a figure alone
    name: str = ""
    caption: str = ""
    alt: str = ""

    @property
    def keys(self) -> list[str]:
        """The keys of what is cited and of its sources."""
        return [self.key, *(work.key for work in self.sources)]

    @property
    def made(self) -> str:
        """How it was made, in a sentence."""
        told = {name: value for name, value in self.parameters.items() if value != ""}
        given = ", ".join(f"{name}={told[name]}" for name in sorted(told))
        mark = f"fingerprint {self.fingerprint}; " if self.fingerprint else ""
        return _sentence(f"{mark}notebook {self.notebook}; parameters {given}")


def citation(cited: Cited, style: str) -> str:
    """Return a citation in one of `STYLES`."""
    written = {"bibtex": bibtex, "csl-json": csl_json, "apa": apa, "latex": latex}
    return written[style](cited)


def bibtex(cited: Cited) -> str:
    """Return BibTeX entries: what is cited first, then the sources."""
    own = {
        "author": f"{{{escaped(cited.author)}}}",
        "title": f"{{{escaped(cited.title)}}}",
        "year": cited.year,
        "howpublished": f"{escaped(cited.kind)} of \\emph{{{escaped(cited.edition)}}}, "
        f"version {escaped(cited.version)}",
        "note": escaped(cited.made),
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
        "note": cited.made,
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
    return "\n".join(" ".join(paragraph.split()) for paragraph in (f"{own} {cited.made}", *works))


def latex(cited: Cited) -> str:
    """Return a figure block with caption and alt text, or a number, and a list of references."""
    cites = f"\\cite{{{','.join(cited.keys)}}}"
    if cited.name:
        head = [
            "% needs \\usepackage{graphicx}; the file has the width at which it is meant to be printed",
            "\\begin{figure}",
            "  \\centering",
            f"  \\includegraphics[alt={{{escaped(cited.alt)}}}]{{{cited.name}.pdf}}",
            f"  \\caption{{{_stop(escaped(cited.title))} {_stop(escaped(cited.caption))} {cites}}}",
            f"  \\label{{fig:{cited.name}}}",
            "\\end{figure}",
        ]
    else:
        head = [f"{escaped(cited.title)}~{cites}"]
    paragraphs = apa(cited).split("\n")
    items = [f"  \\bibitem{{{key}}} {escaped(text)}" for key, text in zip(cited.keys, paragraphs, strict=True)]
    return "\n".join([*head, f"\\begin{{thebibliography}}{{{len(items)}}}", *items, "\\end{thebibliography}"])


def _entry(key: str, fields: Mapping[str, str]) -> str:
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}\n}}"


def _sentence(text: str) -> str:
    return _stop(text[:1].upper() + text[1:])


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
