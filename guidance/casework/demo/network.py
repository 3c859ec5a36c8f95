"""Organisations of today, the network they form, its agreements, and a project it runs."""

from datetime import date, timedelta
from decimal import Decimal

from guidance.casework.demo.story import Story, in_languages, read
from network.models import Agreement, Area, Contact, Network, NetworkMembership, Organisation, Sector
from projects.models import Indicator, IndicatorReading, Project, ProjectGoal, ProjectPartner

LEAD = "tampereen-aikuiskoulutuskeskus"
PROJECT = "ohjauksen-ovi"
MEMBERS = [
    # organisation, role, status, years in it, days until it ends
    (LEAD, "lead", "signed", 6, None),
    ("tredu", "member", "signed", 6, None),
    ("sasky", "member", "signed", 5, None),
    ("valkeakosken-ammattiopisto", "member", "signed", 5, 45),
    ("tampereen-ammattikorkeakoulu", "member", "signed", 4, None),
    ("tampereen-yliopisto", "expert", "agreed", 3, None),
    ("tampereen-aikuislukio", "member", "signed", 4, None),
    ("tampereen-seudun-tyovaenopisto", "member", "agreed", 2, None),
    ("ahlman", "member", "signed", 3, None),
    ("tampereen-tyollisyyspalvelut", "member", "signed", 2, None),
    ("pirkanmaan-yrittajat", "member", "agreed", 4, None),
    ("nokian-kaupunki", "member", "signed", 2, None),
    ("ylojarven-kaupunki", "member", "signed", 2, 120),
    ("mantta-vilppulan-kaupunki", "observer", "invited", 0, None),
    ("yla-pirkanmaan-seutuyhdistys", "member", "agreed", 6, -200),
]
CONTACTS = [
    (LEAD, "Demo Neuvonta", ["Aikuisohjauksen neuvonta", "Vuxenvägledningens rådgivning", "Adult guidance desk"], True),
    ("tredu", "Malli Opinto-ohjaus", ["Opinto-ohjauksen päivystys", "Studievägledningens jour", "Study guidance on call"], True),
    ("koulutuskeskus-salpaus", "Demo Hakutoimisto", ["Hakutoimisto", "Ansökningsbyrån", "Admissions office"], True),
    ("nokian-kaupunki", "Esimerkki Yhdyshenkilö", ["Verkoston yhdyshenkilö", "Nätverkets kontaktperson", "Contact of the network"], False),
]  # fmt: skip


def build(story: Story) -> None:
    organisations = _organisations(story)
    _contacts(organisations)
    _network(story, organisations)
    _project(story, organisations)


def _organisations(story: Story) -> dict[str, Organisation]:
    """Those of the file, added to those of the fixtures; all of them by their address words."""
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    homes = {area.code: area for area in Area.objects.municipalities()}
    Organisation.objects.bulk_create(
        [
            Organisation(
                slug=slug,
                sector=sectors[sector],
                home_municipality=homes[home],
                published_at=story.now,
                **in_languages("name", names),
            )
            for slug, sector, home, *names in read("organisations")
        ]
    )
    return {organisation.slug: organisation for organisation in Organisation.objects.all()}


def _contacts(organisations: dict[str, Organisation]) -> None:
    Contact.objects.bulk_create(
        [
            Contact(
                organisation=organisations[slug],
                name=name,
                email="neuvonta@example.fi",
                phone="+358 000 000 010",
                is_public=is_public,
                **in_languages("title", titles),
            )
            for slug, name, titles, is_public in CONTACTS
        ]
    )


def _network(story: Story, organisations: dict[str, Organisation]) -> None:
    network = Network.objects.create(
        slug="pirkanmaan-aikuisohjaus",
        area=Area.objects.regions().get(code="06"),
        lead=organisations[LEAD],
        published_at=story.now,
        **in_languages(
            "name",
            [
                "Pirkanmaan aikuisohjauksen verkosto (esittely)",
                "Nätverket för vuxenvägledning i Birkaland (demo)",
                "Adult guidance network of Pirkanmaa (demo)",
            ],
        ),
        **in_languages(
            "description",
            [
                "Verkosto sopii yhdessä, kuka ohjaa ketä, missä ja milloin, ja kertoo sen tässä portaalissa.",
                "Nätverket kommer överens om vem som vägleder vem, var och när, och berättar det i den här portalen.",
                "The network agrees on who guides whom, where and when, and tells it in this portal.",
            ],
        ),
    )
    NetworkMembership.objects.bulk_create(
        [
            NetworkMembership(
                network=network,
                organisation=organisations[slug],
                role=role,
                status=status,
                since=date(story.today.year - years, 1, 1),
                until=None if days is None else story.day(days),
            )
            for slug, role, status, years, days in MEMBERS
        ]
    )
    for title, parties, begun, ends in [
        (
            "Yhteistyösopimus aikuisten ohjauksesta",
            [LEAD, "tredu", "sasky", "valkeakosken-ammattiopisto"],
            -700,
            45,
        ),
        ("Sopimus ohjausbussin kustannuksista", [LEAD, "nokian-kaupunki", "ylojarven-kaupunki"], -300, 430),
        ("Sopimus yhteisestä ajanvarauksesta", [LEAD, "tredu", "tampereen-tyollisyyspalvelut"], -120, None),
    ]:
        valid_to = None if ends is None else story.day(ends)
        agreement = Agreement.objects.create(
            network=network, title=title, valid_from=story.day(begun), valid_to=valid_to
        )
        agreement.parties.set([organisations[slug] for slug in parties])


def _project(story: Story, organisations: dict[str, Organisation]) -> None:
    """A project of today that counts what counsellors log; the programme's own figures are left alone."""
    project = Project.objects.create(
        slug=PROJECT,
        starts_on=story.day(-400),
        ends_on=story.day(500),
        budget=Decimal(240_000),
        published_at=story.now,
        **in_languages(
            "name",
            [
                "Ohjauksen ovi (esittelyhanke)",
                "Vägledningens dörr (demoprojekt)",
                "Guidance door (demo project)",
            ],
        ),
        **in_languages(
            "summary",
            [
                "Esittelyn oma hanke: se kokoaa ohjaajien kirjaamat ohjauskerrat ja näyttää, miten tavoitteisiin päästään.",
                "Demons eget projekt: det samlar vägledarnas samtal och visar hur målen nås.",
                "The demo's own project: it gathers what counsellors log and shows how its targets are met.",
            ],
        ),
    )
    project.areas.set([Area.objects.regions().get(code="06")])
    goal = ProjectGoal.objects.create(
        reference=f"{PROJECT}-1",
        **in_languages(
            "theme", ["Ohjauksen saavutettavuus", "Vägledningens tillgänglighet", "Access to guidance"]
        ),
        **in_languages(
            "text",
            [
                "Jokainen aikuinen saa ajan ohjaajalle viikon sisällä.",
                "Varje vuxen får en tid hos en vägledare inom en vecka.",
                "Every adult gets a time with a counsellor within a week.",
            ],
        ),
    )
    goal.projects.set([project])
    for order, (slug, role) in enumerate(
        [(LEAD, "administrator"), ("tredu", "implementer"), ("tampereen-tyollisyyspalvelut", "partner")]
    ):
        ProjectPartner.objects.create(
            project=project, organisation=organisations[slug], role=role, order=order
        )
    _indicators(story, project)


def _indicators(story: Story, project: Project) -> None:
    for code, target, a_month, names, units in [
        ("ohjatut", 450, 24, ["Ohjatut henkilöt", "Vägledda personer", "People guided"], ["henkilöä", "personer", "people"]),
        ("yritykset", 40, 2, ["Tavoitetut yritykset", "Nådda företag", "Companies reached"], ["yritystä", "företag", "companies"]),
    ]:  # fmt: skip
        indicator = Indicator.objects.create(
            project=project,
            code=code,
            target=target,
            **in_languages("name", names),
            **in_languages("unit", units),
        )
        value, readings = 0, []
        for month in range(12):
            value += a_month + story.dice.randint(-a_month // 2, a_month // 2)
            read_on = project.starts_on + timedelta(days=30 * (month + 1))
            readings.append(IndicatorReading(indicator=indicator, read_on=read_on, value=value))
        IndicatorReading.objects.bulk_create(readings)
