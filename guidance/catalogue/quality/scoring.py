"""Measure records and keep their scores true.

A score is measured again when its record is saved in the office or by a contact's link, by a job every ten
minutes when something else changed the record, and every night in any case: it fades with the days.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from guidance.catalogue.models import LinkCheck, QualityScore
from guidance.catalogue.quality.criterion import Known, links_of
from guidance.catalogue.quality.subjects import SUBJECTS, Subject

BATCH = 500  # records; each batch is a transaction of its own, so that a killed job has done no harm
SLACK = timedelta(minutes=15)  # how long a transaction that saves records may take before it commits
MEASURED = (
    "keeper", "score", "lines", "checked_on", "broken_links", "is_published", "computed_at",
)  # fmt: skip


def measure(subject: Subject, record: Any, known: Known, at: datetime) -> QualityScore:
    """The score of a record that was read by its subject, not saved; `at` is when it was read (UTC)."""
    lines, reached, whole = [], 0.0, 0
    for criterion in subject.criteria:
        if found := criterion.measure(record, known):
            lines.append({"code": criterion.code, "share": round(found.share, 2), "fields": [*found.fields]})
            reached += criterion.weight * found.share
            whole += criterion.weight
    keeper = subject.keeper(record)
    urls = links_of(record, subject.links).values()
    score = QualityScore(
        kind=subject.kind,
        keeper=keeper,
        score=round(100 * reached / whole),
        lines=lines,
        checked_on=_checked_on(record),
        broken_links=sum(1 for url in urls if (check := known.links.get(url)) and check.is_broken),
        is_published=bool(record.published_at) and (keeper is None or bool(keeper.published_at)),
        computed_at=at,
        **{subject.key: record.pk},
    )
    setattr(score, subject.kind, record)
    return score


def _checked_on(record: Any) -> date:
    """When somebody last checked the record; saved it, where checks are not written down."""
    return record.checked_on if hasattr(record, "checked_on") else timezone.localdate(record.changed_at)


def refresh(*records: Any) -> int:
    """Measure records of one kind, and write the scores that are new. Returns how many those are."""
    if not records:
        return 0
    subject = next(subject for subject in SUBJECTS.values() if isinstance(records[0], subject.model))
    return _refresh(subject, [record.pk for record in records])


def measured(kind: QualityScore.Kind, pk: int) -> QualityScore:
    """The score of a record as it is now, not saved."""
    subject, at = SUBJECTS[kind], timezone.now()
    record = subject.read(subject.model._default_manager.filter(pk=pk)).get()
    return measure(subject, record, Known(links=_links(subject, [record])), at)


def score_of(kind: QualityScore.Kind, record: Any) -> QualityScore | None:
    """The record's score as it was last measured; None for what is new, and for what is not measured."""
    score = QualityScore.objects.filter(**{SUBJECTS[kind].key: record.pk}).first()
    if score:
        setattr(score, kind, record)
    return score


def refresh_all() -> int:
    """Measure every record, a batch at a time. Returns how many scores were new."""
    return sum(_refresh_rows(subject, subject.rows()) for subject in SUBJECTS.values())


def refresh_changed() -> int:
    """Measure what was saved, or made, since its score was. Returns how many scores were new."""
    return sum(
        _refresh_rows(subject, subject.rows() if subject.parts_change else _changed(subject))
        for subject in SUBJECTS.values()
    )


def _changed(subject: Subject) -> QuerySet[Any]:
    """What has no score that was measured after its last change."""
    own = QualityScore.objects.filter(**{subject.key: OuterRef("pk")})
    return subject.rows().filter(~Exists(own.filter(computed_at__gte=OuterRef("changed_at") + SLACK)))


def _refresh_rows(subject: Subject, rows: QuerySet[Any]) -> int:
    """Measure rows a batch at a time, and forget the scores of what is no longer measured."""
    gone = QualityScore.objects.filter(kind=subject.kind).exclude(
        **{f"{subject.key}__in": subject.rows().order_by().values("pk")}
    )
    if pks := list(gone.values_list("pk", flat=True)):
        QualityScore.objects.filter(pk__in=pks).delete()
    return sum(_refresh(subject, pks) for pks in _batches(rows))


def _batches(rows: QuerySet[Any]) -> Iterator[list[int]]:
    last = 0
    while pks := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield pks
        last = pks[-1]


def _refresh(subject: Subject, pks: Sequence[int]) -> int:
    at = timezone.now()
    records = list(subject.read(subject.rows().filter(pk__in=pks)))
    known = Known(links=_links(subject, records))
    there = QualityScore.objects.filter(**{f"{subject.key}__in": pks})
    before = {getattr(score, subject.key): score for score in there}
    if over := before.keys() - {record.pk for record in records}:
        there.filter(**{f"{subject.key}__in": over}).delete()
    scores = [measure(subject, record, known, at) for record in records]
    new = [
        score
        for score in scores
        if _differs(before.get(getattr(score, subject.key)), score, score.subject.changed_at)
    ]
    QualityScore.objects.bulk_create(
        new, update_conflicts=True, unique_fields=[subject.key], update_fields=MEASURED
    )
    return len(new)


def _links(subject: Subject, records: list[Any]) -> dict[str, LinkCheck]:
    urls = {url for record in records for url in links_of(record, subject.links).values()}
    return {check.url: check for check in LinkCheck.objects.filter(url__in=urls)} if urls else {}


def _differs(old: QualityScore | None, new: QualityScore, changed_at: datetime) -> bool:
    """Whether there is something to write: each write lets go of the public pages kept in memory."""
    if old is None or changed_at > old.computed_at - SLACK:
        return True
    names = [name for name in MEASURED if name not in {"keeper", "computed_at"}]
    return old.keeper_id != new.keeper_id or any(getattr(old, name) != getattr(new, name) for name in names)
