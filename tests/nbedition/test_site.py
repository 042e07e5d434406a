"""The site: whole, the same twice, light, without outside requests, and in step with the library."""

import csv
import json
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from inspect import isclass, isfunction
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from common import ROOT, Answer, replace, say
from PIL import Image
from site_pages import BuiltSite, assignments, leads_nowhere, looked_up, random_settings

from ewppr_lib import pair_pages
from ewppr_lib.reform import OPTIONS, USES, Span, options, ranking, simulate
from ewppr_lib.reform.assumptions import assumptions, with_values
from nbedition import claims
from nbedition.data import names
from nbedition.notebooks import outputs
from nbedition.site import notebooks as notebook_pages

POINTS = 20
MOST_BYTES = 500_000
ENDS = ("low", "median", "high")


def test_building_twice_elsewhere_gives_the_same_bytes(site: BuiltSite, second_site: BuiltSite):
    first, second = (
        {path.relative_to(one.place): path.read_bytes() for path in one.place.rglob("*") if path.is_file()}
        for one in (site, second_site)
    )
    assert set(first) == set(second)
    assert [str(name) for name in first if first[name] != second[name]] == []


def test_a_page_stays_within_its_size(site: BuiltSite):
    data = {"explorer.html": (site.place / "files/explorer.js").stat().st_size}
    sizes = {site.name(path): path.stat().st_size + data.get(site.name(path), 0) for path in site.pages}
    assert {name: size for name, size in sizes.items() if size >= MOST_BYTES} == {}


def test_no_page_names_where_it_was_built(site: BuiltSite):
    texts = [path for path in site.place.rglob("*") if path.suffix in (".html", ".js", ".css", ".csv", ".yml")]
    said = [site.name(path) for path in texts if re.search(rb"/(work|home|root|tmp|usr)/\w", path.read_bytes())]
    assert said == []


def test_every_link_leads_somewhere(site: BuiltSite):
    wrong = [
        said
        for path in site.pages
        for target in [*site.page(path).links, *site.page(path).loads]
        if (said := leads_nowhere(site, path, target))
    ]
    assert sorted(set(wrong)) == []


def test_no_page_loads_anything_from_outside(site: BuiltSite):
    loads = {target for path in site.pages for target in site.page(path).loads}
    assert [target for target in loads if re.match(r"(https?:)?//", target)] == []
    styles = [path.read_text(encoding="utf-8") for path in site.place.rglob("*.css")]
    assert [found for text in styles for found in re.findall(r"url\(\s*['\"]?(?:https?:)?//[^)]*", text)] == []


def test_pictures_are_files_and_never_inside_a_page(site: BuiltSite):
    assert [site.name(path) for path in site.pages if b"data:image" in path.read_bytes()] == []


def test_there_is_a_page_for_every_notebook_figure_and_data_set(site: BuiltSite, executed: Path):
    there = {site.name(path) for path in site.pages}
    notebooks = {path.stem: nbformat.read(path, 4) for path in executed.glob("*/*.ipynb")}
    assert {f"notebooks/{name}.html" for name in notebooks} <= there
    figures = {
        f"figures/{name[:2]}-{one['figure']}.html" for name, nb in notebooks.items() for one in outputs.figures(nb)
    }
    assert len(figures) > 15
    assert figures <= there
    assert {f"data/{name}.html" for name in names()} <= there


def test_the_home_page_says_what_the_notebooks_found(site: BuiltSite, executed: Path):
    home = (site.place / "index.html").read_text(encoding="utf-8")
    funding = nbformat.read(executed / "02_funding_analysis/02_funding_analysis.ipynb", 4)
    twice = next(one for one in outputs.results(funding) if one["name"] == "printed_total_counted_twice")
    assert f"{twice['value']:.0f} % of it is money" in home
    title = next(one["title"] for one in outputs.figures(funding) if one["figure"] == "enterprise_share")
    assert title in home
    assert home.count('class="ew-finding"') == 3
    told = re.findall(r'<h3 id="finding-\d">[^<]+</h3>\s*<p>([^<]*)</p>', home)
    assert [len(words) > 80 for words in told] == [True] * 3


def test_the_claims_page_holds_every_claim_with_its_verdict(site: BuiltSite):
    page = (site.place / "claims.html").read_text(encoding="utf-8")
    marks = {long: short for short, long in claims.SHORT.items()}
    shown = dict(re.findall(r'<tr id="(C\d+)" data-verdict="(\w+)"', page))
    assert shown == {found.claim.id: marks[found.verdict] for found in claims.audit()}


def public_names() -> set[str]:
    """Every name that a module's ``__all__`` says, and the methods of the classes among them."""
    found = set()
    for path in (
        path for package in ("crossfoot", "nbedition", "ewppr_lib") for path in (ROOT / package).rglob("*.py")
    ):
        if "__all__" not in path.read_text(encoding="utf-8"):
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        module = import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        beside = {other.stem for other in path.parent.iterdir()} if parts[-1] == "__init__" else set()
        for name in set(getattr(module, "__all__", ())) - beside:  # a module of a package has a place of its own
            found.add(f"{module.__name__}.{name}")
            if isclass(one := getattr(module, name)):
                methods = [part for part, value in vars(one).items() if isfunction(value) and part[0] != "_"]
                found |= {f"{module.__name__}.{name}.{part}" for part in methods}
    return found


def test_every_picture_says_its_size_so_that_no_page_jumps(site: BuiltSite):
    sized = re.compile(r'<img src="([^"]+)" width="(\d+)" height="(\d+)"')
    count = 0
    for path in site.pages:
        text = path.read_text(encoding="utf-8")
        found = sized.findall(text)
        assert len(found) == len(re.findall(r'<img src="[^"]*files/', text)), path
        for name, width, height in found:
            file = (path.parent / name).resolve()
            if file.suffix == ".png":
                with Image.open(file) as image:
                    assert image.size == (int(width), int(height))
        count += len(found)
    assert count > 60


def test_the_claims_are_offered_as_a_table(site: BuiltSite, ewppr: Callable[..., Answer]):
    assert (site.place / "files/claims.csv").read_text(encoding="utf-8") == ewppr("audit", "--format", "csv").out


def test_there_is_a_page_for_every_pair_with_what_is_held_and_what_is_missing(site: BuiltSite):
    listed = (site.place / "pairs/index.html").read_text(encoding="utf-8")
    reports = pair_pages.reports()
    assert len(reports) > 15 and {one.donor for one in reports} >= {"Jiangsu", "Tianjin", "Xiamen"}
    for one in reports:
        name = f"{one.donor}-{one.recipient}".lower().replace(" ", "_")
        assert f'href="{name}.html"' in listed
        words = site.page(site.place / f"pairs/{name}.html").words
        assert f"without an amount of their own: {one.missing}" in words
        for row in one.rows:
            assert " ".join(row[:4]) in words


def test_every_public_name_is_in_the_reference(site: BuiltSite):
    listed = {found for path in (site.place / "reference").glob("*.html") for found in site.page(path).ids}
    assert len(public_names()) > 60
    assert sorted(public_names() - listed) == []


def test_every_command_is_in_the_reference(site: BuiltSite, ewppr: Callable[..., Answer]):
    page = (site.place / "reference/command-line.html").read_text(encoding="utf-8")
    commands = re.findall(r"^  ([a-z]+) ", ewppr("--help").out.partition("Run:")[2], re.MULTILINE)
    assert len(commands) >= 9
    assert [name for name in commands if f"ewppr {name}" not in page] == []


@pytest.fixture(scope="session")
def points(site: BuiltSite) -> list[list[int]]:
    return random_settings(site.batch, POINTS)


def test_the_explorers_numbers_are_those_of_ewppr_simulate(
    site: BuiltSite, points: list[list[int]], ewppr: Callable[..., Answer], tmp_path: Path
):
    batch = site.batch
    for number, setting in enumerate(points):
        out = tmp_path / f"{number}.csv"
        arguments = [*assignments(batch, setting), "--draws", batch["draws"], "--seed", batch["seed"], "--out", out]
        answer = ewppr("simulate", *map(str, arguments))
        assert answer.code == 0, answer.err
        found = pd.read_csv(out)
        totals = found[found["year"] == "all"].set_index(["option", "measure"])
        for option in OPTIONS:
            for measure, packed in batch["numbers"][option].items():
                expected = [float(totals.loc[(option, measure), end]) for end in ENDS]
                assert looked_up(packed, setting) == expected, (setting, option, measure)


def test_the_explorers_ranks_are_those_of_the_model(site: BuiltSite, points: list[list[int]]):
    batch = site.batch
    for setting in points:
        values = {
            slider["name"]: slider["values"][place]
            for slider, place in zip(batch["sliders"], setting, strict=True)
            if slider["values"][place] is not None
        }
        span = Span(batch["draws"], batch["seed"])
        ranked = ranking.rank(simulate(options([]), with_values(assumptions(), values), span, ranking.KEPT), USES)
        expected = [float(f"{100 * ranked.first['first'][name]:.10g}") for name in USES]
        assert looked_up(batch["first"], setting) == expected, setting


def test_a_build_that_is_missing_or_altered_is_refused_in_one_sentence(
    executed: Path, ewppr: Callable[..., Answer], tmp_path: Path
):
    answer = ewppr("site", "--from", tmp_path, "--out", tmp_path / "site")
    assert answer.code == 2
    assert answer.err.startswith(f"ewppr: {tmp_path} holds no finished run of notebook 01_history; run: ewppr run")
    assert not (tmp_path / "site").exists()


def test_a_folder_that_is_no_site_is_not_replaced(executed: Path, ewppr: Callable[..., Answer], tmp_path: Path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    answer = ewppr("site", "--from", executed, "--out", tmp_path)
    assert answer.code == 2
    assert "is not a site that ewppr built" in answer.err
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"


def marked(place: str) -> str:
    """A text of a study that does harm where a page takes it for HTML, for Markdown or for the end of a block."""
    return (
        f"<img src=x onerror='harm()'> <b class='harm'>{place}</b> *{place}* [{place}](javascript:harm())\n"
        f"``````````\n<script>harm()</script> & more"
    )


def shown(place: str) -> str:
    """The same as a reader sees it."""
    return " ".join(marked(place).split())


def spoil(study: Path) -> None:
    """Put such texts wherever a study says something that pages show."""
    for name, change in {
        "data/sources.yml": lambda said: said[0].update(
            {part: marked(part) for part in ("short", "producer", "title", "edition", "place", "licence")}
        ),
        "CITATION.cff": lambda said: said.update(
            title=marked("study"), abstract=marked("abstract"), authors=[{"name": marked("author")}]
        ),
    }.items():
        said = yaml.safe_load((study / name).read_text(encoding="utf-8"))
        change(said)
        (study / name).write_text(yaml.safe_dump(said), encoding="utf-8")
    rows = list(csv.reader((study / "data/claims.csv").read_text(encoding="utf-8").splitlines()))
    rows[1][2:4] = [marked("place"), marked("paraphrase")]
    with (study / "data/claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    declared = next((study / "data").glob("data*.yml"))
    replace(declared, "Pupils and teachers of Linden County by year (Table 1)", json.dumps(marked("table")))
    charts = study / "study/charts.py"
    replace(charts, 'f"Pupils a teacher {change} from {first:.1f} to {last:.1f}"', repr(shown("figure")))
    notebook = nbformat.read(study / "notebooks/01_schools.ipynb", 4)
    for cell in notebook.cells:
        for kind in ("caption", "alt"):
            cell.source = re.sub(rf'{kind}="[^"]+"', f'{kind}="{shown(kind)}"', cell.source)
        cell.source = cell.source.replace('"teachers")', f'"{shown("unit")}")')
    nbformat.write(notebook, study / "notebooks/01_schools.ipynb")


@pytest.fixture(scope="module")
def own_study(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study made by the wheel alone, its texts spoilt: run, its site built, and archived."""
    study = tmp_path_factory.mktemp("own") / "study"
    command = installed.with_name(f"nbedition{installed.suffix}")
    say(command, "init", str(study), cwd=study.parent)
    spoil(study)
    for words in (["run"], ["site"], ["release", "--out", "archive.zip"]):
        say(command, *words, cwd=study)
    return study


@pytest.fixture(scope="module")
def own_site(own_study: Path) -> BuiltSite:
    return BuiltSite((own_study / "build/site").resolve(), "")


def test_what_a_study_says_is_text_on_every_page_and_never_markup(own_site: BuiltSite):
    assert len(own_site.pages) >= 12
    harm = {own_site.name(path): own_site.page(path).harm for path in own_site.pages if own_site.page(path).harm}
    assert harm == {}
    assert [target for path in own_site.pages for target in own_site.page(path).links if "harm()" in target] == []


@pytest.mark.parametrize(
    ("place", "page"),
    [
        ("study", "index.html"),
        ("abstract", "index.html"),
        ("author", "index.html"),
        ("study", "search.html"),
        ("caption", "index.html"),
        ("figure", "index.html"),
        ("figure", "figures/index.html"),
        ("figure", "figures/01-pupils_per_teacher.html"),
        ("caption", "figures/01-pupils_per_teacher.html"),
        ("alt", "figures/01-pupils_per_teacher.html"),
        ("short", "figures/01-pupils_per_teacher.html"),
        ("caption", "notebooks/01_schools.html"),
        ("unit", "notebooks/01_schools.html"),
        ("place", "claims.html"),
        ("paraphrase", "claims.html"),
        ("table", "data/index.html"),
        ("table", "data/schools.html"),
        ("short", "data/schools.html"),
        *((part, "data/sources.html") for part in ("short", "producer", "title", "edition", "place", "licence")),
    ],
)
def test_what_a_study_says_is_read_as_it_was_written(own_site: BuiltSite, place: str, page: str):
    assert shown(place) in own_site.page(own_site.place / page).words


def test_a_study_of_ones_own_names_no_other_study_in_its_site_and_archive(own_study: Path, own_site: BuiltSite):
    other = re.compile(rb"East-West|EWPPR")
    files = {path.name: path.read_bytes() for path in own_site.place.rglob("*") if path.is_file()}
    with zipfile.ZipFile(own_study / "archive.zip") as archive:
        files |= {name: archive.read(name) for name in archive.namelist()}
    assert {"index.html", "site.js", "site.css", "README.md", "environment.json", "study/charts.py"} <= files.keys()
    assert [name for name, content in files.items() if other.search(content)] == []


def test_every_link_of_a_study_of_ones_own_leads_somewhere(own_site: BuiltSite):
    targets = [
        (path, target) for path in own_site.pages for target in [*own_site.page(path).links, *own_site.page(path).loads]
    ]
    wrong = [leads_nowhere(own_site, path, target) for path, target in targets]
    assert sorted(filter(None, wrong)) == []


def test_the_site_knows_no_study():
    said = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "nbedition/site").rglob("*")
        if path.suffix in (".py", ".jinja", ".html", ".js", ".css", ".yml", ".svg")
        and re.search("East-West|EWPPR|ewpprExplorer|explorer", path.read_text(encoding="utf-8"))
    ]
    assert said == []


def test_a_page_gives_the_first_output_before_the_code_that_only_prepares_it_and_folds_what_is_kept():
    record = {"name": "x", "value": 1.0, "low": None, "high": None, "unit": "%", "claim": None}
    kept = nbformat.v4.new_output("display_data", data={notebook_pages.RESULT_TYPE: record})
    seen = nbformat.v4.new_output("display_data", data={notebook_pages.RESULT_TYPE: record, "text/plain": "x = 1"})
    title, answer, after = (nbformat.v4.new_markdown_cell(text) for text in ("# Title", "## In short", "## More"))
    prepares, shows = nbformat.v4.new_code_cell("y = 1"), nbformat.v4.new_code_cell("y", outputs=[kept, seen])
    cells = [title, prepares, answer, shows, after]
    assert notebook_pages._answer_first(cells) == [title, answer, shows, prepares, after]
    assert notebook_pages._answer_first([title]) == [title]
    (folded,) = notebook_pages._kept(nbformat.v4.new_notebook(cells=cells))
    assert folded.outputs[0].data["text/html"].count("<code>x</code>") == 1
    assert "<details" in folded.outputs[0].data["text/html"]
    (shown,) = notebook_pages._outputs([kept, seen], {})
    assert shown.data["text/html"].count("<code>x</code>") == 1
    assert "<details" not in shown.data["text/html"]
    assert notebook_pages._kept(nbformat.v4.new_notebook(cells=[title])) == []
