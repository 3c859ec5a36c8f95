from opinovi.models.access import AccessEvent
from opinovi.models.letter import Letter
from opinovi.models.search import IndexMark, UnansweredSearch, VocabularyWord
from opinovi.models.user import User

__all__ = ["AccessEvent", "IndexMark", "Letter", "UnansweredSearch", "User", "VocabularyWord"]
