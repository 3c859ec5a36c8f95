"""The notebook: what a visitor keeps without an account. The browser's cookie says whose it is.

These pages are made for one browser alone and kept by nobody. A POST acts with what the cookie allows: it is
refused when it comes from another site, and browsers do not send the cookie along from there (SameSite).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking import notebooks
from guidance.booking.comparison import compare
from guidance.booking.forms.notebook import NotebookSendForm, NotebookShareForm, NoteForm
from guidance.booking.models import GroupSession, Notebook, NotebookItem
from guidance.booking.models.notebook import MOST_COMPARED, MOST_ITEMS
from guidance.catalogue.models import GuidanceService, TrainingOption
from opinovi.http import same_site_post

COOKIE = "notebook"
KINDS: dict[str, Any] = {"training": TrainingOption, "guidance": GuidanceService, "session": GroupSession}
FIELDS = ("training", "service", "session")  # of a kept thing, by its kind

private = cache_control(private=True, no_store=True)


def key_of(request: HttpRequest) -> str:
    """The key in the browser's cookie; empty where there is none, or one that we did not sign."""
    return request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=_seconds()) or ""


def notebook_of(request: HttpRequest) -> Notebook | None:
    key = key_of(request)
    return Notebook.objects.of_device(key).first() if key else None


def remember(response: HttpResponse, key: str) -> None:
    """Let the browser keep the key for as long as the notebook would last without use."""
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=COOKIE,
        max_age=_seconds(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _seconds() -> int:
    return settings.NOTEBOOK_DAYS * 24 * 3600


def _with_notebook(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the browser's notebook; where there is none, its first page says how one begins."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        notebook = notebook_of(request)
        if notebook is None:
            return redirect("booking:public:notebook_detail")
        return view(request, notebook, *args, **kwargs)

    return opened


@login_not_required
@private
@require_safe
def notebook_detail(request: HttpRequest) -> HttpResponse:
    """What is kept, with notes, and what can be done with it."""
    notebook = notebook_of(request)
    response = _page(request, notebook)
    if notebook and notebooks.touch(notebook):
        remember(response, key_of(request))
    return response


def _page(
    request: HttpRequest, notebook: Notebook | None, *, note: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    items = list(notebook.items.kept().for_listing()) if notebook else []
    forms = [note if note and note.instance.pk == item.pk else _note_form(item) for item in items]
    removed = request.GET.get("removed", "")
    gone = notebook.items.removed().for_listing() if notebook and removed.isdecimal() else None
    context = {
        "notebook": notebook,
        "lines": list(zip(items, forms, strict=True)),
        "count": len(items),
        "removed": gone.filter(pk=int(removed[:18])).first() if gone is not None else None,
        "said": request.GET.get("said", ""),
        "links": notebook.links.live().showing() if notebook else [],
        "share_form": NotebookShareForm(),
        "portal_url": settings.ADDRESS,
        "most": MOST_ITEMS,
        "most_compared": MOST_COMPARED,
        "days": settings.NOTEBOOK_DAYS,
    }
    return render(request, "booking/public/notebook_detail.html", context, status=status)


def _note_form(item: NotebookItem, data: Any = None) -> NoteForm:
    return NoteForm(data, instance=item, auto_id=f"id_%s_{item.pk}")


@login_not_required
@private
@same_site_post
@require_POST
def notebook_keep(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Keep a thing and go back to where the button was; a mark there says that it is kept.

    The page with the button is the same for everybody and kept in memory, so the mark is reached by the
    fragment alone. Two first presses at once begin two notebooks, of which the browser keeps one.
    """
    model = KINDS.get(kind)
    thing = get_object_or_404(model.objects.published(), slug=slug) if model else None
    if thing is None:
        return render(request, "404.html", status=404)
    notebook, key = notebook_of(request), ""
    if notebook is None:
        if not ratelimit.consume(request, action="new_notebook"):
            return ratelimit.respond_429(request)
        notebook, key = notebooks.begin()
    try:
        is_new = notebooks.keep(notebook, thing)
    except notebooks.NotebookFull:
        return _said("full")
    response = redirect(f"{_back(request)}#{'kept' if is_new else 'had'}-{kind}-{thing.pk}")
    if key:
        remember(response, key)
    return response


def _back(request: HttpRequest) -> str:
    """The page of ours that the button stood on, as the browser tells it; else the notebook."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path.startswith("/"):
        return reverse("booking:public:notebook_detail")
    path = "/" + came_from.path.lstrip("/\\")
    return f"{path}?{came_from.query}" if came_from.query else path


def _said(word: str) -> HttpResponse:
    return redirect(f"{reverse('booking:public:notebook_detail')}?said={word}#said")


@login_not_required
@private
@require_safe
def notebook_kept(request: HttpRequest) -> HttpResponse:
    """A style sheet that shows on a page which of its things are in the browser's notebook.

    The page is the same for everybody and kept in memory; it holds the words at each thing, hidden, and this
    calls them up for one reader.
    """
    notebook = notebook_of(request)
    kept = notebook.items.kept().values_list(*FIELDS) if notebook else []
    names = [
        f"#keep-{kind}-{pk}" for pks in kept for kind, pk in zip(KINDS, pks, strict=True) if pk is not None
    ]
    context = {"names": ", ".join(names)}
    return render(request, "booking/public/notebook_kept.css", context, content_type="text/css")


@login_not_required
@private
@same_site_post
@require_POST
@_with_notebook
def item_note(request: HttpRequest, notebook: Notebook, pk: int) -> HttpResponse:
    item = get_object_or_404(notebook.items.kept(), pk=pk)
    form = _note_form(item, request.POST)
    if not form.is_valid():
        return _page(request, notebook, note=form)
    form.instance.save(update_fields=["note"])
    notebooks.touch(notebook)
    return redirect(f"{reverse('booking:public:notebook_detail')}#item-{pk}")


@login_not_required
@private
@same_site_post
@require_POST
@_with_notebook
def item_remove(request: HttpRequest, notebook: Notebook, pk: int) -> HttpResponse:
    item = get_object_or_404(notebook.items, pk=pk)
    if item.removed_at is None:
        notebooks.remove(item)
    return redirect(f"{reverse('booking:public:notebook_detail')}?removed={pk}#said")


@login_not_required
@private
@same_site_post
@require_POST
@_with_notebook
def item_restore(request: HttpRequest, notebook: Notebook, pk: int) -> HttpResponse:
    """Bring back what was removed."""
    item = get_object_or_404(notebook.items, pk=pk)
    try:
        notebooks.restore(item)
    except notebooks.NotebookFull:
        return _said("full")
    return redirect(f"{reverse('booking:public:notebook_detail')}#item-{pk}")


@login_not_required
@private
@require_safe
@_with_notebook
def notebook_compare(request: HttpRequest, notebook: Notebook) -> HttpResponse:
    """Up to four things side by side; the first four where more were chosen, and the page says so.

    `only=different` leaves out what is the same for all, as long as anything differs.
    """
    chosen = [int(pk[:18]) for pk in request.GET.getlist("item") if pk.isdecimal()]
    items = list(notebook.items.kept().filter(pk__in=chosen).for_listing())
    shown = sorted(items, key=lambda item: chosen.index(item.pk))[:MOST_COMPARED]
    questions = compare(shown)
    different = [question for question in questions if not question.is_same]
    is_narrowed = bool(different) and request.GET.get("only") == "different"
    context = {
        "items": shown,
        "questions": different if is_narrowed else questions,
        "different": len(different) if len(different) < len(questions) else 0,
        "is_narrowed": is_narrowed,
        "query": urlencode([("item", item.pk) for item in shown]),
        "is_too_many": len(items) > MOST_COMPARED,
        "most": MOST_COMPARED,
    }
    return render(request, "booking/public/notebook_compare.html", context)


@login_not_required
@private
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_with_notebook
def notebook_send(request: HttpRequest, notebook: Notebook) -> HttpResponse:
    """Send the notebook to oneself. The answer is the same whatever becomes of the letter."""
    form = NotebookSendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="public_letter"):
            return ratelimit.respond_429(request)
        language = (get_language() or settings.LANGUAGE_CODE)[:2]
        told = form.cleaned_data
        try:
            notebooks.send(notebook, email=told["email"], language=language, nonce=told["nonce"])
        except notebooks.TooManyLetters:
            return _said("letters")
        return _said("sent")
    return render(request, "booking/public/notebook_send.html", {"form": form})


@login_not_required
@private
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_with_notebook
def notebook_erase(request: HttpRequest, notebook: Notebook) -> HttpResponse:
    """Ask once more, then erase everything, the cookie too."""
    if request.method != "POST":
        return render(request, "booking/public/notebook_erase.html")
    notebooks.erase(notebook)
    response = _said("erased")
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
