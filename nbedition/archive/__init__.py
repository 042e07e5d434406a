"""``nbedition release``: one archive that holds a run, describes itself in formats archives read, and can be checked."""
