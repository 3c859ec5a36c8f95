from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Self

from crispy_forms.layout import Div, Field, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guidance.casework.forms.client import municipalities
from guidance.casework.forms.entry import Difference, EntryForm
from guidance.casework.models import Client, ClientQuerySet, Entry, GuidanceSession, GuidanceSessionQuerySet
from guidance.catalogue.models import GuidanceService
from network.models import ServicePoint
from opinovi.choices import read_together
from opinovi.forms import PortalFormMixin
from opinovi.models import User
from projects.models import Project

NEW, ANOTHER, NOBODY = "new", "another", "nobody"  # what "who was it?" may say beside a client's number
MOST_FOUND = 10
LATE = timedelta(days=92)  # sessions of a project can be logged some time after it has ended

NOTHING = {"service_point": _("none"), "municipality": _("not known"), "project": _("none")}

NEW_CLIENT = (Row("new_name", "new_email", "new_phone"),)
CONTENT = ("notes", "next_step")
DETAILS = (
    "guidance_service",
    Row("channel", "service_point"),
    Row("held_on", "minutes"),
    "language",
    "topics",
    "target_groups",
    "municipality",
    "project",
)


class GuidanceSessionForm(EntryForm):
    """One session: who it was, what was done, and the facts that are mostly known already.

    A client is chosen among those the portal offers: the session's own, those with the booking's e-mail
    address or phone number, and those found by name, which is a step of this same form.
    """

    submit = _("Save the session")
    is_tagless = True

    person = forms.ChoiceField(
        label=_("Who was it?"), widget=forms.RadioSelect(attrs={"class": "choices--big"})
    )
    find = forms.CharField(
        label=_("Client's name, or a part of it"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    new_name = forms.CharField(label=_("Name of the new client"), required=False, max_length=150)
    new_email = forms.EmailField(label=_("E-mail address"), required=False)
    new_phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )

    class Meta:
        model = GuidanceSession
        fields = [
            "notes",
            "next_step",
            "guidance_service",
            "channel",
            "service_point",
            "held_on",
            "minutes",
            "language",
            "topics",
            "target_groups",
            "municipality",
            "project",
        ]
        labels = {"municipality": _("Home municipality of the person")}
        help_texts = {"municipality": _("For the figures only.")}
        widgets = {
            "next_step": forms.Textarea(attrs={"rows": 2}),
            "minutes": forms.NumberInput(attrs={"min": 1, "max": 600}),
            "held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "topics": forms.CheckboxSelectMultiple(attrs={"class": "choices--many"}),
            "target_groups": forms.CheckboxSelectMultiple(attrs={"class": "choices--many"}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["held_on"].show_hidden_initial = False
        self.new_client: Client | None = None
        self._limit_choices()
        self.offered = {client.pk: client for client in self._clients_to_offer()}
        if self.instance.appointment:
            for name in ("new_name", "new_email", "new_phone"):
                del self.fields[name]
        self._lay_out()
        self._offer()

    def _limit_choices(self) -> None:
        session = self.instance
        organisation = session.organisation
        services = GuidanceService.objects.published().filter(organisation=organisation)
        services |= GuidanceService.objects.filter(pk=session.guidance_service_id)
        points = ServicePoint.objects.open().filter(
            Q(organisation=organisation) | Q(guidance_services__organisation=organisation)
        )
        points = ServicePoint.objects.filter(Q(pk__in=points.values("pk")) | Q(pk=session.service_point_id))
        projects = Project.objects.filter(
            Q(partners__organisation=organisation, ends_on=None)
            | Q(partners__organisation=organisation, ends_on__gte=session.held_on - LATE)
            | Q(pk=session.project_id)
        )
        choices = {
            "guidance_service": services.by_name(),
            "service_point": points.by_name(),
            "project": Project.objects.filter(pk__in=projects.values("pk")).by_name(),
            "municipality": municipalities(session.municipality_id),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows
        for name, words in NOTHING.items():
            self.fields[name].empty_label = words
        read_together(self, *choices, "channel", "topics", "target_groups")

    def _lay_out(self) -> None:
        """On a wide screen: to the left what one writes, to the right what is known."""
        appointment = self.instance.appointment
        find = Field("find", template="casework/desk/_find_client.html")
        new_client = () if appointment else NEW_CLIENT
        known = Fieldset(_("From the booking") if appointment else _("How it was held"), *DETAILS)
        written = Div("person", *new_client, find, *CONTENT, css_class="form__body")
        self.layout = (Div(written, known, css_class="columns"), "nonce", "version")

    # Who it was

    @cached_property
    def clients(self) -> ClientQuerySet:
        """The clients that may be chosen: those of the session's organisation, for its own counsellors."""
        return Client.objects.visible_to(self.user).filter(organisation=self.instance.organisation_id)

    @property
    def is_search(self) -> bool:
        """Whether the form was sent to find a client, not to be saved."""
        return "search" in self.data

    def _clients_to_offer(self) -> list[Client]:
        clients = self.clients.for_listing()
        chosen = self._typed("person")
        numbers = {self.instance.client_id, int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None}
        offered = list(clients.filter(pk__in=numbers - {None})) if numbers != {None} else []
        if appointment := self.instance.appointment:
            offered += clients.reached_by(email=appointment.email, phone=appointment.phone)[:MOST_FOUND]
        if words := self._typed("find"):
            found = list(clients.named(words).by_name()[: MOST_FOUND + 1])
            offered += found[:MOST_FOUND]
            self.fields["find"].help_text = _what_was_found(len(found))
        return offered

    def _typed(self, name: str) -> str:
        """What stands in a field; a BoundField would keep its first hint and choices."""
        source = self.data if self.is_bound else self.initial
        return str(source.get(name) or "").strip()

    def _offer(self, *, has_similar: bool = False) -> None:
        """Write the choices of "who was it?", and choose what is sure."""
        appointment = self.instance.appointment
        choices = [(str(pk), _described(client)) for pk, client in self.offered.items()]
        if appointment:
            choices.append((NEW, gettext("New client: %(name)s") % {"name": _described(appointment)}))
        elif has_similar or self._typed("person") == ANOTHER:
            choices.append((ANOTHER, gettext("None of these: a new client")))
        else:
            choices.append((NEW, gettext("A new client, named below")))
        choices.append((NOBODY, gettext("No name: counted in the figures only")))
        self.fields["person"].choices = choices
        if "person" not in self.initial:
            self.initial["person"] = self._sure_choice()

    def _sure_choice(self) -> str | None:
        """The session's own client, or the only one that has both the booking's address and its name."""
        session = self.instance
        if session.client_id:
            return str(session.client_id)
        if session.pk:
            return NOBODY
        if not session.appointment:
            return None
        if not self.offered:
            return NEW
        named = [client for client in self.offered.values() if client.is_named(session.appointment.name)]
        return str(named[0].pk) if len(named) == 1 else None

    def with_found_clients(self) -> Self:
        """The same form, unsaved, with what was typed and the clients that were found."""
        typed = {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }
        return type(self)(instance=self.instance, user=self.user, initial=typed)

    @property
    def names_hidden_row(self) -> bool:
        """Whether a choice was sent that this form does not offer: another organisation's row."""
        named = ("person", "guidance_service", "service_point", "project")
        errors = [error for name in named for error in self.errors.as_data().get(name, [])]
        return any(error.code == "invalid_choice" for error in errors)

    # Checking

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = cleaned.get("person")
        self.instance.client = self.offered.get(int(person)) if person and person.isdecimal() else None
        if person in {NEW, ANOTHER}:
            self._take_new_client(person)
        elif person == NOBODY and cleaned.get("new_name"):
            self.add_error("person", gettext("You wrote a name. Choose a new client, or take the name away."))
        return cleaned

    def _take_new_client(self, person: str) -> None:
        appointment = self.instance.appointment
        details = {name: self.cleaned_data.get(f"new_{name}", "") for name in ("name", "email", "phone")}
        if appointment:
            details = {name: getattr(appointment, name) for name in details}
            details["language"] = appointment.language
        client = Client(organisation=self.instance.organisation, **details)
        try:
            client.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                field = f"new_{name}" if f"new_{name}" in self.fields else "person"
                self.add_error(field, messages)
            return
        known = [] if appointment or person == ANOTHER else self._same_as(client)
        if known:
            self.offered.update({same.pk: same for same in known})
            self.rewrite("person", "")
            self._offer(has_similar=True)
            self.add_error("person", gettext("Is it one of these? They have the same address or number."))
        self.new_client = client

    def _same_as(self, client: Client) -> list[Client]:
        same = self.clients.reached_by(email=client.email, phone=client.phone)
        return list(same.for_listing()[:MOST_FOUND])

    def pairs_with(self, current: Entry) -> Iterator[Difference]:
        yield from super().pairs_with(current)
        saved = str(getattr(current, "client", None) or "–")
        typed = str(self.new_client or self.instance.client or "–")
        yield Difference(str(self.fields["person"].label), saved, typed)


def _described(person: Any) -> str:
    """A client, or the person of a booking, told from others of the same name."""
    known = [person.name, person.email or person.phone]
    if isinstance(person, Client):
        known.append(str(person.home_municipality or ""))
        number = person.session_count  # type: ignore[attr-defined]  # for_listing() adds it
        known.append(ngettext("%(number)s session", "%(number)s sessions", number) % {"number": number})
    return ", ".join(part for part in known if part)


def _what_was_found(number: int) -> str:
    if not number:
        return gettext("No client has these words in the name.")
    if number > MOST_FOUND:
        return gettext("More than ten clients have these words in the name. Write more of it.")
    found = ngettext("One client found.", "%(number)s clients found.", number) % {"number": number}
    return found + " " + gettext("Choose above.")


class SessionFilterForm(PortalFormMixin, forms.Form):
    """Narrows a counsellor's own sessions by the client's name, the service and the days."""

    method = "get"
    is_tagless = True
    layout = (Row("q", "service"), Row("since", "until"))
    q = forms.CharField(
        label=_("Client's name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"type": "search", "data-key": "/", "autocomplete": "off"}),
    )
    service: forms.ModelChoiceField = forms.ModelChoiceField(
        GuidanceService.objects.none(), label=_("Guidance service"), required=False, empty_label=_("all")
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = GuidanceSession.objects.visible_to(user).filter(counsellor=user)
        services = GuidanceService.objects.filter(pk__in=held.values("guidance_service"))
        self.fields["service"].queryset = services.by_name()

    def narrow(self, sessions: GuidanceSessionQuerySet) -> GuidanceSessionQuerySet:
        """The sessions that match; all of them while the form has a mistake."""
        if not self.is_valid():
            return sessions
        chosen = self.cleaned_data
        sessions = sessions.held_between(chosen["since"], chosen["until"])
        if chosen["service"]:
            sessions = sessions.filter(guidance_service=chosen["service"])
        if chosen["q"]:
            sessions = sessions.filter(client__in=Client.objects.named(chosen["q"]))
        return sessions
