import re

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from network.models import Area
from opinovi.forms import PortalFormMixin


class MeetingForm(PortalFormMixin, forms.Form):
    layout = (Fieldset("Who", Row("name", "email")), "way", "interpreter")
    submit = "Book"
    leave_url = "/en/"

    name = forms.CharField()
    email = forms.EmailField(required=False, help_text="We send the confirmation here.")
    way = forms.ChoiceField(
        label="How", choices=[("phone", "By phone"), ("place", "On site")], widget=forms.RadioSelect
    )
    interpreter = forms.BooleanField(label="I need an interpreter", required=False)


class PublicForm(PortalFormMixin, forms.Form):
    is_public = True

    name = forms.CharField()


class SearchForm(PortalFormMixin, forms.Form):
    method = "get"

    q = forms.CharField(required=False)


def drawn(form):
    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}")
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with override("en"):
        page = template.render({"form": form}, request)
    return re.sub(r"\s+(>?)", lambda space: space[1] or " ", page)


def test_form_ties_label_hint_and_error_to_the_field():
    page = drawn(MeetingForm({"email": "nobody"}))

    assert '<label for="id_email">' in page
    assert 'aria-invalid="true" aria-describedby="id_email_helptext id_email_error"' in page
    assert 'id="id_email_helptext">We send the confirmation here.' in page
    assert 'id="id_email_error">' in page


def test_form_says_required_in_words():
    page = drawn(MeetingForm())

    assert page.count('<span class="field__required">required</span>') == 2


def test_form_groups_choices_under_a_legend():
    page = drawn(MeetingForm({}))

    assert '<fieldset class="field field--invalid" aria-describedby="id_way_error">' in page
    assert "<legend>How" in page


def test_error_summary_takes_the_focus_and_leads_to_the_fields():
    page = drawn(MeetingForm({}))

    assert '<div class="error-summary" role="alert" tabindex="-1" autofocus>' in page
    assert "2 things need your attention" in page
    assert '<a href="#id_name"' in page
    assert '<a href="#id_way_0"' in page
    assert 'id="id_way_0"' in page


class LaterFirstForm(PortalFormMixin, forms.Form):
    layout = ("day", "name")

    name = forms.CharField()
    day = forms.DateField()


def test_error_summary_keeps_the_order_of_the_page():
    page = drawn(LaterFirstForm({}))

    assert page.index('<a href="#id_day"') < page.index('<a href="#id_name"')


def test_form_without_errors_has_no_summary():
    assert "error-summary" not in drawn(MeetingForm())


def test_form_draws_its_button_and_its_way_out():
    page = drawn(MeetingForm())

    assert '<button class="button button--next">Book</button>' in page
    assert 'href="/en/"' in page


def test_form_of_staff_carries_a_token_and_a_public_one_does_not():
    tokens = ["csrfmiddlewaretoken" in drawn(form) for form in (MeetingForm(), PublicForm(), SearchForm())]

    assert tokens == [True, False, False]


def test_form_lays_out_every_field_in_order_unless_told():
    page = drawn(SearchForm())

    assert 'method="get"' in page
    assert 'name="q"' in page


class AreaForm(PortalFormMixin, forms.ModelForm):
    class Meta:
        model = Area
        fields = ["name_fi", "name_sv", "slug"]


def test_form_says_the_language_of_a_translated_text():
    with override("en"):
        form = AreaForm()

    labels = [str(field.label) for field in form]
    assert labels == ["Name, in Finnish", "Name, in Swedish", "Address word"]
    assert 'lang="sv"' in str(form["name_sv"])
