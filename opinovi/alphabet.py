"""The order of names in Finnish and Swedish."""

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

# Å Ä Ö stand after Z, in this order, and W sorts as V (SFS 4600). "{|}" are the characters after "z".
_SHOWN = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖåäöWwÉéÈèÜüÁáÀàŠšŽž"
_SORTED = "abcdefghijklmnopqrstuvwxyz{|}{|}vveeeeyyaaaasszz"


class SortKey(Func):
    """A name as the key by which a Finn looks for it, whatever the collation of the database."""

    function = "translate"
    template = '(%(function)s(%(expressions)s) COLLATE "C")'
    output_field = CharField()

    def __init__(self, expression: object) -> None:
        super().__init__(expression, Value(_SHOWN), Value(_SORTED))


def name_key(field: str = "name") -> SortKey:
    """The sort key of a translated field in the reader's language, or in Finnish where that is missing.

    `field` may lead through relations: `name_key("organisation__name")`.
    """
    language = (get_language() or "fi")[:2]
    if language == "fi":
        return SortKey(F(f"{field}_fi"))
    return SortKey(Coalesce(NullIf(F(f"{field}_{language}"), Value("")), F(f"{field}_fi")))
