"""``ewppr release``: one archive that holds a run, describes it in the formats archives read, and can be checked."""
