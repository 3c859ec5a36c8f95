"""One training of Opintopolku: a toteutus with its koulutus, or a koulutus that nobody is known to give."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports import opintopolku_codes as codes
from guidance.catalogue.imports.clean import column_of
from guidance.catalogue.imports.facts import (
    mapping,
    objects,
    pairs,
    text_of,
    unknown_keys,
    whole_number,
)
from guidance.catalogue.imports.opintopolku_ladder import Gathering, Ladder
from guidance.catalogue.imports.opintopolku_rounds import read_applications
from guidance.catalogue.imports.opintopolku_teaching import read_teaching
from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.texts import (
    LANGUAGES,
    Words,
    columns,
    first,
    in_each,
    joined,
    labelled,
    listed,
    words,
)
from guidance.catalogue.models import ImportedKind, TrainingOption

PAGE = "https://opintopolku.fi/konfo/fi"
REQUIREMENTS = "https://eperusteet.opintopolku.fi/#/fi/kooste"
LANGUAGE_CHOICES = {"aidinkielet": _("Mother tongues"), "muutKielet": _("Other languages")}
KNOWN = {
    "koulutus": {
        "tyyppi", "kuvaus", "kuvauksenNimi", "lisatiedot", "koulutusala", "tutkintonimike",
        "opintojenLaajuus", "opintojenLaajuusNumero", "opintojenLaajuusNumeroMin",
        "opintojenLaajuusNumeroMax",
        "opintojenLaajuusyksikko", "osaamistavoitteet", "linkkiEPerusteisiin", "eperuste", "osaamisala",
        "tutkinnonOsat", "isAvoinKorkeakoulutus", "luokittelutermit", "isMuokkaajaOphVirkailija", "tunniste",
        "opinnonTyyppi", "osaamismerkki", "erikoistumiskoulutus",
    },
    "toteutus": {
        "tyyppi", "kuvaus", "opetus", "yhteyshenkilot", "asiasanat", "ammattinimikkeet", "osaamisalat",
        "ammatillinenPerustutkintoErityisopetuksena", "yleislinja", "diplomit", "kielivalikoima",
        "painotukset", "erityisetKoulutustehtavat", "aloituspaikat", "hakutermi", "hakulomaketyyppi",
        "hakulomakeLinkki", "hakuaika",
        "lisatietoaValintaperusteista", "lisatietoaHakeutumisesta", "isMuokkaajaOphVirkailija",
        "isTyovoimakoulutus", "hasJotpaRahoitus", "isTaydennyskoulutus", "osaamistavoitteet",
        "alemmanKorkeakoulututkinnonOsaamisalat", "ylemmanKorkeakoulututkinnonOsaamisalat",
        "opintojenLaajuusNumero", "opintojenLaajuusNumeroMin", "opintojenLaajuusNumeroMax",
        "opintojenLaajuusyksikko", "opintojenLaajuus",
    },
}  # fmt: skip


def training_of(ladder: Ladder, *, today: date) -> Record:
    """The neutral record of a training; what cannot be understood is said in its facts."""
    step = "toteutus" if ladder.toteutus else "koulutus"
    url = f"{PAGE}/{step}/{ladder.oid}"
    found = Gathering(ladder)
    if not ladder.koulutus:
        found.facts.say("no_koulutus", oid=text_of(ladder.toteutus.get("koulutusOid")))
    _name(found)
    _kind_and_field(found)
    _about(found)
    _extent(found)
    _places(found)
    read_teaching(found)
    read_applications(found, today=today)
    _contact(found, url)
    _further(found)
    _unknown(found)
    _overflow(found)
    return Record(
        ImportedKind.TRAINING,
        ladder.oid,
        values=found.values,
        owner=ladder.owner,
        links={"municipalities": sorted(set(found.places))},
        parts={"rounds": found.rounds, "notes": found.notes.rows()},
        url=url,
        is_published=ladder.is_published,
        facts=found.facts.list,
    )


def _name(found: Gathering) -> None:
    ladder = found.ladder
    names = words(ladder.toteutus.get("nimi"), as_line=True) or words(
        ladder.koulutus.get("nimi"), as_line=True
    )
    found.values |= columns("name", names)


def _kind_and_field(found: Gathering) -> None:
    ladder = found.ladder
    type_ = text_of(ladder.of_koulutus("tyyppi")) or text_of(ladder.koulutus.get("koulutustyyppi"))
    type_ = type_ or text_of(ladder.of_toteutus("tyyppi")) or text_of(ladder.toteutus.get("koulutustyyppi"))
    fields = [*objects(ladder.of_koulutus("koulutusala"))]
    for entry in objects(ladder.koulutus.get("koulutuskoodienAlatJaAsteet")):
        fields += entry.get("koulutusalaKoodiUrit") or []
    names = [*_names(_qualifications(ladder)).values(), *words(ladder.top.get("nimi")).values()]
    is_open = ladder.of_koulutus("isAvoinKorkeakoulutus") is True
    kind = codes.kind_of(type_, " ".join(names), is_open=is_open)
    if not kind:
        found.facts.say("unknown_code", field="kind", code=type_ or "–")
    area = codes.field_of(fields)
    if fields and not area:
        found.facts.say("unknown_code", field="field", code=codes.bare(fields[0]))
    if ladder.of_toteutus("isTyovoimakoulutus") is True:
        kind = codes.Kind.LABOUR
    found.values |= {
        "kind": kind or codes.Kind.COURSE,
        "field": area or codes.Field.GENERAL,
        "outcome": codes.outcome_of(type_, is_degree=ladder.koulutus.get("johtaaTutkintoon") is True),
        "is_labour_market": ladder.of_toteutus("isTyovoimakoulutus") is True,
        "is_continuous_learning": ladder.of_toteutus("hasJotpaRahoitus") is True,
    }


def _qualifications(ladder: Ladder) -> list[Any]:
    codes_ = [*objects(ladder.koulutus.get("koulutukset")), *objects(ladder.toteutus.get("koulutukset"))]
    return [code for code in (ladder.koulutus.get("koulutus"), *codes_) if mapping(code)]


def _names(entries: Any) -> Words:
    """The names of codes."""
    return listed(words(mapping(entry).get("nimi"), as_line=True) for entry in entries)


def _about(found: Gathering) -> None:
    ladder = found.ladder
    own, general = words(ladder.of_toteutus("kuvaus")), words(ladder.of_koulutus("kuvaus"))
    found.values |= columns("description", own or general)
    if own:
        heading = words(ladder.of_koulutus("kuvauksenNimi"), as_line=True)
        found.notes.add(heading or _("About the qualification"), general)
    else:
        found.notes.add(
            _("About the qualification"), words(ladder.of_koulutus("kuvauksenNimi"), as_line=True)
        )
    goals = [words(ladder.of_toteutus("osaamistavoitteet")), words(ladder.of_koulutus("osaamistavoitteet"))]
    found.values |= columns("outcomes", joined([goal for goal in goals if goal], "\n\n"))
    found.values |= columns("titles", _names(objects(ladder.of_koulutus("tutkintonimike"))))
    terms = [
        {code: ", ".join(texts)}
        for name in ("ammattinimikkeet", "asiasanat")
        for code, texts in pairs(ladder.of_toteutus(name), language="kieli", value="arvo").items()
    ]
    found.values |= columns(
        "keywords", {code: " ".join(text.split()) for code, text in joined(terms).items()}
    )


def _extent(found: Gathering) -> None:
    """How much there is to study: a number, a range, or words where it is neither."""
    ladder = found.ladder
    ask = ladder.of_toteutus if ladder.of_toteutus("opintojenLaajuusyksikko") else ladder.of_koulutus
    unit = ask("opintojenLaajuusyksikko")
    least, most = ask("opintojenLaajuusNumeroMin"), ask("opintojenLaajuusNumeroMax")
    number = ask("opintojenLaajuusNumero")
    named = first(words(mapping(ask("opintojenLaajuus")).get("nimi"), as_line=True))
    if number is None and least is None and named:
        number = named if named.replace(",", ".").replace(".", "", 1).isdecimal() else None
        if number is None:
            found.notes.add(_("Extent"), _with_unit(dict.fromkeys(LANGUAGES, named), unit))
    known = codes.UNITS.get(codes.bare(unit)) or codes.UNIT_NAMES.get(codes.finnish(unit)) or ""
    if mapping(unit) and not known:
        found.facts.say("unknown_code", field="extent_unit", code=codes.bare(unit))
    extent = number if number is not None else least
    if extent is not None and not known:
        texts = dict.fromkeys(LANGUAGES, f"{float(extent):g}" if isinstance(extent, float) else str(extent))
        found.notes.add(_("Extent"), _with_unit(texts, unit))
        extent = None
    found.values |= {
        "extent": extent,
        "extent_to": most if number is None and most != least else None,
        "extent_unit": known if extent is not None else "",
    }


def _with_unit(texts: Words, unit: Any) -> Words:
    units = words(mapping(unit).get("nimi"), as_line=True)
    return {code: f"{text} {units.get(code) or first(units)}".strip() for code, text in texts.items()}


def _places(found: Gathering) -> None:
    """Where it is given, and by which units; else where the organisation is."""
    ladder = found.ladder
    units = objects(ladder.top.get("tarjoajat"))
    found.places += [place for unit in units if (place := codes.municipality(unit.get("paikkakunta")))]
    towns = objects(ladder.toteutus.get("kunnat"))
    found.places += [code for town in towns if (code := codes.municipality(town))]
    keeper = mapping(ladder.toteutus.get("organisaatio"))
    if not found.places and keeper:
        found.places += [code for code in [codes.municipality(keeper.get("paikkakunta"))] if code]
    lines = []
    for unit in units:
        names, town = (
            words(unit.get("nimi"), as_line=True),
            words(mapping(unit.get("paikkakunta")).get("nimi")),
        )
        lines.append(
            {
                code: f"– {name} ({town[code]})" if town.get(code, name) not in name else f"– {name}"
                for code, name in names.items()
            }
        )
    heading = _("Where it is given") if ladder.toteutus else _("Who gives it")
    found.notes.add(heading, joined(lines, "\n"))
    several = whole_number(mapping(ladder.koulutus.get("toteutustenTarjoajat")).get("count"))
    if not ladder.toteutus and several and several > 1:
        text = {
            code: str(line) % {"count": several}
            for code, line in in_each(_("%(count)s organisations give it. Opintopolku lists them.")).items()
        }
        found.notes.add(_("Who gives it"), text)


def _contact(found: Gathering, url: str) -> None:
    people = objects(found.ladder.of_toteutus("yhteyshenkilot"))
    person = people[0] if people else {}
    name, title = (first(words(person.get(key), as_line=True)) for key in ("nimi", "titteli"))
    site = first(words(person.get("wwwSivu"), as_line=True))
    found.values |= {
        "contact_name": ", ".join(word for word in (name, title) if word),
        "contact_phone": first(words(person.get("puhelinnumero"), as_line=True)),
        "contact_email": first(words(person.get("sahkoposti"), as_line=True)),
        "website": site if site.startswith(("http://", "https://")) else url,
    }
    keys = ("nimi", "titteli", "puhelinnumero", "sahkoposti", "wwwSivuTeksti", "wwwSivu")
    for other in people if len(people) > 1 or site else []:
        found.notes.add(_("Contacts"), joined([words(other.get(key), as_line=True) for key in keys]))


def _further(found: Gathering) -> None:
    """What has no column of its own, under headings."""
    ladder, notes = found.ladder, found.notes
    for entry in [
        *objects(ladder.of_koulutus("lisatiedot")),
        *objects(mapping(ladder.of_toteutus("opetus")).get("lisatiedot")),
    ]:
        heading = words(mapping(entry.get("otsikko")).get("nimi"), as_line=True)
        notes.add(heading or _("Further information"), words(entry.get("teksti")))
    notes.add(_("Qualification or course of study"), _names(_qualifications(ladder)))
    specialities = [
        mapping(entry).get("koodi") or entry for entry in objects(ladder.of_toteutus("osaamisalat"))
    ]
    if mapping(ladder.of_koulutus("osaamisala")):
        specialities.append(ladder.of_koulutus("osaamisala"))
    notes.add(_("Specialities"), _names(specialities))
    for key in ("alemmanKorkeakoulututkinnonOsaamisalat", "ylemmanKorkeakoulututkinnonOsaamisalat"):
        for entry in objects(ladder.of_toteutus(key)):
            notes.add(_("Specialities"), words(entry.get("otsikko")), words(entry.get("kuvaus")))
    for part in objects(ladder.of_koulutus("tutkinnonOsat")):
        notes.add(_("Parts of the qualification"), _part_of_qualification(part))
    _upper_secondary(found)
    notes.add(_("Field of education"), _names(objects(ladder.of_koulutus("koulutusala"))))
    levels = [*objects(ladder.koulutus.get("eqf")), *objects(ladder.koulutus.get("nqf"))]
    notes.add(_("Level in the qualifications framework"), _names(levels))
    if ladder.of_toteutus("ammatillinenPerustutkintoErityisopetuksena") is True:
        notes.add(_("Special support"), in_each(_("Given as special needs education.")))
    if ladder.of_toteutus("isTaydennyskoulutus") is True:
        notes.add(_("Continuing education"), in_each(_("Continuing education for people in working life.")))
    if ladder.of_koulutus("isAvoinKorkeakoulutus") is True:
        notes.add(_("Open studies"), in_each(_("Open to all: these are open university studies.")))
    _requirements_link(found)


def _part_of_qualification(part: Mapping[str, Any]) -> Words:
    names = _names([part.get("tutkinnonOsat")])
    number = part.get("opintojenLaajuusNumero") or first(
        words(mapping(part.get("opintojenLaajuus")).get("nimi"))
    )
    whole = _names([part.get("koulutus")])
    lines = {}
    for code, name in names.items():
        extent = _with_unit({code: str(number)}, part.get("opintojenLaajuusyksikko"))[code] if number else ""
        lines[code] = " – ".join(word for word in (name, extent, whole.get(code) or first(whole)) if word)
    return lines


def _upper_secondary(found: Gathering) -> None:
    """What a general upper secondary school offers: languages, diplomas, emphases."""
    ladder, notes = found.ladder, found.notes
    for key, entries in mapping(ladder.of_toteutus("kielivalikoima")).items():
        label = LANGUAGE_CHOICES.get(key, key.removesuffix("Kielet"))
        notes.add(_("Choice of languages"), labelled(label, _names(objects(entries))))
    for diploma in objects(ladder.of_toteutus("diplomit")):
        goals = [words(goal) for goal in diploma.get("tavoitteet") or []]
        contents = [words(content) for content in diploma.get("sisallot") or []]
        aim = words(diploma.get("tavoitteetKohde"))
        lines = [_names([diploma.get("koodi")]), *contents, aim, *goals, words(diploma.get("linkki"))]
        notes.add(_("Diplomas"), joined([line for line in lines if line], "\n– "))
    for key in ("painotukset", "erityisetKoulutustehtavat"):
        for entry in objects(ladder.of_toteutus(key)):
            notes.add(_("Emphases"), joined([_names([entry.get("koodi")]), words(entry.get("kuvaus"))], ": "))
    if ladder.of_toteutus("yleislinja") is True:
        notes.add(_("Emphases"), in_each(_("General line")))


def _requirements_link(found: Gathering) -> None:
    """Where the qualification requirements stand (ePerusteet), by their number or by a link."""
    ladder = found.ladder
    base = mapping(ladder.of_koulutus("eperuste"))
    for number in {
        whole_number(ladder.koulutus.get("ePerusteId")),
        whole_number(base.get("id")),
        whole_number(ladder.koulutus.get("eperuste")),
    } - {None}:
        address = f"{REQUIREMENTS}/{number}"
        journal = text_of(base.get("diaarinumero"))
        text = f"{address} ({journal})" if journal else address
        found.notes.add(_("Qualification requirements"), dict.fromkeys(LANGUAGES, text))
    found.notes.add(
        _("Qualification requirements"), words(ladder.of_koulutus("linkkiEPerusteisiin"), as_line=True)
    )


def _unknown(found: Gathering) -> None:
    """Say what the source tells that nobody here reads."""
    for step in (found.ladder.koulutus, found.ladder.toteutus):
        name = "toteutus" if step is found.ladder.toteutus else "koulutus"
        for key in unknown_keys(mapping(step.get("metadata")), KNOWN[name]):
            found.facts.say("unknown_field", field=f"{name}.{key}")


def _overflow(found: Gathering) -> None:
    """What is too long for its column stands whole among the notes."""
    headings = {
        "name": _("Whole name"),
        "titles": _("Qualification titles"),
        "keywords": _("Subjects and occupations"),
        "fee_note": _("What the fee covers"),
    }
    for name, heading in headings.items():
        most = column_of(TrainingOption, name).max_length
        texts = {code: found.values.get(f"{name}_{code}") or "" for code in LANGUAGES}
        if any(len(text) > most for text in texts.values()):
            found.notes.add(heading, {code: text for code, text in texts.items() if text})
