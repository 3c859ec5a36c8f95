from opinovi.models.access import AccessEvent
from opinovi.models.letter import Letter
from opinovi.models.user import User

__all__ = ["AccessEvent", "Letter", "User"]
