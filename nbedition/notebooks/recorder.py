"""The object a notebook records with: results and figures, shown and stored in the cell's output."""

import json
import math
import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from crossfoot.errors import RequestError
from nbedition import data
from nbedition.data.sources import Source
from nbedition.figures.picture import Picture
from nbedition.figures.record import require_texts
from nbedition.figures.save import DIGITS, add_source_line, canonical_csv, file_of, save
from nbedition.figures.style import Drawing, drawn_with
from nbedition.language import converted, in_own_language, language, listing, result_in_words, translate
from nbedition.notebooks.figure_record import FigureBasis, Origin, Texts, content_parameters, shown
from nbedition.notebooks.outputs import ASKED, FIGURE_TYPE, RESULT_TYPE
from nbedition.notebooks.parameters import notebook_name, settings_of, tables, validated
from nbedition.notebooks.printed_table import Heads, as_html, as_text, printed
from nbedition.notebooks.provenance import Environment, Stamp, data_files, digest, stamp_of
from nbedition.project import project, root
from nbedition.settings import Settings

FIGURE_FOLDER = "NBEDITION_FIGURES"  # environment variable: where a run leaves its figure files
ONE_FIGURE = "NBEDITION_ONE_FIGURE"  # environment variable: the only figure to draw, where one alone is asked for

NAME = re.compile(r"[a-z][a-z0-9_]*")


def start(notebook: str, **values: Any) -> "Run":
    """Open a run of a notebook: check its parameters and return the object that records.

    Parameters
    ----------
    notebook
        Full name, file or number.
    **values
        The notebook's parameters; those left out take their defaults. The path of a table of your own is tried from the
        current folder, then from the study's.

    Raises
    ------
    RequestError
        If the notebook or a parameter is not known, or a value does not fit.

    Examples
    --------
    >>> start("04", aid_share=0.002).settings.aid_share
    0.002
    """
    name = notebook_name(notebook)
    return Run(name, validated(name, values | _found(name, values)))


def _found(notebook: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the user's own tables that lie in the study's folder and not in the current one, which is a notebook's."""
    given = {name: values.get(name) for name in tables(settings_of(notebook))}
    named = {name: path for name, path in given.items() if isinstance(path, str) and path}
    places = {name: root() / path for name, path in named.items() if not Path(path).exists()}
    return {name: str(place) for name, place in places.items() if place.is_file()}


class Run:
    """One run of a notebook.

    `notebook`: full name; `settings`: its checked parameters. Raises RequestError if these are not what the run was
    asked for, as the environment variable ``NBEDITION_ASKED`` tells: its results would be kept under another's name.
    """

    def __init__(self, notebook: str, settings: Settings) -> None:
        self.notebook = notebook
        self.settings = settings
        own = {name: getattr(settings, name) for name in tables(type(settings))}
        self._own = {name: digest(Path(path)) for name, path in own.items() if path}
        _require_as_asked(notebook, settings, self._own)
        self._sources: dict[str, list[str]] = {}  # of each data set loaded
        self._names: set[str] = set()
        self._figures, self._tables = 0, 0
        self._edition = Prepared()
        self._origin = Origin(notebook, settings, self._edition.sources, self._own)

    def module(self, name: str) -> ModuleType:
        """Return one of the study's Python modules; see `nbedition.project.Project.module`."""
        return project().module(name)

    def load(self, name: str) -> pd.DataFrame:
        """Load a data set, the user's own table where a parameter names one; see `data.load`."""
        own = [parameter for parameter, dataset in tables(type(self.settings)).items() if dataset == name]
        frame = self._own_table(name, own[0]) if own and own[0] in self._own else self._edition.frame(name)
        self._sources[name] = list(dict.fromkeys([*frame.attrs["sources"], *frame.get("source", [])]))
        return frame

    def _own_table(self, name: str, parameter: str) -> pd.DataFrame:
        """Load a table of the user's own: the very bytes that its digest is of."""
        path = Path(getattr(self.settings, parameter))
        before, same = stamp_of([path]), digest(path) == self._own[parameter]
        frame = data.load(name, table=path)
        if not same or stamp_of([path]) != before:
            raise RequestError(f"the table {path} has changed since this run began; begin it again.")
        return frame

    @in_own_language
    def record(
        self,
        name: str,
        value: float,
        unit: str,
        low: float | None = None,
        high: float | None = None,
        claim: str | None = None,
        *,
        shown: bool = True,
    ) -> None:
        """Show and store one result.

        Parameters
        ----------
        name
            Lower-case name, unique in the notebook.
        value
            Finite number, in `unit`; stored with ten significant digits.
        unit
            Unit as text.
        low, high
            Bounds of an interval or range in the same unit, where there is one.
        claim
            Id of the study's claim that the result bears on.
        shown
            Whether a reader sees it; if not, only machines do.

        Raises
        ------
        RequestError
            If the name is not new or well formed, or a number is not finite.
        """
        self._claim_name(name)
        numbers = {"value": value, "low": low, "high": high}
        for part, number in numbers.items():
            if number is not None and not math.isfinite(number):
                raise RequestError(f"result '{name}': {part} is {number}; a finite number is expected.")
        stored = {part: _canonical(number) for part, number in numbers.items()}
        content = {"notebook": self.notebook, "name": name, **stored, "unit": unit, "claim": claim}
        if not shown:
            _show(None, RESULT_TYPE, content)
            return
        spread = f" [{_short(low)}, {_short(high)}]" if low is not None or high is not None else ""
        about = f"  ({claim})" if claim else ""
        text = f"{name} = {_short(value)}{spread} {unit}{about}"
        if language() != "en":
            text = f"{_in_own_words(name, numbers, unit)}  |  {text}"
        _show(text, RESULT_TYPE, content)

    def keep(self, results: Iterable[Mapping[str, Any] | Sequence[Any]]) -> None:
        """Store results that no reader needs to see; each is what `record` takes, by name or in order."""
        for one in results:
            if isinstance(one, Mapping):
                self.record(**one, shown=False)
            else:
                self.record(*one, shown=False)

    @in_own_language
    def say(self, sentences: Callable[..., Iterable[str]], *found: Any) -> None:
        """Show as a list the sentences that a function makes of what the run found; they are not recorded."""
        said = list(sentences(*found))
        _display({"text/plain": "\n".join(said), "text/markdown": "\n".join(f"- {one}" for one in said)})

    @in_own_language
    def table(self, frame: pd.DataFrame, heads: Heads | None = None, note: str = "", digits: int = 3) -> None:
        """Show a frame as people print it; where no pictures are drawn, as text alone. It is not recorded.

        Parameters
        ----------
        frame
            What to show; see `nbedition.notebooks.printed_table.printed`.
        heads
            The head of each column shown, and the column that stands under it, or those of a range.
        note
            What a reader must know to read it, below the table.
        digits
            Significant digits of the largest number of a column, four at most.
        """
        shown, said = printed(frame, heads, digits), translate(note) if note else ""
        forms = {"text/plain": as_text(shown, said)}
        self._tables += 1
        if self.settings.pictures:
            forms["text/html"] = as_html(shown, said, f"table{self._tables}")
        _display(forms)

    @in_own_language
    def figure(
        self,
        figure: Drawing | Figure,
        name: str,
        caption: str,
        alt: str,
        data: pd.DataFrame,
        of: Sequence[str] | None = None,
    ) -> None:
        """Show and store one figure, with a digest of its plotted data as text.

        Where the notebook's parameter `pictures` is False, nothing is drawn: the caption, the digest
        and the plotted data are all that the figure leaves.

        Parameters
        ----------
        figure
            What a chart function returns, or a drawn figure; its title states the finding.
        name
            Lower-case name, unique in the notebook.
        caption
            What is drawn, in which unit.
        alt
            The finding in words, for those who do not see the picture.
        data
            What is drawn, nothing more.
        of
            What it was made from: data sets, of which those not loaded in this run are left out, or
            ids of source records. By default every data set loaded so far. The source line under
            the figure follows from it.

        Raises
        ------
        RequestError
            If the name is not new or well formed, the title, caption or alt text is missing, or
            ``of`` names what is neither a data set nor a source.
        """
        self._claim_name(name)
        caption, alt = translate(caption), translate(alt)
        named = list(self._sources) if of is None else of
        sources = self._sources_of(name, named)
        drawn = self._drawn(figure) if os.environ.get(ONE_FIGURE) in (None, "", name) else None
        title = "" if drawn is None else " ".join(drawn.get_suptitle().split())
        require_texts(name, None if drawn is None else title, caption, alt)
        self._figures += 1
        csv, texts = canonical_csv(data), Texts(title, caption, alt)
        record = self._origin.record(name, self._figures, texts, csv, self._basis(named, sources))
        picture = None
        if drawn is not None:
            add_source_line(drawn, listing(sources.values()), f"{record.number} \u00b7 {record.fingerprint}")
            picture = Picture(drawn)
            record = record.model_copy(update={"drawn": drawn_with()})
        if folder := os.environ.get(FIGURE_FOLDER):
            save(picture, self._origin.with_library(record), csv, Path(folder))
        facts = (
            f"data: {record.data.rows} rows, sha256 {record.data.sha256[:16]}; {record.number}, {record.fingerprint}"
        )
        text = f"figure {name}: {title or 'not drawn'}\n{caption}\n{facts}"
        _show(text, FIGURE_TYPE, shown(record), png=file_of(picture, record, "png") if picture else None, alt=alt)

    def _basis(self, named: Sequence[str], sources: Iterable[str]) -> FigureBasis:
        """Return what a figure rests on: data sets named and loaded, or else those that share a source with it."""
        loaded = [name for name in named if name in self._sources]
        shared = [name for name, ids in self._sources.items() if set(ids) & set(sources)]
        return FigureBasis(loaded or shared, list(sources))

    def _drawn(self, figure: Drawing | Figure) -> Figure | None:
        if not self.settings.pictures:
            return None
        return figure.draw() if isinstance(figure, Drawing) else figure

    def _claim_name(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise RequestError(f"'{name}' is no name for a result or figure; use lower-case letters, digits and _.")
        if name in self._names:
            raise RequestError(f"'{name}' is recorded twice in notebook {self.notebook}; names are unique.")
        self._names.add(name)

    def _sources_of(self, figure: str, of: Sequence[str]) -> dict[str, str]:
        """Return the short form of each source that data sets and source ids stand for."""
        known, found = self._edition.sources, {}
        for name in of:
            if name not in (*self._sources, *known, *data.names()):
                raise RequestError(f"figure '{figure}': '{name}' is neither a data set nor a source.")
            for source in self._sources.get(name, [name] if name in known else []):
                found[source] = known[source].short if source in known else Path(source).name
        return found


def _require_as_asked(notebook: str, settings: Settings, own: Mapping[str, str]) -> None:
    asked = json.loads(os.environ.get(ASKED, "{}"))
    if not asked:
        return
    if asked["notebook"] not in (notebook, ""):
        raise RequestError(f"notebook {asked['notebook']} was to be run, and its cells start notebook {notebook}.")
    wanted, used = map(content_parameters, (type(settings).model_validate(asked["parameters"]), settings))
    for name, value in used.items():
        if repr(value) != repr(wanted[name]):
            raise RequestError(
                f"notebook {notebook} was to be run with {name}={wanted[name]!r}, and its cells start with "
                f"{name}={value!r}; they must give start() each parameter as it comes."
            )
    for name, known in asked["tables"].items():
        if own.get(name) != known:
            raise RequestError(f"the table {getattr(settings, name)} has changed since the run was asked for.")


def _canonical(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.{DIGITS}g}")


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:,.5g}" if abs(number) < 1e5 else f"{number:,.0f}"


def _in_own_words(name: str, numbers: dict[str, float | None], unit: str) -> str:
    """Return a result in the words and the unit of the run's language."""
    value, low, high = (_short(None if number is None else converted(number, unit)) for number in numbers.values())
    return f"{result_in_words(name)}: {value}{f' [{low}, {high}]' if low or high else ''} {translate(unit, 'unit')}"


def _display(forms: dict[str, Any], **more: Any) -> None:
    from IPython.display import display

    display(forms, raw=True, **more)


def _show(text: str | None, record_type: str, content: dict[str, Any], png: bytes | None = None, alt: str = "") -> None:
    bundle: dict[str, Any] = {record_type: content} if text is None else {"text/plain": text, record_type: content}
    metadata: dict[str, Any] = {}
    if png is not None:
        bundle["image/png"] = b64encode(png).decode()
        metadata["image/png"] = {"alt": alt}
    _display(bundle, metadata=metadata)


class Prepared:
    """Data sets and sources as a run needs them: read once a process, and again where a file has changed by now."""

    def __init__(self) -> None:
        self._home, self._stamp = str(root()), stamp_of(data_files())

    def frame(self, name: str) -> pd.DataFrame:
        """Return a data set of the edition, a copy of the caller's own; see `nbedition.data.load`.

        Examples
        --------
        >>> Prepared().frame("funding").equals(data.load("funding"))
        True
        """
        return _frame(name, self._home, self._stamp).copy()

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The source records by id."""
        return _sources(self._home, self._stamp)


def prepare(*, study: bool = True) -> None:
    """Read all data sets, sources and, with `study`, what that prepares, and digest all files, now; each is kept."""
    edition = Prepared()
    for name in data.names():
        edition.frame(name)
    edition.sources  # noqa: B018  read now
    at_work = project()
    if study and at_work.prepare:
        at_work.entry(at_work.prepare)()
    Environment().files()


@lru_cache(maxsize=64)
def _frame(name: str, _home: str, _stamp: Stamp) -> pd.DataFrame:
    return data.load(name)


@lru_cache(maxsize=2)
def _sources(_home: str, _stamp: Stamp) -> dict[str, Source]:
    return data.sources()
