"""Citations of figures and numbers, and results as LaTeX."""
