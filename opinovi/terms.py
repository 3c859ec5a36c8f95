"""The column a row is found by, written with the row."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import override

from opinovi.words import LANGUAGES
from opinovi.words.vectors import Part, vector_of


class TermsField(SearchVectorField):
    """Words of the row's texts as a tsvector, made in Python whenever Django writes the row.

    `names` are its names, `keywords` fields with words kept for searching, `texts` the other public texts;
    each is a translated field, or a plain one that is taken as Finnish. `facts` names a method of the model
    that gives further words in the language that is active, such as the labels of choices.

    Never read: it is large, and of use to the database alone, so a loaded row has None here.
    `QuerySet.update()` and fixtures leave it as it was; `manage.py rebuild_search` writes it anew.
    """

    def __init__(
        self,
        *args: Any,
        names: tuple[str, ...] = (),
        keywords: tuple[str, ...] = (),
        texts: tuple[str, ...] = (),
        facts: str = "",
        **kwargs: Any,
    ) -> None:
        self.names, self.keywords, self.texts, self.facts = names, keywords, texts, facts
        super().__init__(*args, **{"null": True, "editable": False, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        return vector_of(self.parts_of(model_instance))

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return "NULL", []

    def parts_of(self, row: models.Model) -> Iterator[Part]:
        """The row's texts in all languages, the names first."""
        for name in self.names:
            yield from (Part(language, text, "A", "B") for language, text in _texts(row, name))
        for name in self.keywords:
            yield from (Part(language, text, "C", "C") for language, text in _texts(row, name))
        for name in self.texts:
            yield from (Part(language, text) for language, text in _texts(row, name))
        if self.facts:
            for language in LANGUAGES:
                with override(language):
                    yield Part(language, " ".join(map(str, getattr(row, self.facts)())))


@TermsField.register_lookup
class Match(models.Lookup):
    """`terms__match="'a' & 'b'"`: the row's terms fit a query in PostgreSQL's own writing.

    The query is a value that PostgreSQL learns only as it runs. Of a common word it would else guess that
    reading every row is cheaper than asking the index, not knowing that the terms lie outside the row and
    cost most of all to fetch.
    """

    lookup_name = "match"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        terms, terms_params = self.process_lhs(compiler, connection)
        query, query_params = self.process_rhs(compiler, connection)
        return f"{terms} @@ (SELECT {query}::tsquery)", (*terms_params, *query_params)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (value,)


def terms_of(model: type[models.Model]) -> TermsField | None:
    """The model's terms field; None when it is not searched."""
    return next((field for field in model._meta.concrete_fields if isinstance(field, TermsField)), None)


def _texts(row: models.Model, name: str) -> Iterator[tuple[str, str]]:
    if hasattr(row, f"{name}_fi"):
        for language in LANGUAGES:
            if text := getattr(row, f"{name}_{language}"):
                yield language, text
    elif text := getattr(row, name):
        yield "fi", str(text)
