"""Proposing what should hold in a table, from its numbers and labels."""

from crossfoot.suggest.propose import Suggestion, Suggestions, relations_text, suggest

__all__ = ["Suggestion", "Suggestions", "relations_text", "suggest"]
