"""The word lists that sort organisations, projects and services, kept by an administrator."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue.forms.vocabularies import word_form
from guidance.catalogue.vocabularies import (
    WORD_LISTS,
    Word,
    WordInUse,
    WordList,
    delete_word,
    free_code,
    move_word,
    uses_of,
)
from network.access import administrator_required
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain


@require_safe
@administrator_required
def vocabulary_list(request: UserRequest) -> HttpResponse:
    """All lists on one page: they are short."""
    lists = [(words, words.model.objects.all()) for words in WORD_LISTS.values()]
    return render(request, "catalogue/office/vocabulary_list.html", {"lists": lists})


@require_http_methods(["GET", "POST"])
@administrator_required
def vocabulary_add(request: UserRequest, kind: str) -> HttpResponse:
    words = _words(kind)
    return _vocabulary_form(request, words, words.new_word())


@require_http_methods(["GET", "POST"])
@administrator_required
def vocabulary_edit(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    words = _words(kind)
    return _vocabulary_form(request, words, get_object_or_404(words.model, pk=pk))


def _vocabulary_form(request: UserRequest, words: WordList, word: Word) -> HttpResponse:
    form = word_form(words, word, request.POST or None)
    if request.method == "POST" and form.is_valid():
        word.code = word.code or free_code(word)
        if save_or_explain(form):
            messages.success(request, _("“%(word)s” was saved.") % {"word": word})
            return _back_to(words.slug)
    uses = uses_of(word) if word.pk else []
    context = {"form": form, "words": words, "word": word, "uses": uses}
    return render(request, "catalogue/office/vocabulary_form.html", context)


@require_POST
@administrator_required
def vocabulary_move(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    move_word(get_object_or_404(_words(kind).model, pk=pk), up=request.POST.get("way") == "up")
    return _back_to(kind)


@require_POST
@administrator_required
def vocabulary_delete(request: UserRequest, kind: str, pk: int) -> HttpResponse:
    word = get_object_or_404(_words(kind).model, pk=pk)
    try:
        delete_word(word)
    except WordInUse as error:
        uses = ", ".join(f"{name} ({count})" for name, count in error.uses)
        messages.error(
            request,
            _("“%(word)s” is in use and stays: %(uses)s. Give those another word first.")
            % {"word": word, "uses": uses},
        )
        return redirect("catalogue:office:vocabulary_edit", kind, pk)
    messages.success(request, _("“%(word)s” was taken out of the list.") % {"word": word})
    return _back_to(kind)


def _back_to(kind: str) -> HttpResponse:
    """The page of all lists, at the list that was changed."""
    return redirect(f"{reverse('catalogue:office:vocabulary_list')}#{kind}")


def _words(kind: str) -> WordList:
    if kind not in WORD_LISTS:
        raise Http404
    return WORD_LISTS[kind]
