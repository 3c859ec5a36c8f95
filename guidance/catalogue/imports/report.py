"""The report of a run: a line for each record that is not simply unchanged, told in the reader's words."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField

from guidance.catalogue.imports.records import Fact
from guidance.catalogue.imports.targets import TARGETS
from guidance.catalogue.models import ImportedKind, ImportLine, ImportRun
from opinovi.bulk import copy_in
from opinovi.forms import IN_LANGUAGE

Outcome = ImportLine.Outcome
LINES_AT_ONCE = 2000
IN_MEMORY = 4 * 1024 * 1024  # bytes of lines before they go to a file

SENTENCES: dict[str, str | Promise] = {
    # About a whole document: nothing of the run is kept
    "no_file": _("The file %(name)s cannot be opened."),
    "bad_address": _("%(name)s is not an address that begins with http:// or https://."),
    "no_answer": _("%(name)s does not answer: %(error)s"),
    "too_large": _("%(name)s is too large: at most %(size)s MB."),
    "empty": _("The file %(name)s is empty."),
    "not_records": _("The file %(name)s holds no records: it must be a JSON object or a list of them."),
    "cut_off": _("The file %(name)s ends in the middle, after %(count)s whole records. Fetch it again."),
    "broken": _("The file %(name)s is not JSON, or it is broken after %(count)s records."),
    "sheet": _("The file %(name)s cannot be read: %(error)s"),
    "busy": _("Another import from this source is running. Try again when it has ended."),
    "broken_off": _(
        "Reading met an error in this portal. Nothing was saved. Choose the files again; "
        "if it happens again, tell those who keep the portal."
    ),
    "nothing_read": _("No record in the files was understood."),
    # About one record
    "changed": _("Changed: %(fields)s."),
    "kept": _("Edited here, so kept as it is: %(fields)s."),
    "returned": _("The source has it again, so it is public again."),
    "withdrawn": _("The source no longer has it, so it is not public any more."),
    "unpublished_at_source": _("The source has unpublished it."),
    "never_published": _("The source does not publish it."),
    "kept_public": _("The source no longer has it, but somebody here has published it: it stays."),
    "matched": _("Joined with the organisation that is already here."),
    "same_address": _("Joined with the one that is already here under the same address word."),
    "not_yours": _("It belongs to an organisation that you do not coordinate."),
    "twice": _("It is in the input more than once; the first one counts."),
    "no_name": _("It has no name."),
    "no_id": _("It has no identifier."),
    "no_owner": _("It names no organisation that is known here or in the files."),
    "unknown_organisation": _(
        "No organisation here has this name or business ID. Write it as it is here, or add it first."
    ),
    "no_municipality": _("The place has no municipality that is known here."),
    "not_here": _("%(field)s: it needs one that is known here."),
    "no_koulutus": _("Its koulutus %(oid)s has not been imported: extent, titles and field are not known."),
    "no_channel": _("Its channel “%(name)s” has not been imported, so what it tells is not known."),
    "no_school": _(
        "The source names no school for it: it is shown under the organisation that keeps the record."
    ),
    "has_toteutus": _("Its toteutukset are here now, so it is no longer shown by itself."),
    "not_in_koulutus": _("Its koulutus no longer lists it."),
    "not_an_object": _("It is not a record."),
    "no_own_record": _(
        "The short record of another portal like this does not tell what it is. Fetch it with full=true."
    ),
    "unknown_kind": _("It is none of the kinds of records that this source has."),
    "bad_value": _("%(field)s: “%(value)s” is not possible, so it was left out."),
    "bad_choice": _("%(field)s: “%(value)s” is not possible, so it was left out. Known here: %(known)s."),
    "too_long": _("%(field)s: longer than %(most)s characters, so it was cut."),
    "ends_before": _(
        "%(field)s: the end %(last)s is before the beginning %(first)s, so the end was left out."
    ),
    "past_midnight": _(
        "On %(day)s it is open %(hours)s, past midnight: here the hours of that day end at midnight."
    ),
    "no_unit": _("The extent %(value)s has no unit that is known here, so it was left out."),
    "unknown_code": _("The code %(code)s (%(field)s) is not known here, so it was left out."),
    "unknown_code_in_notes": _(
        "The code %(code)s is not known here; its name is among the further information."
    ),
    "unknown_field": _("The source tells %(field)s, which is not known here."),
    "refused": _("The database refused it: %(error)s"),
}
KINDS = dict(ImportedKind.choices)


class Report:
    """Gathers what becomes of the records. Lines wait in a file until the run has ended."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.count = 0
        self._digest = hashlib.sha256()
        self._lines = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115 - closed by close()

    def say(self, outcome: Outcome, kind: str, source_id: str, name: str, facts: list[Fact]) -> None:
        self.counts[outcome] += 1
        if any(code == "kept" for code, _words in facts):
            self.counts["kept"] += 1
        if outcome == Outcome.UNCHANGED and not facts:
            return
        self.count += 1
        line = json.dumps([outcome, kind, source_id[:200], name[:200], facts], default=str)
        self._digest.update(line.encode())
        self._lines.write(line + "\n")

    @property
    def fingerprint(self) -> str:
        """The same for two runs that say the same to the reader."""
        return self._digest.hexdigest()

    def save(self, run: ImportRun) -> None:
        """Write the lines under the run, a few at a time."""
        batch: list[ImportLine] = []
        for number, line in enumerate(self._read(), start=1):
            outcome, kind, source_id, name, facts = line
            batch.append(
                ImportLine(
                    run=run,
                    number=number,
                    outcome=outcome,
                    kind=kind,
                    source_id=source_id,
                    name=name,
                    facts=facts,
                )
            )
            if len(batch) >= LINES_AT_ONCE:
                copy_in(batch)
                batch = []
        copy_in(batch)

    def close(self) -> None:
        self._lines.close()

    def _read(self) -> Iterator[list[Any]]:
        self._lines.seek(0)
        for line in self._lines:
            yield json.loads(line)


def told(facts: list[Any], kind: str = "") -> list[str]:
    """The sentences of a line, in the reader's language."""
    return [sentence(code, words, kind) for code, words in facts]


def sentence(code: str, words: dict[str, Any], kind: str = "") -> str:
    shown = dict(words)
    if "fields" in shown:
        shown["fields"] = ", ".join(field_name(kind, field) for field in words["fields"])
    if "field" in shown:
        shown["field"] = capfirst(field_name(kind, words["field"]))
        if code == "bad_value" and (known := _choices_of(kind, words["field"])):
            code, shown["known"] = "bad_choice", ", ".join(known)
    return str(SENTENCES[code]) % shown


def _choices_of(kind: str, name: str) -> list[str]:
    """What one may choose in a column, in the reader's language; nothing where it is no choice."""
    column = _column_of(kind, name)
    return [str(label) for _value, label in getattr(column, "flatchoices", ())]


def field_name(kind: str, name: str) -> str:
    """What a column is called, in the reader's language; the name itself for what is no column."""
    own = {"published": _("public"), "rounds": _("application rounds"), "notes": _("further information")}
    if name in own:
        return str(own[name])
    column = _column_of(kind, name)
    if column is None:
        return name
    if isinstance(column, TranslationField):
        label = str(column.translated_field.verbose_name)
        return str(IN_LANGUAGE[column.language]) % {"label": label}
    if hasattr(column, "verbose_name"):
        return str(column.verbose_name)
    return str(column.related_model._meta.verbose_name_plural)


def _column_of(kind: str, name: str) -> Any:
    """The column of a kind of record, or of its parts, that a name leads to; None where it leads to none."""
    if kind not in TARGETS:
        return None
    target = TARGETS[ImportedKind(kind)]
    for model in (target.model, *(part.model for part in target.parts.values())):
        try:
            return model._meta.get_field(target.column(name))
        except FieldDoesNotExist:
            continue
    return None
