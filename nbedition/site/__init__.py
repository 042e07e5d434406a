"""The site: executed notebooks, figures, claims, data, guide and what pages a study adds; it needs no server."""
