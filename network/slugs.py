"""Words for addresses, made from names."""

from django.db.models import Model


def free_slug(model: type[Model], wish: str, *, longest: int = 110) -> str:
    """The wished word, or with the first free number after it when another row has it.

    The unique constraint still decides between two who ask at once.
    """
    base = wish[:longest].strip("-") or "x"
    rows = model._default_manager.filter(slug__startswith=base)
    taken = {"add", *rows.values_list("slug", flat=True)}  # "add" is the address of a page
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
