"""Can it be true: rounding intervals, relations over a table, and the study's claims."""
