"""Citations of figures and numbers, and results as LaTeX."""

STYLES = ("bibtex", "csl-json", "apa", "latex")
