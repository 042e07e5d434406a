"""What the figures mean: one pure module a notebook, frames and numbers in, frames and numbers out."""
