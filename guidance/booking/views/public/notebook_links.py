"""Private links to a notebook: one shows it to a counsellor, another opens it on a second device."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.booking import notebooks
from guidance.booking.forms.notebook import NotebookShareForm
from guidance.booking.models import NotebookLink
from guidance.booking.models.notebook import NotebookLinkQuerySet
from guidance.booking.views.public.notebook import notebook_of, private, remember
from opinovi.http import private_page, same_site_post


def _opened_by_key(links: NotebookLinkQuerySet) -> Callable[..., Callable[..., HttpResponse]]:
    """Give the view the link, if it still works; one that does not explains itself."""

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, key: str) -> HttpResponse:
            link = links.with_key(key).select_related("notebook").first()
            if link is None or not link.is_live:
                status = 410 if link else 404
                return render(request, "booking/public/_notebook_closed.html", {"link": link}, status=status)
            return view(request, link)

        return opened

    return decorated


@login_not_required
@private_page
@require_safe
@_opened_by_key(NotebookLink.objects.showing())
def notebook_shown(request: HttpRequest, link: NotebookLink) -> HttpResponse:
    """The notebook as its owner shows it: to read, until the link runs out."""
    items = link.notebook.items.kept().for_listing()
    return render(request, "booking/public/notebook_shown.html", {"items": items, "link": link})


@login_not_required
@private_page
@same_site_post
@require_http_methods(["GET", "HEAD", "POST"])
@_opened_by_key(NotebookLink.objects.opening())
def notebook_open(request: HttpRequest, link: NotebookLink) -> HttpResponse:
    """Open the notebook on this device. Looking changes nothing: mail programs follow links by themselves."""
    here = notebook_of(request)
    if request.method == "POST":
        key = notebooks.open_elsewhere(link, instead_of=here, bring="bring" in request.POST)
        response = redirect("booking:public:notebook_detail")
        remember(response, key)
        return response
    other = here if here and here != link.notebook else None
    context = {
        "link": link,
        "count": link.notebook.items.kept().count(),
        "is_here": here == link.notebook,
        "others": other.items.kept().count() if other else 0,
    }
    return render(request, "booking/public/notebook_open.html", context)


@login_not_required
@private
@same_site_post
@require_POST
def notebook_share(request: HttpRequest) -> HttpResponse:
    """Make a link that shows the notebook."""
    notebook, form = notebook_of(request), NotebookShareForm(request.POST)
    url = reverse("booking:public:notebook_detail")
    if notebook and form.is_valid():
        try:
            notebooks.show(notebook, days=form.cleaned_data["days"], nonce=form.cleaned_data["nonce"])
        except notebooks.TooManyLinks:
            return redirect(f"{url}?said=links#said")
    return redirect(f"{url}#links")


@login_not_required
@private
@same_site_post
@require_POST
def notebook_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back."""
    notebook = notebook_of(request)
    url = reverse("booking:public:notebook_detail")
    if notebook:
        notebooks.revoke(get_object_or_404(notebook.links, pk=pk))
        return redirect(f"{url}?said=revoked#said")
    return redirect(url)
