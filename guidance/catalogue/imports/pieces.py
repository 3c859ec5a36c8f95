"""Pieces of a source that are joined with others: kept as they came, so that order and day do not matter."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from guidance.catalogue.models import SourcePart, SourcePartQuerySet
from opinovi.bulk import copy_in

AT_ONCE = 500
Content = dict[str, Any]
Key = tuple[str, str]  # kind and identifier


class Pieces:
    """The pieces of one source. What was put in can be asked for after `flush()`."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.seen: dict[str, set[str]] = defaultdict(set)  # identifiers by kind, in this input
        self.changed: dict[str, set[str]] = defaultdict(set)  # those that are new or say something else
        self.twice: list[Key] = []  # whole records that came again with other content
        self._whole: set[Key] = set()
        self._waiting: dict[Key, SourcePart] = {}

    def put(
        self, kind: str, source_id: str, content: Content, *, links: Iterable[str], is_whole: bool
    ) -> None:
        """Keep a piece. A whole record is not replaced by a mention of it, nor by a second one."""
        key = (kind, source_id[:200])
        if key in self._whole:
            waiting = self._waiting.get(key)
            if is_whole and waiting and waiting.content != content:
                self.twice.append(key)
            self.seen[kind].add(key[1])
            return
        if is_whole:
            self._whole.add(key)
        elif key in self._waiting:
            return
        names = sorted({link[:200] for link in links if link})
        self._waiting[key] = SourcePart(
            source=self.source, kind=kind, source_id=key[1], links=names, content=content, is_whole=is_whole
        )
        self.seen[kind].add(key[1])
        if len(self._waiting) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write the pieces that wait."""
        ids = {source_id for _kind, source_id in self._waiting}
        rows = SourcePart.objects.filter(source=self.source, source_id__in=ids)
        known = {(row.kind, row.source_id): row for row in rows}
        new, changed = [], []
        for key, piece in self._waiting.items():
            old = known.get(key)
            if old is None:
                new.append(piece)
            elif (old.is_whole and not piece.is_whole) or _same(old, piece):
                continue
            else:
                changed.append(piece)
            self.changed[key[0]].add(key[1])
        copy_in(new)
        SourcePart.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["source", "kind", "source_id"],
            update_fields=["links", "content", "is_whole"],
        )
        self._waiting = {}

    def forget(self, kind: str, ids: Iterable[str]) -> None:
        """Drop pieces that the source no longer has, so that nothing is joined with them again."""
        SourcePart.objects.filter(source=self.source, kind=kind, source_id__in=list(ids)).delete()

    def of(self, kind: str, ids: Iterable[str]) -> dict[str, Content]:
        """Pieces by their identifiers."""
        rows = SourcePart.objects.filter(source=self.source, kind=kind, source_id__in=list(ids))
        return dict(rows.values_list("source_id", "content"))

    def joined_names(self, kind: str, ids: Iterable[str]) -> list[tuple[str, list[str]]]:
        """Identifiers of the pieces that are joined with any of these, and what each is joined with."""
        return list(self._joined_with(kind, ids).values_list("source_id", "links"))

    def joined(self, kind: str, ids: Iterable[str]) -> list[SourcePart]:
        """Pieces that are joined with any of the identifiers, in the order of their own."""
        return list(self._joined_with(kind, ids).order_by("source_id"))

    def _joined_with(self, kind: str, ids: Iterable[str]) -> SourcePartQuerySet:
        return SourcePart.objects.filter(source=self.source, kind=kind).joined_with(ids)


def _same(old: SourcePart, piece: SourcePart) -> bool:
    return (old.content, old.links, old.is_whole) == (piece.content, piece.links, piece.is_whole)
