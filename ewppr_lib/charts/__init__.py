"""The charts, one module a notebook: tidy data in, a figure with its finding as title out."""
