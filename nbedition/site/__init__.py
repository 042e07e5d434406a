"""The site: executed notebooks, figures, claims, data, explorer and guide as static pages that need no server."""
