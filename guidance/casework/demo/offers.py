"""Guidance services and training options."""

from typing import Any

from django.utils.text import slugify

from guidance.casework.demo.more import More
from guidance.casework.demo.story import LANGUAGES, Story, in_languages, read
from guidance.catalogue.models import (
    ApplicationRound,
    Channel,
    GuidanceService,
    GuidanceTopic,
    TrainingNote,
    TrainingOption,
)
from network.models import Area, Organisation, ServicePoint
from projects.models import TargetGroup

UNITS = {
    "higher": "credit",
    "open": "credit",
    "general": "credit",
    "course": "hour",
}  # any other kind is measured in competence points
AUDIENCE = {
    "further": [
        "Sinulle, jolla on työkokemusta alalta.",
        "För dig som har arbetserfarenhet i branschen.",
        "For you who have worked in the field.",
    ],
    "specialist": [
        "Sinulle, jolla on vankka kokemus alalta.",
        "För dig som har gedigen erfarenhet i branschen.",
        "For you who know the field well.",
    ],
    "labour": [
        "Työttömille ja työttömyyden uhkaamille. Haku työllisyyspalvelujen kautta.",
        "För arbetslösa och dem som hotas av arbetslöshet. Ansökan via sysselsättningstjänsterna.",
        "For people without work or about to lose it. Apply through the employment services.",
    ],
    "higher": [
        "Sinulle, jolla on ylioppilastutkinto, ammatillinen tutkinto tai vastaava.",
        "För dig som har studentexamen, yrkesinriktad examen eller motsvarande.",
        "For you who have completed upper secondary studies or a vocational qualification.",
    ],
    "open": [
        "Kaikille pohjakoulutuksesta riippumatta.",
        "För alla oberoende av grundutbildning.",
        "For everybody, whatever you have studied before.",
    ],
}
ANYONE = [
    "Alanvaihtajille ja ensimmäistä tutkintoa suorittaville aikuisille.",
    "För vuxna som byter bransch eller avlägger sin första examen.",
    "For adults who change field or take their first qualification.",
]
FUNDING = {
    "labour": [
        "Työttömyysetuus ja kulukorvaus",
        "Arbetslöshetsförmån och kostnadsersättning",
        "Unemployment benefit and expenses",
    ],
    "course": ["Omarahoitus, työnantaja", "Egen finansiering, arbetsgivaren", "Your own means, the employer"],
    "open": ["Omarahoitus, työnantaja", "Egen finansiering, arbetsgivaren", "Your own means, the employer"],
}
STUDENT = ["Opintotuki, oppisopimuspalkka", "Studiestöd, läroavtalslön", "Student aid, apprentice's pay"]


def build(story: Story) -> None:
    givers = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    more = More(story)
    for told in read("services"):
        _service(story, told, givers, more)
    homes = {area.code: area for area in Area.objects.municipalities()}
    told_trainings = [
        told for name in ("vocational", "further", "open") for told in read(f"trainings_{name}")
    ]
    trainings = TrainingOption.objects.bulk_create(
        [_training(story, told, givers, more) for told in told_trainings]
    )
    ApplicationRound.objects.bulk_create([row for training in trainings for row in more.rounds(training)])
    TrainingNote.objects.bulk_create([row for training in trainings for row in more.notes(training)])
    place = TrainingOption.municipalities.through
    place.objects.bulk_create(
        [
            place(trainingoption=training, area=homes[code])
            for training, told in zip(trainings, told_trainings, strict=True)
            for code in told["what"]["places"]
        ]
    )


def _service(story: Story, told: dict[str, Any], givers: dict[str, Organisation], more: More) -> None:
    booking = told.get("booking", GuidanceService.Booking.ANYONE)
    service = GuidanceService.objects.create(
        slug=told["slug"],
        organisation=givers[told["organisation"]],
        languages=told["languages"],
        has_interpreter=told.get("interpreter", False),
        booking=booking,
        duration_minutes=told.get("minutes", 45),
        response_days=2,
        phone="+358 000 000 011",
        email="ohjaus@example.fi",
        checked_on=story.day(-story.dice.randint(3, 40)),
        published_at=story.now,
        **{
            column: text
            for name in ("name", "summary", "description", "audience", "bring")
            for column, text in in_languages(name, told[name]).items()
        },
        **more.of_service(told["slug"], booking),
    )
    service.channels.set(Channel.objects.filter(code__in=told["channels"]))
    service.service_points.set(ServicePoint.objects.filter(slug__in=told["points"]))
    service.areas.set(Area.objects.regions().filter(code__in=told["regions"]))
    service.target_groups.set(TargetGroup.objects.filter(code__in=told["groups"]))
    service.topics.set(GuidanceTopic.objects.filter(code__in=told["topics"]))


def _training(
    story: Story, told: dict[str, Any], givers: dict[str, Organisation], more: More
) -> TrainingOption:
    slug, provider, kind, field = told["at"]
    what = told["what"]
    begins, ends = what.get("apply", (None, None))
    seats, applicants = what.get("seats", (None, None))
    training = TrainingOption(
        slug=slugify(slug),
        provider=givers[provider],
        kind=kind,
        field=field,
        extent=what.get("extent"),
        extent_unit=UNITS.get(kind, "competence_point") if what.get("extent") else "",
        duration_months=what["months"],
        teaching_times=what["times"],
        mode=what["mode"],
        languages=what.get("languages", ["fi"]),
        fee=what.get("fee", 0),
        start=TrainingOption.Start.DATE if "starts" in what else TrainingOption.Start.PERSONAL,
        starts_on=story.day(what["starts"]) if "starts" in what else None,
        is_rolling=what.get("rolling", False),
        applications_from=None if begins is None else story.day(begins),
        applications_to=None if ends is None else story.day(ends),
        application_link=f"https://www.example.fi/haku/{slug}",
        contact_name="Hakutoimisto",
        contact_phone="+358 000 000 021",
        contact_email="hakutoimisto@example.fi",
        website=f"https://www.example.fi/koulutus/{slug}",
        seats=seats,
        applicants=applicants,
        checked_on=story.day(-story.dice.randint(1, 30)),
        published_at=story.now,
        **in_languages("name", [told[code][0] for code in LANGUAGES]),
        **in_languages("description", [told[code][1] for code in LANGUAGES]),
        **in_languages("audience", AUDIENCE.get(kind, ANYONE)),
        **in_languages("funding", FUNDING.get(kind, STUDENT)),
    )
    for column, value in more.of_training(training.slug, kind).items():
        setattr(training, column, value)
    return training
