"""``nbedition release``: one archive of a run, which describes itself in standard formats and can be checked."""
