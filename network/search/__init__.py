"""Finding things by words: the one engine behind the search page and every list.

`understand` reads a text as a `Wish`; a `Search` puts it to one `Kind` of rows; `better` mends misspelt
words. The analysers stand behind `opinovi.words`, and rows carry what they are found by in their `terms`.
"""

from network.search.kinds import Kind, all_kinds, kind_of, register
from network.search.rows import Fit, Search
from network.search.wishes import MAX_LENGTH, Wish, understand

__all__ = [
    "MAX_LENGTH",
    "Fit",
    "Kind",
    "Search",
    "Wish",
    "all_kinds",
    "kind_of",
    "register",
    "understand",
]
