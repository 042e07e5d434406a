"""Proposing what should hold in a table, from its numbers and labels."""

from crossfoot.suggest.propose import Suggestion, Suggestions, relations_text, suggest_relations

__all__ = ["Suggestion", "Suggestions", "relations_text", "suggest_relations"]
