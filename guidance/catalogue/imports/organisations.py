"""Which organisation, or other row that no import has brought, a source means."""

from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.targets import Target
from guidance.catalogue.models import ImportedKind, ImportedRecord
from network.models import Organisation

BY_NAME = "name:"  # begins the identifier of an organisation that its source knows by name only


def same_organisations(records: list[Record], *, source: str) -> dict[str, int]:
    """Organisations that are here already, by the source's identifiers: by business ID, else by exact name.

    One that the source itself knows under another identifier is another organisation of the same name.
    """
    if not records:
        return {}
    taken = set(
        ImportedRecord.objects.filter(source=source, kind=ImportedKind.ORGANISATION)
        .exclude(source_id__startswith=BY_NAME)
        .values_list("organisation", flat=True)
    )
    by_id: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    columns = ("pk", "business_id", "name_fi", "name_sv", "name_en")
    for pk, business_id, *names in Organisation.objects.order_by("pk").values_list(*columns).iterator():
        if business_id:
            by_id[business_id] = pk
        for name in {_folded(name) for name in names if name}:
            by_name.setdefault(name, []).append(pk)
    found = {}
    for record in records:
        same = by_id.get(record.values.get("business_id") or "")
        pks = [pk for name in _names(record) for pk in by_name.get(name, ())]
        if not record.source_id.startswith(BY_NAME):
            pks = [pk for pk in pks if pk not in taken]
        if same or pks:
            found[record.source_id] = same or pks[0]
    return found


def same_addresses(records: list[Record], target: Target, *, source: str) -> dict[str, int]:
    """Rows that stand here under the source's own address words, by the source's identifiers.

    One that the source itself knows under another identifier is another.
    """
    words = {record.slug: record.source_id for record in records if record.slug}
    taken = ImportedRecord.objects.filter(source=source, kind=target.kind)
    rows = target.model.objects.filter(slug__in=words).exclude(pk__in=taken.values(f"{target.kind}_id"))
    return {words[slug]: pk for slug, pk in rows.values_list("slug", "pk")}


def _names(record: Record) -> list[str]:
    names = (record.values.get(f"name_{code}") for code in ("fi", "sv", "en"))
    return [_folded(name) for name in names if name]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
