"""``nbedition release``: one archive of a run, which describes itself in standard formats and can be checked."""

FORMS = ("aea", "worldbank")  # of a README: which data editors ask for it so; the first where none is named
