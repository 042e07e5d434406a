"""Proposing what should hold in a table, from its numbers and labels."""

from ewppr_lib.checks.suggestion.suggest import Suggestion, Suggestions, relations_text, suggest

__all__ = ["Suggestion", "Suggestions", "relations_text", "suggest"]
