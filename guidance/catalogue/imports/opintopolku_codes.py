"""Opintopolku's codes (koodisto) in the portal's own words.

A code is written `opetusaikakk_1#1`: word list, value, and after the hash the list's version, which does not
change what it means. Where a list's numbers differ between years its Finnish name decides.
"""

from typing import Any

from guidance.catalogue.models import GuidanceLanguage, TrainingOption

Kind = TrainingOption.Kind
Field = TrainingOption.Field
Time = TrainingOption.TeachingTime
Mode = TrainingOption.Mode
Prior = TrainingOption.PriorEducation
Unit = TrainingOption.Unit
Outcome = TrainingOption.Outcome

TEACHING_TIMES = {
    "opetusaikakk_1": [Time.DAY],
    "opetusaikakk_2": [Time.EVENING],
    "opetusaikakk_3": [Time.WEEKEND],
    "opetusaikakk_4": [Time.DAY, Time.EVENING],
    "opetusaikakk_5": [Time.FREE],
}
TEACHING_TIME_NAMES = {
    "päiväopetus": [Time.DAY],
    "iltaopetus": [Time.EVENING],
    "viikonloppuopetus": [Time.WEEKEND],
    "päivä- ja iltaopetus": [Time.DAY, Time.EVENING],
    "monimuoto-opetus": [Time.MULTIFORM],
    "ajankohdasta riippumaton": [Time.FREE],
}
MODE_NAMES = {
    "lähiopetus": Mode.CONTACT,
    "monimuoto-opetus": Mode.BLENDED,
    "monimuoto": Mode.BLENDED,
    "etäopetus": Mode.DISTANCE,
    "verkko-opetus": Mode.SELF_PACED,
    "verkko-opiskelu": Mode.SELF_PACED,
    "itsenäinen opiskelu": Mode.SELF_PACED,
    "itseopiskelu": Mode.SELF_PACED,
    "oppisopimus": Mode.WORKPLACE,
    "oppisopimuskoulutus": Mode.WORKPLACE,
    "työpaikalla tapahtuva oppiminen": Mode.WORKPLACE,
}
MODES = {"opetuspaikkakk_1": Mode.CONTACT}
TEACHING_LANGUAGES = {
    "oppilaitoksenopetuskieli_1": [GuidanceLanguage.FINNISH],
    "oppilaitoksenopetuskieli_2": [GuidanceLanguage.SWEDISH],
    "oppilaitoksenopetuskieli_3": [GuidanceLanguage.FINNISH, GuidanceLanguage.SWEDISH],
    "oppilaitoksenopetuskieli_4": [GuidanceLanguage.ENGLISH],
    "oppilaitoksenopetuskieli_5": [GuidanceLanguage.SAMI],
}
SEASONS = {"kausi_k": TrainingOption.Season.SPRING, "kausi_s": TrainingOption.Season.AUTUMN}
UNITS = {
    "opintojenlaajuusyksikko_2": Unit.CREDIT,
    "opintojenlaajuusyksikko_6": Unit.COMPETENCE_POINT,
    "opintojenlaajuusyksikko_8": Unit.WEEK,
}
UNIT_NAMES = {
    "opintopistettä": Unit.CREDIT,
    "osaamispistettä": Unit.COMPETENCE_POINT,
    "kurssia": Unit.COURSE,
    "tuntia": Unit.HOUR,
    "viikkoa": Unit.WEEK,
    "vuotta": Unit.YEAR,
}
# The last part of pohjakoulutusvaatimuskonfo_, -kouta_, -toinenaste_ and -korkeakoulut_
PRIOR_EDUCATION = {
    "xx": Prior.NONE,
    "pk": Prior.BASIC,
    "er": Prior.BASIC,
    "am": Prior.VOCATIONAL,
    "amm": Prior.VOCATIONAL,
    "yo": Prior.MATRICULATION,
    "lk": Prior.MATRICULATION,
    "kk": Prior.HIGHER,
}
PRIOR_EDUCATION_NAMES = {
    "ei pohjakoulutusvaatimusta": Prior.NONE,
    "peruskoulu": Prior.BASIC,
    "ammatillinen tutkinto": Prior.VOCATIONAL,
    "ammatillinen perustutkinto": Prior.VOCATIONAL,
    "lukio": Prior.MATRICULATION,
    "ylioppilastutkinto": Prior.MATRICULATION,
    "korkeakoulututkinto": Prior.HIGHER,
    "muu työkokemus": Prior.EXPERIENCE,
    "työkokemus": Prior.EXPERIENCE,
}
# kansallinenkoulutusluokitus2016koulutusala, levels 2 (three digits) before level 1 (two)
FIELDS = {
    "09": Field.HEALTH,
    "04": Field.BUSINESS,
    "03": Field.BUSINESS,
    "07": Field.TECHNOLOGY,
    "073": Field.CONSTRUCTION,
    "06": Field.ICT,
    "05": Field.TECHNOLOGY,
    "10": Field.SERVICE,
    "104": Field.LOGISTICS,
    "01": Field.EDUCATION,
    "08": Field.NATURE,
    "02": Field.ARTS,
    "00": Field.GENERAL,
    "99": Field.GENERAL,
}
KINDS = {
    "amm": Kind.VOCATIONAL,
    "amm-tutkinnon-osa": Kind.PART,
    "amm-osaamisala": Kind.PART,
    "amm-ope-erityisope-ja-opo": Kind.HIGHER,
    "amm-muu": Kind.COURSE,
    "ope-pedag-opinnot": Kind.HIGHER,
    "amk": Kind.HIGHER,
    "yo": Kind.HIGHER,
    "erikoislaakari": Kind.HIGHER,
    "erikoistumiskoulutus": Kind.HIGHER,
    "kk-opintojakso": Kind.HIGHER,
    "kk-opintokokonaisuus": Kind.HIGHER,
    "kk-muu": Kind.HIGHER,
    "lk": Kind.GENERAL,
    "aikuisten-perusopetus": Kind.GENERAL,
    "taiteen-perusopetus": Kind.COURSE,
    "telma": Kind.PREPARATORY,
    "tuva": Kind.PREPARATORY,
    "vapaa-sivistystyo-opistovuosi": Kind.PREPARATORY,
    "vapaa-sivistystyo-muu": Kind.COURSE,
    "vapaa-sivistystyo-osaamismerkki": Kind.COURSE,
    "muu": Kind.COURSE,
}
ROLLING = "hakutapa_03"


def bare(code: Any) -> str:
    """A code without its version; empty for what is no code."""
    uri = code.get("koodiUri") if isinstance(code, dict) else code
    return uri.partition("#")[0] if isinstance(uri, str) else ""


def finnish(code: Any) -> str:
    name = code.get("nimi") if isinstance(code, dict) else None
    found = name.get("fi") if isinstance(name, dict) else ""
    return found.strip().casefold() if isinstance(found, str) else ""


def municipality(place: Any) -> str:
    """Statistics Finland's number of `kunta_837`; empty for none."""
    found = bare(place)
    return found.removeprefix("kunta_") if found.startswith("kunta_") else ""


def field_of(codes: list[Any]) -> str:
    """The portal's field for fields of education; the first that is known."""
    for code in codes:
        digits = bare(code).rpartition("_")[2]
        for length in (3, 2):
            if digits[:length] in FIELDS:
                return FIELDS[digits[:length]]
    return ""


def kind_of(type_: str, names: str, *, is_open: bool) -> str:
    """The portal's kind for a type of education; qualifications by their names."""
    found = KINDS.get(type_, "")
    if found == Kind.VOCATIONAL:
        folded = names.casefold()
        if "erikoisammattitutkin" in folded or "specialyrkesexamen" in folded:
            return Kind.SPECIALIST
        if "ammattitutkin" in folded or "yrkesexamen" in folded:
            return Kind.FURTHER
    if is_open and type_.startswith("kk-"):
        return Kind.OPEN
    return found


def outcome_of(type_: str, *, is_degree: bool) -> str:
    if type_ in {"amm-tutkinnon-osa", "amm-osaamisala", "kk-opintojakso", "kk-opintokokonaisuus"}:
        return Outcome.PART
    if type_ == "vapaa-sivistystyo-osaamismerkki":
        return Outcome.CERTIFICATE
    return Outcome.DEGREE if is_degree else ""


def prior_of(code: Any) -> str:
    tail = bare(code).rpartition("_")[2].casefold()
    return PRIOR_EDUCATION.get(tail) or PRIOR_EDUCATION_NAMES.get(finnish(code)) or ""
