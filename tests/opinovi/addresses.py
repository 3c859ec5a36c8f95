"""Pages that exist for the tests alone; each tells how many were made."""

from itertools import count

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers

from network.models import Organisation
from opinovi.http import private_page
from opinovi.urls import handler500  # noqa: F401 - Django looks for it here
from opinovi.urls import urlpatterns as portal

made = count(1)


@login_not_required
def organisations(request):
    """The organisations there are; `during` is called after they were read."""
    names = list(Organisation.objects.values_list("name_fi", flat=True))
    during()
    return HttpResponse(f"{next(made)}: {', '.join(names)}. " + "Padding. " * 50)


def during():
    """A test puts here what happens while a page is being made."""


@login_not_required
def cookie(request):
    response = HttpResponse(f"{next(made)}")
    response.set_cookie("taste", "sweet")
    return response


@login_not_required
def missing(request):
    raise Http404(f"{next(made)}")


@login_not_required
def elsewhere(request):
    return redirect("/en/tried/organisations/")


@login_not_required
@never_cache
def fresh(request):
    return HttpResponse(f"{next(made)}")


@login_not_required
@private_page
def letter(request):
    return HttpResponse(f"{next(made)}")


@login_not_required
def by_key(request, key):
    return HttpResponse(f"{next(made)}")


@login_not_required
@vary_on_headers("Accept-Language")
def varied(request):
    return HttpResponse(f"{next(made)}")


@login_not_required
def failing(request, who):
    raise LookupError(who)


@login_not_required
def out_of_reach(request):
    """Ask the database for more than it will do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(9)")


@login_not_required
def counted(request):
    return HttpResponse(caches["content"].get_or_set("counted", lambda: next(made), 60))


urlpatterns = [
    *portal,
    *i18n_patterns(
        path("tried/organisations/", organisations),
        path("tried/cookie/", cookie),
        path("tried/missing/", missing),
        path("tried/elsewhere/", elsewhere),
        path("tried/fresh/", fresh),
        path("tried/letter/", letter),
        path("tried/by-key/<str:key>/", by_key),
        path("tried/varied/", varied),
        path("tried/counted/", counted),
        path("tried/failing/<str:who>/", failing),
        path("tried/out-of-reach/", out_of_reach),
    ),
]
