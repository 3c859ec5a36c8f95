"""A cache in the process's own memory for what is made of public content alone; gone when content changes.

It is Django's cache `content`: `caches["content"].get_or_set(key, make)` keeps a value, and
`{% cache 60 name vary_on… using="content" %}` a part of a template. What is kept was made of the content as
it was when its request began, and is given only to requests that began under that same content: nothing made
before a change is seen after it. Outside a request, in one that changes something, and while changes go
unheard, nothing is kept. Values are not copied: do not change what you get.
"""

import threading
import time
from collections import OrderedDict
from contextvars import ContextVar
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

Entry = tuple[int, float | None, Any]  # of which content, until when (seconds), what

begun: ContextVar[int | None] = ContextVar("begun", default=None)  # the content's state as a request begins
begun_apart: ContextVar[int | None] = ContextVar("begun_apart", default=None)  # … apart from appointments

_entries: OrderedDict[str, Entry] = OrderedDict()  # Django makes a ContentCache for each thread
_lock = threading.Lock()


class ContentCache(BaseCache):
    """When there are too many entries, what was not asked for the longest goes."""

    begun = begun

    def __init__(self, _location: str, parameters: dict[str, Any]) -> None:
        super().__init__(parameters)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        moment = self.begun.get()
        if moment is None:
            return default
        name = self.make_key(key, version)
        with _lock:
            entry = _entries.get(name)
            if entry is None or entry[0] != moment or (entry[1] is not None and entry[1] < time.time()):
                return default
            _entries.move_to_end(name)
            return entry[2]

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        moment = self.begun.get()
        if moment is None:
            return
        name = self.make_key(key, version)
        with _lock:
            _entries[name] = (moment, self.get_backend_timeout(timeout), value)
            _entries.move_to_end(name)
            while len(_entries) > self._max_entries:
                _entries.popitem(last=False)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        is_new = not self.has_key(key, version)
        if is_new:
            self.set(key, value, timeout, version)
        return is_new

    def delete(self, key: str, version: int | None = None) -> bool:
        with _lock:
            return _entries.pop(self.make_key(key, version), None) is not None

    def clear(self) -> None:
        with _lock:
            _entries.clear()


class OffersCache(ContentCache):
    """What is kept here may depend on all content but the tables in `CONTENT_APART`.

    A request that changes something may be given what others kept of the content it began under.
    """

    begun = begun_apart

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        if begun.get() is not None:
            super().set(key, value, timeout, version)
