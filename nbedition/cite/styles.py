"""Citations: the edition, one figure or number of it with version and parameters, and the sources under it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbedition.citation_file import Party

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
    authors: Sequence[Party]
    title: str
    detail: str  # edition and place
    year: str = ""  # of the edition used; empty where none is stated
    publisher: str = ""


@dataclass(frozen=True)
class Cited:
    """What is cited: a figure or a number of the edition."""

    key: str  # under which it is cited
    kind: str  # such as "Figure 2.1"
    title: str  # what it finds
    edition: str  # its title; authors, version, day and address are its own, too; empty where it does not state them
    authors: Sequence[Party]
    version: str
    released: str  # a day such as 2026-11-23, or a year
    url: str
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


def citation(all_cited: Sequence[Cited], style: str) -> str:
    """Return what is cited in one of `STYLES`, and after it the sources of all, each once."""
    written = {"bibtex": bibtex, "csl-json": csl_json, "apa": apa, "latex": latex}
    return written[style](all_cited)


def _sources(all_cited: Sequence[Cited]) -> list[Work]:
    return list({work.key: work for cited in all_cited for work in cited.sources}.values())


def bibtex(all_cited: Sequence[Cited]) -> str:
    """Return BibTeX entries: what is cited first, then the sources."""
    entries = []
    for cited in all_cited:
        howpublished = f"{escaped(cited.kind)} of \\emph{{{escaped(cited.edition)}}}{_version(cited, ', version ')}"
        own = {
            "author": _bibtex_names(cited.authors),
            "title": f"{{{escaped(_marked(cited))}}}",
            "year": cited.released[:4],
            "month": cited.released[5:7].lstrip("0"),
            "howpublished": howpublished,
            "note": escaped(cited.made),
            "url": cited.url,
        }
        entries.append(_entry(cited.key, own))
    for work in _sources(all_cited):
        fields = {"author": _bibtex_names(work.authors), "title": f"{{{escaped(work.title)}}}", "year": work.year}
        fields |= {"publisher": escaped(work.publisher), "howpublished": escaped(work.detail)}
        entries.append(_entry(work.key, fields))
    return "\n\n".join(entries)


def csl_json(all_cited: Sequence[Cited]) -> str:
    """Return CSL-JSON items: what is cited first, then the sources."""
    items: list[dict[str, Any]] = [
        {
            "id": cited.key,
            "type": "graphic" if cited.fingerprint else "dataset",
            "title": _marked(cited),
            "author": [_csl_name(one) for one in cited.authors],
            "container-title": cited.edition,
            "number": cited.kind,
            "version": cited.version,
            "issued": _csl_date(cited.released),
            "URL": cited.url,
            "note": cited.made,
        }
        for cited in all_cited
    ]
    for work in _sources(all_cited):
        item: dict[str, Any] = {"id": work.key, "type": "document", "title": work.title}
        item |= {"author": [_csl_name(one) for one in work.authors], "issued": _csl_date(work.year)}
        items.append(item | {"publisher": work.publisher, "note": work.detail})
    stated = [{name: value for name, value in item.items() if value} for item in items]
    return json.dumps(stated, indent=1, ensure_ascii=False)


def _marked(cited: Cited) -> str:
    """Return a title with its figure's number and fingerprint: it is the one field that every style prints."""
    return f"{cited.title} [{cited.kind}, fingerprint {cited.fingerprint}]" if cited.fingerprint else cited.title


def _csl_name(one: Party) -> dict[str, str]:
    if not one.is_person:
        return {"literal": one.name}
    parts = {"family": one.family, "given": one.given, "non-dropping-particle": one.particle, "suffix": one.suffix}
    return {name: value for name, value in parts.items() if value}


def _csl_date(day: str) -> dict[str, Any]:
    parts = [int(part) for part in day.split("-") if part.isascii() and part.isdigit()]
    return {"date-parts": [parts]} if parts else {}


def _bibtex_names(authors: Sequence[Party]) -> str:
    """Return names as BibTeX parts them: von Last, Jr, First; an office in braces, so that it is not parted."""
    names = []
    for one in authors:
        last = " ".join(filter(None, (one.particle, f"{{{escaped(one.family)}}}" if one.family else "")))
        parts = [part for part in (last, escaped(one.suffix), escaped(one.given)) if part]
        names.append(", ".join(parts) if one.is_person else f"{{{escaped(one.name)}}}")
    return " and ".join(names)


def _apa_names(authors: Sequence[Party]) -> str:
    """Return names in the manner of APA.

    Examples
    --------
    >>> _apa_names([Party("Li", "Ping"), Party(entity="Office of Things")])
    'Li, P., & Office of Things'
    """
    names = []
    for one in authors:
        if one.family_first or not one.is_person:
            names.append(one.name)
            continue
        last = " ".join(filter(None, (one.particle, one.family)))
        initials = " ".join(f"{name[0]}." for name in re.split(r"[\s-]+", one.given) if name)
        names.append(", ".join(filter(None, (last, initials if last else one.given, one.suffix))))
    return f"{', '.join(names[:-1])}, & {names[-1]}" if len(names) > 1 else "".join(names)


def _version(cited: Cited, before: str, after: str = "") -> str:
    return f"{before}{escaped(cited.version)}{after}" if cited.version else ""


def apa(all_cited: Sequence[Cited]) -> str:
    """Return references in the manner of APA, a paragraph each."""
    paragraphs = []
    for cited in all_cited:
        own = _led(cited.authors, f"{cited.title} [{cited.kind}]", cited.released)
        whole = f"In {cited.edition}{_version(cited, ' (Version ', ')')}."
        paragraphs.append(" ".join(filter(None, (own, whole, cited.made, cited.url))))
    for work in _sources(all_cited):
        told = map(_sentence, filter(None, (work.detail, work.publisher)))
        paragraphs.append(" ".join((_led(work.authors, work.title, work.year), *told)))
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _led(authors: Sequence[Party], title: str, day: str) -> str:
    """Return how a reference begins: authors, year, title; the title first where nobody is named."""
    year = f"({day[:4] or 'n.d.'})."
    return f"{_stop(_apa_names(authors))} {year} {_stop(title)}" if authors else f"{_stop(title)} {year}"


def latex(all_cited: Sequence[Cited]) -> str:
    """Return a block for each figure, with caption and alt text, or a number, and one list of references."""
    head = ["% needs \\usepackage{graphicx}; the file has the width at which it is meant to be printed"]
    for cited in all_cited:
        cites = f"\\cite{{{','.join(cited.keys)}}}"
        if not cited.name:
            head.append(f"{escaped(cited.title)}~{cites}")
            continue
        head += [
            "\\begin{figure}",
            "  \\centering",
            f"  \\includegraphics[alt={{{escaped(cited.alt)}}}]{{{cited.name}.pdf}}",
            f"  \\caption{{{_stop(escaped(cited.title))} {_stop(escaped(cited.caption))} {cites}}}",
            f"  \\label{{fig:{cited.name}}}",
            "\\end{figure}",
        ]
    keys = [*(cited.key for cited in all_cited), *(work.key for work in _sources(all_cited))]
    paragraphs = apa(all_cited).split("\n")
    items = [f"  \\bibitem{{{key}}} {escaped(text)}" for key, text in zip(keys, paragraphs, strict=True)]
    begun = head if any(cited.name for cited in all_cited) else head[1:]
    return "\n".join([*begun, f"\\begin{{thebibliography}}{{{len(items)}}}", *items, "\\end{thebibliography}"])


def _entry(key: str, fields: Mapping[str, str]) -> str:
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}\n}}"


def _sentence(text: str) -> str:
    return _stop(text[:1].upper() + text[1:])


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
