"""When and how one applies to a toteutus: its hakukohteet and their haut."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports import opintopolku_codes as codes
from guidance.catalogue.imports.facts import mapping, objects, text_of, whole_number
from guidance.catalogue.imports.opintopolku_ladder import Gathering
from guidance.catalogue.imports.opintopolku_teaching import start_of, start_text
from guidance.catalogue.imports.texts import (
    LANGUAGES,
    Words,
    columns,
    first,
    in_each,
    joined,
    labelled,
    listed,
    together,
    words,
)
from guidance.catalogue.models import TrainingOption

Step = Mapping[str, Any]


class Target:
    """One hakukohde with the haku it belongs to."""

    def __init__(self, hakukohde: Step, haku: Step) -> None:
        self.hakukohde = hakukohde
        self.haku = haku
        self.oid = text_of(hakukohde.get("hakukohdeOid")) or text_of(hakukohde.get("oid"))
        own = objects(hakukohde.get("hakuajat"))
        self.periods = own or objects(haku.get("hakuajat"))

    @property
    def is_rolling(self) -> bool:
        return codes.bare(self.haku.get("hakutapa")) == codes.ROLLING

    @property
    def seats(self) -> int | None:
        seats = self.hakukohde.get("aloituspaikat")
        return whole_number(mapping(seats).get("lukumaara") if isinstance(seats, Mapping) else seats)

    def form(self, name: str) -> Words:
        return words(self.hakukohde.get(name), as_line=True) or words(self.haku.get(name), as_line=True)


def read_applications(found: Gathering, *, today: date) -> None:
    """Read all ways to apply. The training itself holds the open round, else the next, else the last."""
    targets = targets_of(found)
    _prior_education(found, targets)
    own = mapping(found.ladder.of_toteutus("hakuaika"))
    if not targets and not own and not found.ladder.of_toteutus("opetus"):
        return
    rounds = _rounds(targets, own)
    chosen = _chosen(rounds, today)
    found.rounds = [
        {"name": name, "opens_on": opens, "closes_on": closes}
        for opens, closes, name in rounds
        if (opens, closes, name) != chosen
    ]
    near = [target for target in targets if chosen is None or _has_round(target, chosen)]
    seats = [target.seats for target in near if target.seats is not None]
    seats += [
        number
        for number in [whole_number(found.ladder.of_toteutus("aloituspaikat"))]
        if number is not None and not seats
    ]
    found.values |= {
        "is_rolling": any(target.is_rolling and _is_endless(target) for target in targets),
        "applications_from": chosen[0] if chosen else None,
        "applications_to": chosen[1] if chosen else None,
        "applications_name": chosen[2] if chosen else "",
        "application_link": _link(found, near or targets),
        "seats": sum(seats) if seats else None,
    }
    found.values |= columns("application_note", _how(found, targets))
    _start(found, near or targets)
    for target in targets:
        _note(found, target)
    found.notes.add(
        _("How students are chosen"), words(found.ladder.of_toteutus("lisatietoaValintaperusteista"))
    )


def _start(found: Gathering, targets: list[Target]) -> None:
    """When the studies begin, where only the round tells it."""
    if found.values.get("start", TrainingOption.Start.UNKNOWN) != TrainingOption.Start.UNKNOWN:
        return
    for target in targets:
        own = target.hakukohde.get("koulutuksenAlkamiskausi") or target.haku.get("koulutuksenAlkamiskausi")
        told = start_of(mapping(own) or old_start(target.hakukohde), found)
        if told["start"] != TrainingOption.Start.UNKNOWN:
            found.values |= told
            return


def old_start(hakukohde: Step) -> Step:
    """A start as older records have it: the season and the year beside each other."""
    return {
        "koulutuksenAlkamiskausi": hakukohde.get("alkamiskausi"),
        "koulutuksenAlkamisvuosi": hakukohde.get("alkamisvuosi"),
    }


def targets_of(found: Gathering) -> list[Target]:
    """The hakukohteet inside the toteutus and those read by themselves; the latter know more."""
    ladder = found.ladder
    known: dict[str, Target] = {}
    for haku in objects(ladder.toteutus.get("hakutiedot")):
        for hakukohde in objects(haku.get("hakukohteet")):
            target = Target(hakukohde, {**haku, **ladder.haut.get(text_of(haku.get("hakuOid")), {})})
            known[target.oid] = target
    for hakukohde in ladder.hakukohteet:
        oid = text_of(hakukohde.get("oid"))
        inside = known.get(oid)
        haku = ladder.haut.get(text_of(hakukohde.get("hakuOid"))) or (inside.haku if inside else {})
        known[oid] = Target({**(inside.hakukohde if inside else {}), **hakukohde}, haku)
    return [target for target in known.values() if text_of(target.hakukohde.get("tila")) in {"", "julkaistu"}]


def _rounds(targets: list[Target], own: Step) -> list[tuple[str, str | None, str]]:
    """First day, last day and name of each time to apply, each once."""
    found: dict[tuple[str, str | None], str] = {}
    for periods, name in [
        ([own] if own else [], ""),
        *((t.periods, first(words(t.haku.get("nimi"), as_line=True))) for t in targets),
    ]:
        for period in periods:
            opens, closes = (text_of(period.get(key))[:10] for key in ("alkaa", "paattyy"))
            if opens:
                found.setdefault((opens, closes or None), name[:200])
    return sorted(
        ((opens, closes, name) for (opens, closes), name in found.items()), key=lambda r: (r[0], r[1] or "")
    )


def _chosen(rounds: list[tuple[str, str | None, str]], today: date) -> tuple[str, str | None, str] | None:
    now = today.isoformat()
    coming = [r for r in rounds if r[1] is None or r[1] >= now]
    opened = [r for r in coming if r[0] <= now]
    return next(iter(opened or coming or rounds[-1:]), None)


def _has_round(target: Target, chosen: tuple[str, str | None, str]) -> bool:
    days = [(text_of(p.get("alkaa"))[:10], text_of(p.get("paattyy"))[:10] or None) for p in target.periods]
    return (chosen[0], chosen[1]) in days


def _is_endless(target: Target) -> bool:
    return not target.periods or any(not text_of(period.get("paattyy")) for period in target.periods)


def _prior_education(found: Gathering, targets: list[Target]) -> None:
    known, names = [], []
    for target in targets:
        for code in objects(target.hakukohde.get("pohjakoulutusvaatimus")):
            prior = codes.prior_of(code)
            known += [prior] if prior else []
            names.append(words(code.get("nimi"), as_line=True))
            if not prior:
                found.facts.say("unknown_code_in_notes", code=codes.bare(code) or "–")
    if targets or found.ladder.of_toteutus("opetus"):
        found.values["prior_education"] = [value for value in codes.Prior.values if value in known]
        extra = [
            words(target.hakukohde.get(key))
            for target in targets
            for key in ("pohjakoulutusvaatimusTarkenne", "muuPohjakoulutusvaatimus")
        ]
        found.values |= columns("requirements", joined([text for text in extra if text], "\n\n"))
    found.notes.add(_("Earlier studies asked for"), listed(names))


def _link(found: Gathering, targets: list[Target]) -> str:
    links = [
        found.ladder.of_toteutus("hakulomakeLinkki"),
        *(target.form("hakulomakeLinkki") for target in targets),
    ]
    return next((link for each in links if (link := first(words(each, as_line=True)))), "")


def _how(found: Gathering, targets: list[Target]) -> Words:
    texts = [words(found.ladder.of_toteutus("lisatietoaHakeutumisesta"))]
    for target in targets:
        texts += [
            words(target.hakukohde.get("hakulomakeKuvaus")) or words(target.haku.get("hakulomakeKuvaus"))
        ]
    return joined([text for text in texts if text], "\n\n")


def _note(found: Gathering, target: Target) -> None:
    """All that is published about one hakukohde, under the name of its haku."""
    hakukohde, haku = target.hakukohde, target.haku
    place = mapping(hakukohde.get("jarjestyspaikka"))
    town = codes.municipality(place.get("paikkakunta"))
    if town:
        found.places.append(town)
    line = mapping(hakukohde.get("hakukohteenLinja"))
    rest = [
        words(place.get("nimi"), as_line=True),
        *(_period(period) for period in target.periods),
        words(mapping(haku.get("hakutapa")).get("nimi"), as_line=True),
        words(mapping(haku.get("kohdejoukko")).get("nimi"), as_line=True),
        *_seats(target),
        labelled(
            _("Earlier studies"),
            joined(
                words(code.get("nimi"), as_line=True)
                for code in objects(hakukohde.get("pohjakoulutusvaatimus"))
            ),
        ),
        start_text(hakukohde.get("koulutuksenAlkamiskausi") or old_start(hakukohde)),
        labelled(_("Lowest average that is accepted"), _number(line.get("alinHyvaksyttyKeskiarvo"))),
        words(line.get("lisatietoa")),
        labelled(_("Apply here"), words(hakukohde.get("hakulomakeLinkki"), as_line=True)),
    ]
    name = words(hakukohde.get("nimi"), as_line=True) or words(found.ladder.top.get("nimi"), as_line=True)
    entry = together(name, rest, "\n– ")
    found.notes.add(words(haku.get("nimi"), as_line=True) or _("Application"), entry)


def _seats(target: Target) -> list[Words]:
    seats = mapping(target.hakukohde.get("aloituspaikat"))
    return [
        labelled(_("Study places"), _number(target.seats)),
        labelled(_("Places for first-time applicants"), _number(seats.get("ensikertalaisille"))),
        words(seats.get("kuvaus")),
    ]


def _number(value: Any) -> Words:
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        return {}
    return dict.fromkeys(LANGUAGES, f"{value:g}" if isinstance(value, float) else str(value))


def _period(period: Step) -> Words:
    """When one can apply, to the minute, in local time."""
    opens, closes = (_moment(period.get(key)) for key in ("alkaa", "paattyy"))
    if not opens:
        return {}
    return {
        code: f"{label}: {opens} – {closes}".strip() for code, label in in_each(_("Applications")).items()
    }


def _moment(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(text_of(value)[:16])
    except ValueError:
        return text_of(value)
    return f"{moment.day}.{moment.month}.{moment.year} {moment:%H.%M}"
