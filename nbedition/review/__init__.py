"""``nbedition review``: does a manuscript still say what its package's outputs say? Nothing is run unless asked for."""
