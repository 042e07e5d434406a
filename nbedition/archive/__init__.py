"""``nbedition release``: one archive that holds a run, describes it in formats that archives read, and can be checked."""
