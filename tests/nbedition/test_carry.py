"""Any matplotlib figure can carry a record: what it plots, of which notebook, sealed with each file's own picture."""

from io import BytesIO
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from crossfoot.errors import RequestError
from nbedition.figures.carry import carry
from nbedition.figures.read_file import read_file
from nbedition.figures.record import opened, unpack
from nbedition.verify.figure import verify
from nbedition.verify.rerun import Rerun

FRAME = pd.DataFrame({"year": [2003, 2004], "rate": [1.5, 3.0]})
TEXTS = {"caption": "Rates by year.", "alt": "Rates double within a year."}


def drawn() -> Figure:
    figure = Figure(figsize=(3, 2))
    axes = figure.subplots()
    axes.plot(FRAME["year"], FRAME["rate"])
    axes.set_title("Rates double")
    return figure


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_file_of_any_figure_carries_its_record_and_matches_it(ending: str, tmp_path: Path):
    figure, table = drawn(), tmp_path / "rates.csv"
    table.write_text("year,rate\n")
    carry(figure, FRAME, name="rates", notebook=table, parameters={"a": 1}, of=[table, "NBS (2009)"], **TEXTS)
    path = tmp_path / f"rates.{ending}"
    figure.savefig(path, dpi=80)
    found = read_file(path)
    sealed = opened(found.record or "")
    assert found.digest == sealed.picture.sha256 and sealed.record.title == "Rates double"
    assert unpack(sealed.record.data.packed or "") == "year,rate\n2003,1.5\n2004,3\n"
    assert [one.file for one in sealed.record.datasets] == ["rates.csv"] and sealed.record.sources[
        0
    ].short == "NBS (2009)"
    assert sealed.record.licence == ""  # none is made up
    with Rerun() as rerun, pytest.raises(RequestError, match="its record is whole, its picture and data match it"):
        verify(path, rerun)


def test_an_altered_picture_of_another_study_is_told(tmp_path: Path):
    figure, path = drawn(), tmp_path / "rates.png"
    carry(figure, FRAME, name="rates", **TEXTS)
    figure.savefig(path)
    image = Image.open(path)
    image.load()
    ImageDraw.Draw(image).rectangle((50, 50, 60, 60), fill="red")
    record = image.text  # type: ignore[attr-defined]
    info = PngInfo()
    info.add_itxt("ewppr-figure", record["ewppr-figure"])
    image.save(path, pnginfo=info)
    with Rerun() as rerun:
        assert verify(path, rerun).sentence.startswith("picture altered")


def test_pyplot_and_open_files_are_served_and_other_forms_refused(tmp_path: Path):
    figure, target = plt.figure(figsize=(2, 2)), BytesIO()
    carry(figure, FRAME, name="rates", **TEXTS)
    plt.savefig(target, format="png")
    plt.close(figure)
    assert b"ewppr-figure" in target.getvalue()
    for given, said in (({"format": "jpeg"}, "a jpeg file carries no record"), ({"transparent": True}, "transparent")):
        with pytest.raises(RequestError, match=said):
            figure.savefig(target, **given)
    with pytest.raises(RequestError, match="cannot be read"):
        carry(figure, FRAME, name="rates", of=[tmp_path / "none.csv"], **TEXTS)
