"""How and when a toteutus is taught, how long, what it costs and when it begins."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports import opintopolku_codes as codes
from guidance.catalogue.imports.facts import mapping, objects, text_of, unknown_keys, whole_number
from guidance.catalogue.imports.opintopolku_ladder import Gathering
from guidance.catalogue.imports.texts import Words, columns, in_each, joined, labelled, words
from guidance.catalogue.models import TrainingOption

Mode = TrainingOption.Mode
Start = TrainingOption.Start
KNOWN = {
    "opetuskieli", "opetuskieletKuvaus", "opetusaika", "opetusaikaKuvaus", "opetustapa", "opetustapaKuvaus",
    "maksullisuustyyppi", "maksullisuusKuvaus", "maksunMaara", "koulutuksenAlkamiskausi", "lisatiedot",
    "onkoApuraha", "apuraha", "suunniteltuKestoVuodet", "suunniteltuKestoKuukaudet", "suunniteltuKestoKuvaus",
    "koulutuksenAlkamisvuosi", "koulutuksenTarkkaAlkamisaika", "koulutuksenAlkamispaivamaara",
    "koulutuksenPaattymispaivamaara", "onkoMaksullinen",
}  # fmt: skip


def read_teaching(found: Gathering) -> None:
    """Read `metadata.opetus`. A toteutus that is only mentioned has none: then nothing of it is said."""
    teaching = mapping(found.ladder.of_toteutus("opetus"))
    if found.ladder.toteutus and not teaching:
        return
    _times(found, teaching)
    _mode(found, teaching)
    _languages(found, teaching)
    _fee(found, teaching)
    _duration(found, teaching)
    _start(found, teaching)
    for key in unknown_keys(teaching, KNOWN):
        found.facts.say("unknown_field", field=f"toteutus.opetus.{key}")


def _times(found: Gathering, teaching: Mapping[str, Any]) -> None:
    times: list[str] = []
    for code in objects(teaching.get("opetusaika")):
        known = codes.TEACHING_TIME_NAMES.get(codes.finnish(code)) or codes.TEACHING_TIMES.get(
            codes.bare(code)
        )
        times += known or []
        if not known:
            _unknown(found, code, _("Teaching time"))
    found.values["teaching_times"] = list(dict.fromkeys(times))
    found.notes.add(_("Teaching time"), words(teaching.get("opetusaikaKuvaus")))


def _mode(found: Gathering, teaching: Mapping[str, Any]) -> None:
    """One mode of ours for all of theirs: several that differ are partly at a distance."""
    modes = set()
    for code in objects(teaching.get("opetustapa")):
        if known := codes.MODE_NAMES.get(codes.finnish(code)) or codes.MODES.get(codes.bare(code)):
            modes.add(known)
        else:
            _unknown(found, code, _("Teaching mode"))
    if modes:
        found.values["mode"] = modes.pop() if len(modes) == 1 else Mode.BLENDED
    found.notes.add(_("Teaching mode"), words(teaching.get("opetustapaKuvaus")))


def _languages(found: Gathering, teaching: Mapping[str, Any]) -> None:
    languages: list[str] = []
    for code in objects(teaching.get("opetuskieli")):
        known = codes.TEACHING_LANGUAGES.get(codes.bare(code))
        languages += known or []
        if not known:
            _unknown(found, code, _("Languages of teaching"))
    found.values["languages"] = list(dict.fromkeys(languages))
    found.notes.add(_("Languages of teaching"), words(teaching.get("opetuskieletKuvaus")))


def _unknown(found: Gathering, code: Mapping[str, Any], heading: Any) -> None:
    """A code that is not known here is named in the report, and its words stay among the notes."""
    found.facts.say("unknown_code_in_notes", code=codes.bare(code) or "–")
    found.notes.add(heading, words(code.get("nimi"), as_line=True))


def _fee(found: Gathering, teaching: Mapping[str, Any]) -> None:
    type_, amount = text_of(teaching.get("maksullisuustyyppi")), teaching.get("maksunMaara")
    if type_ not in {"", "maksuton", "maksullinen", "lukuvuosimaksu"}:
        found.facts.say("unknown_code", field="fee", code=type_)
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    found.values["fee"] = 0 if type_ == "maksuton" else amount if is_number else None
    covers = [words(teaching.get("maksullisuusKuvaus"))]
    if type_ == "lukuvuosimaksu":
        covers.append(in_each(_("A fee for each academic year.")))
    found.values |= columns(
        "fee_note", {code: " ".join(text.split()) for code, text in joined(covers, " ").items()}
    )
    grant = mapping(teaching.get("apuraha"))
    if teaching.get("onkoApuraha") is True or grant:
        found.values |= columns("funding", {code: text[:250] for code, text in _grant(grant).items()})
        found.notes.add(_("Grant"), words(grant.get("kuvaus")))


def _grant(grant: Mapping[str, Any]) -> Words:
    sums = [
        str(number) for number in (grant.get("min"), grant.get("max")) if whole_number(number) is not None
    ]
    unit = "%" if grant.get("yksikko") == "prosentti" else "€"
    amount = f": {'–'.join(dict.fromkeys(sums))} {unit}" if sums else ""
    return {code: f"{label}{amount}" for code, label in in_each(_("A grant is possible")).items()}


def _duration(found: Gathering, teaching: Mapping[str, Any]) -> None:
    years = whole_number(teaching.get("suunniteltuKestoVuodet")) or 0
    months = whole_number(teaching.get("suunniteltuKestoKuukaudet")) or 0
    found.values["duration_months"] = years * 12 + months or None
    found.notes.add(_("Duration"), words(teaching.get("suunniteltuKestoKuvaus")))


def _start(found: Gathering, teaching: Mapping[str, Any]) -> None:
    """When it begins. Older records have the season and the year beside each other, without their type."""
    start = mapping(teaching.get("koulutuksenAlkamiskausi"))
    old = {
        "koulutuksenAlkamiskausi": start if "koodiUri" in start else start.get("koulutuksenAlkamiskausi"),
        "koulutuksenAlkamisvuosi": start.get("koulutuksenAlkamisvuosi")
        or teaching.get("koulutuksenAlkamisvuosi"),
        "koulutuksenAlkamispaivamaara": start.get("koulutuksenAlkamispaivamaara")
        or teaching.get("koulutuksenAlkamispaivamaara"),
        "koulutuksenPaattymispaivamaara": start.get("koulutuksenPaattymispaivamaara")
        or teaching.get("koulutuksenPaattymispaivamaara"),
    }
    found.values |= start_of({**start, **old}, found)
    found.notes.add(_("Beginning of the studies"), words(start.get("henkilokohtaisenSuunnitelmanLisatiedot")))


def start_of(start: Mapping[str, Any], found: Gathering) -> dict[str, Any]:
    """The columns that tell a start."""
    type_ = text_of(start.get("alkamiskausityyppi"))
    season, year = (
        codes.bare(start.get("koulutuksenAlkamiskausi")),
        whole_number(start.get("koulutuksenAlkamisvuosi")),
    )
    known = codes.SEASONS.get(season, "")
    if season and not known:
        found.facts.say("unknown_code", field="start_season", code=season)
    first, last = (
        text_of(start.get(key)) for key in ("koulutuksenAlkamispaivamaara", "koulutuksenPaattymispaivamaara")
    )
    kind = Start.UNKNOWN
    if type_ == "henkilokohtainen suunnitelma":
        kind = Start.PERSONAL
    elif first:
        kind = Start.DATE
    elif known and year:
        kind = Start.SEASON
    return {
        "start": kind,
        "starts_on": first or None,
        "ends_on": last or None,
        "start_season": known,
        "start_year": year,
    }


def start_text(start: Any) -> Words:
    """A start in words, such as "Autumn 2026"."""
    start = mapping(start)
    season = words(mapping(start.get("koulutuksenAlkamiskausi")).get("nimi"), as_line=True)
    year = whole_number(start.get("koulutuksenAlkamisvuosi"))
    if season and year:
        return labelled(_("Studies begin"), {code: f"{name} {year}" for code, name in season.items()})
    return {}
