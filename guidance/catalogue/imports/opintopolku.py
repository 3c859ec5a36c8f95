"""Opintopolku (konfo external API): koulutus, toteutus, hakukohde, haku and search hits, in any order.

The steps may come in one input or on different days, so each is kept as it came; a training is made of all
that is known of its ladder whenever a step of it is read. A toteutus that a koulutus or a search hit only
mentions is a training with what the mention tells. A koulutus without any toteutus is shown by itself, under
the school that gives it, else under the organisation that keeps the record.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from guidance.catalogue.imports import opintopolku_codes as codes
from guidance.catalogue.imports.facts import mapping, objects, text_of
from guidance.catalogue.imports.opintopolku_ladder import Ladder
from guidance.catalogue.imports.opintopolku_training import training_of
from guidance.catalogue.imports.organisations import BY_NAME
from guidance.catalogue.imports.pieces import AT_ONCE, Pieces
from guidance.catalogue.imports.reading import Document, values_of
from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.texts import columns, first, words
from guidance.catalogue.models import ImportedKind, ImportedRecord

STEPS = {"13": "koulutus", "17": "toteutus", "20": "hakukohde", "29": "haku"}
LISTS = {"koulutukset": "koulutus", "toteutukset": "toteutus", "hakukohteet": "hakukohde", "haut": "haku"}
# What changes without anything having changed, and what nobody here reads
NOISE = {
    "timestamp", "_score", "hakuAuki", "formatoituModified", "organisaatiot", "teemakuva", "kuvake",
    "julkinen", "esikatselu", "pistehistoria", "hakuMennyt", "formatoituAlkaa", "formatoituPaattyy",
    "hakulomakeAtaruId",
}  # fmt: skip
AGENCY = "1.2.246.562.10.00000000001"
AGENCY_NAMES = {
    "fi": "Opetushallitus",
    "sv": "Utbildningsstyrelsen",
    "en": "Finnish National Agency for Education",
}  # keeps Opintopolku, and so the records that name nobody else


class OpintopolkuReader:
    """Opintopolku's steps as trainings and the organisations that give them."""

    code = "opintopolku"
    withdraws = (ImportedKind.TRAINING,)

    def __init__(self) -> None:
        self.pieces = Pieces(self.code)
        self.gone: set[str] = set()
        self.strange: list[Record] = []
        self.told: set[str] = set()  # organisations that were given already

    def read(self, documents: Iterable[Document]) -> Iterator[Record]:
        """Raises Unreadable."""
        for document in documents:
            for number, (key, value) in enumerate(values_of(document), start=1):
                if key != "page":
                    self._keep(value, f"{document.name} {number}")
        self.pieces.flush()
        self.gone -= self.pieces.seen["toteutus"]
        yield from self.strange
        yield from self._trainings()
        yield from self._alone()
        self.pieces.forget("toteutus", self.gone)
        for oid in sorted(self.gone):
            yield Record(ImportedKind.TRAINING, oid, is_published=False, facts=[("not_in_koulutus", {})])
        for _kind, oid in self.pieces.twice:
            yield Record(ImportedKind.TRAINING, oid)

    # Reading

    def _keep(self, value: Any, where: str) -> None:
        step = step_of(value)
        if step:
            self._put(step, value)
            return
        code = "unknown_kind" if isinstance(value, dict) else "not_an_object"
        oid = text_of(value.get("oid")) if isinstance(value, dict) else ""
        self.strange.append(Record(ImportedKind.TRAINING, oid or where, facts=[(code, {})], is_wrong=True))

    def _put(self, step: str, value: Mapping[str, Any]) -> None:
        """Keep a step, and what stands inside it."""
        content = dict(value)
        for key, inner in LISTS.items():
            entries = [each for each in objects(content.get(key)) if _oid(each, inner)]
            if entries or key == "toteutukset":
                content.pop(key, None)
            for each in entries:
                self._put(inner, _with_parent(each, inner, step, value))
        for inner in ("koulutus", "toteutus", "haku"):
            if _oid(mapping(content.get(inner)), inner):
                self._put(inner, content.pop(inner))
        oid = _oid(content, step)
        links = {text_of(content.get(key)) for key in ("koulutusOid", "toteutusOid", "hakuOid")} - {oid}
        is_whole = "metadata" in content or step in {"hakukohde", "haku"}
        if step == "koulutus":
            content = koulutus_of(content)
            self._miss(oid, value)
        self.pieces.put(step, oid, without_noise(content), links=links, is_whole=is_whole)

    def _miss(self, oid: str, koulutus: Mapping[str, Any]) -> None:
        """A whole koulutus names all its toteutukset: those it named before and names no more are gone."""
        if "metadata" not in koulutus or not isinstance(koulutus.get("toteutukset"), list):
            return
        named = {_oid(each, "toteutus") for each in objects(koulutus["toteutukset"])}
        known = self.pieces.joined_names("toteutus", [oid])
        self.gone |= {toteutus for toteutus, _links in known} - named

    # Making

    def _trainings(self) -> Iterator[Record]:
        seen, changed = self.pieces.seen, self.pieces.changed
        touched = set(seen["toteutus"])
        haku_targets = [oid for oid, _links in self.pieces.joined_names("hakukohde", changed["haku"])]
        hakukohteet = self.pieces.of("hakukohde", {*seen["hakukohde"], *haku_targets})
        touched |= {text_of(content.get("toteutusOid")) for content in hakukohteet.values()}
        touched |= {oid for oid, _links in self.pieces.joined_names("toteutus", changed["koulutus"])}
        oids = sorted(touched - self.gone - {""})
        for start in range(0, len(oids), AT_ONCE):
            for ladder in self._ladders(oids[start : start + AT_ONCE]):
                yield from self._records(ladder)

    def _ladders(self, oids: list[str]) -> Iterator[Ladder]:
        toteutukset = self.pieces.of("toteutus", oids)
        koulutukset = self.pieces.of(
            "koulutus", {text_of(t.get("koulutusOid")) for t in toteutukset.values()}
        )
        hakukohteet: dict[str, list[Mapping[str, Any]]] = {}
        haku_oids = {
            text_of(h.get("hakuOid")) for t in toteutukset.values() for h in objects(t.get("hakutiedot"))
        }
        for piece in self.pieces.joined("hakukohde", oids):
            hakukohteet.setdefault(text_of(piece.content.get("toteutusOid")), []).append(piece.content)
            haku_oids.add(text_of(piece.content.get("hakuOid")))
        haut = self.pieces.of("haku", haku_oids)
        for oid, toteutus in toteutukset.items():
            koulutus = koulutukset.get(text_of(toteutus.get("koulutusOid")), {})
            yield Ladder(oid, koulutus, toteutus, hakukohteet.get(oid, []), haut)

    def _alone(self) -> Iterator[Record]:
        """Koulutukset that no toteutus is known of; and those shown by themselves until one came."""
        oids = sorted(self.pieces.seen["koulutus"])
        for start in range(0, len(oids), AT_ONCE):
            some = oids[start : start + AT_ONCE]
            joined = self.pieces.joined_names("toteutus", some)
            given = {link for _oid, links in joined for link in links} & set(some)
            for oid, koulutus in self.pieces.of(
                "koulutus", [oid for oid in some if oid not in given]
            ).items():
                yield from self._records(Ladder(oid, koulutus))
            shown = ImportedRecord.objects.filter(
                source=self.code, kind=ImportedKind.TRAINING, source_id__in=given
            )
            for oid in shown.filter(withdrawn_at=None).values_list("source_id", flat=True):
                yield Record(ImportedKind.TRAINING, oid, is_published=False, facts=[("has_toteutus", {})])

    def _records(self, ladder: Ladder) -> Iterator[Record]:
        owner, is_school = owner_of(ladder)
        ladder.owner = owner.source_id
        if owner.source_id not in self.told:
            self.told.add(owner.source_id)
            yield owner
        record = training_of(ladder, today=timezone.localdate())
        if not is_school and record.is_published:
            record.facts.append(("no_school", {}))
        yield record


def step_of(value: Any) -> str:
    """Which step of the ladder a value is; empty when it is none."""
    if not isinstance(value, dict):
        return ""
    oid = text_of(value.get("oid"))
    if not oid:
        return ""
    step = STEPS.get(oid.removeprefix("1.2.246.562.").partition(".")[0], "")
    if step:
        return step
    if "koulutusOid" in value:
        return "toteutus"
    return "koulutus" if "koulutustyyppi" in value else ""


def _oid(value: Mapping[str, Any], step: str) -> str:
    return text_of(value.get("oid")) or text_of(value.get(f"{step}Oid"))


def _with_parent(each: Mapping[str, Any], inner: str, step: str, parent: Mapping[str, Any]) -> dict[str, Any]:
    """A step that stands inside another, with what the place says of it."""
    found = {**each, "oid": _oid(each, inner)}
    if inner == "toteutus" and "toteutusNimi" in each:  # as a search hit mentions it
        found["nimi"] = each.get("toteutusNimi")
        found["organisaatio"] = {"oid": each.get("oppilaitosOid"), "nimi": each.get("oppilaitosNimi")}
    if step != "hakukohde" and (step, inner) != ("toteutus", "haku") and _oid(parent, step):
        found.setdefault(f"{step}Oid", _oid(parent, step))
    return found


def koulutus_of(content: dict[str, Any]) -> dict[str, Any]:
    """A koulutus in one shape: a search hit has beside each other what a record has under `metadata`."""
    if "metadata" in content:
        return content
    names = (
        "kuvaus", "osaamistavoitteet", "opintojenLaajuus", "opintojenLaajuusNumero",
        "opintojenLaajuusNumeroMin",
        "opintojenLaajuusNumeroMax", "opintojenLaajuusyksikko", "osaamisala", "tutkinnonOsat",
        "isAvoinKorkeakoulutus",
    )  # fmt: skip
    metadata = {name: content.pop(name) for name in names if content.get(name) is not None}
    if titles := content.pop("tutkintonimikkeet", None):
        metadata["tutkintonimike"] = titles
    return {**content, "metadata": metadata}


def without_noise(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: without_noise(each) for key, each in value.items() if key not in NOISE and each is not None
        }
    return [without_noise(each) for each in value] if isinstance(value, list) else value


def owner_of(ladder: Ladder) -> tuple[Record, bool]:
    """The organisation a training stands under, and whether it gives the training."""
    if ladder.toteutus:
        own = mapping(ladder.toteutus.get("organisaatio"))
        units = objects(ladder.toteutus.get("tarjoajat"))
        keepers = [own, *units, mapping(ladder.koulutus.get("organisaatio"))]
    else:
        units = objects(ladder.koulutus.get("tarjoajat"))
        schools = mapping(ladder.koulutus.get("toteutustenTarjoajat"))
        single = units if len(units) == 1 else []
        keepers = [
            *single,
            schools if schools.get("count") == 1 else {},
            mapping(ladder.koulutus.get("organisaatio")),
        ]
    found = next((keeper for keeper in keepers if words(keeper.get("nimi"))), None)
    if found is None:
        return _organisation(AGENCY, {"nimi": AGENCY_NAMES}), False
    oid = (
        text_of(found.get("oid"))
        or f"{BY_NAME}{first(words(found.get('nimi'), as_line=True)).casefold()}"[:200]
    )
    is_school = bool(ladder.toteutus) or found is not keepers[-1]
    return _organisation(oid, found), is_school


def _organisation(oid: str, keeper: Mapping[str, Any]) -> Record:
    town = codes.municipality(keeper.get("paikkakunta"))
    return Record(
        ImportedKind.ORGANISATION,
        oid,
        values=columns("name", words(keeper.get("nimi"), as_line=True)),
        links={"sector": ["education"], "home_municipality": [town] if town else []},
    )
