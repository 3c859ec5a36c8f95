"""Texts of a row in the portal's languages: modeltranslation gives each language a column of its own."""

from django.db.models import Model


def text_in(language: str, row: Model, field: str) -> str:
    """A row's text in one language (`fi`, `sv` or `en`) and no other; empty where it has none."""
    return getattr(row, f"{field}_{language}") or ""
