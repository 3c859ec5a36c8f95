"""The portal's own tables in Django's admin, for superusers: people, letters and the read log."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi import actions
from opinovi.models import AccessEvent, Letter, User

# Rights follow from roles in organisations, addresses from accounts, other services from the environment.
admin.site.unregister([Group, EmailAddress, SocialApp, SocialToken])


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People come in by invitation, and a password is its owner's: neither is given here.

    An address is changed in the office: what allauth has noted of the old one must go with it.
    """

    list_display = ("name", "email", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("name", "email")
    fields = ("email", "name", "phone", "language", "is_active", "is_superuser", "last_login", "joined_at")
    readonly_fields = ("email", "last_login", "joined_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    """The fate of every letter, but not what it says; the address of a failed one can be corrected."""

    list_display = ("kind", "medium", "state", "attempts", "created_at", "due_at", "sent_at", "error")
    list_filter = ("state", "medium", "kind")
    actions = ("send_again",)
    fields = ("kind", "state", "recipient", "subject", "attempts", "error", "created_at", "due_at", "sent_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Letter | None = None) -> tuple[str, ...]:
        is_failed = obj is not None and obj.state == Letter.State.FAILED
        return tuple(name for name in self.fields if name != "recipient" or not is_failed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Send the chosen failed letters again"))
    def send_again(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        count = actions.resend_letters(letters)
        messages.success(request, _("Letters to be sent again: %(count)d.") % {"count": count})


@admin.register(AccessEvent)
class AccessEventAdmin(admin.ModelAdmin):
    """Who read or changed what about a person. Nobody changes it, not even here."""

    list_display = ("at", "user", "action", "page", "subject_type", "subject_id", "reason")
    list_filter = ("action", "subject_type")
    list_select_related = ("user", "subject_type")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
