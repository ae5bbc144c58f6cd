"""Unfold admins for the accounts and groups of django.contrib.auth."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from evaluation.enums import Role

from ..base import RefusableForm, RefusedMixin
from ..display import column, jalali, latin
from ..exports import ListExportMixin
from ..filters import JalaliPeriodFilter
from ..forms import FORMFIELD_OVERRIDES, LatinWidget
from ..lookups import OfferedLookupsMixin
from ..row_boxes import RowBoxMixin
from ..seen_forms import SeenMixin
from ..versions import VersionsMixin
from ..word_search import WordSearchMixin

for model in (User, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class AccountForm(RefusableForm, UserChangeForm):
    """An account; of its password it says only whether there is one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].widget.template_name = "evaluation/widgets/password_set.html"


class OtherPasswordForm(SeenMixin, AdminPasswordChangeForm):
    """The administrator's form for somebody's password; two who set one at the same time are told."""

    def values_that_stand(self):
        return {"password": self.user.password}

    def sentences(self, changed):
        return [
            gettext(
                "The password of this account was changed by somebody else while this form was open. Nothing was "
                "saved; enter the new password again if it is to replace the other one."
            )
        ]


class NewAccountForm(RefusableForm, UserCreationForm):
    pass


@admin.register(User)
class AccountAdmin(
    RefusedMixin,
    VersionsMixin,
    OfferedLookupsMixin,
    RowBoxMixin,
    WordSearchMixin,
    ListExportMixin,
    UserAdmin,
    ModelAdmin,
):
    form = AccountForm
    add_form = NewAccountForm
    change_password_form = OtherPasswordForm
    change_user_password_template = "admin/evaluation/system/change_password.html"
    formfield_overrides = FORMFIELD_OVERRIDES
    list_display = ("account", "full_name", "is_active", "last_seen")
    list_filter = ("is_active", "is_staff", "is_superuser", ("last_login", JalaliPeriodFilter))
    search_fields = ("username", "first_name", "last_name", "email")
    list_per_page = 50
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Account"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login", "date_joined")}),
    )

    @column(_("user name"), "username")
    def account(self, user):
        return latin(user.username)

    @column(_("name"), "last_name")
    def full_name(self, user):
        return user.get_full_name() or "—"

    @column(_("last login"), "last_login")
    def last_seen(self, user):
        return jalali(user.last_login)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("username", "email"):
            kwargs["widget"] = LatinWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Rights come from memberships; only a system administrator hands out the system's own."""
        fixed = ("last_login", "date_joined")
        return (
            fixed if request.user.is_superuser else (*fixed, "is_staff", "is_superuser", "groups", "user_permissions")
        )

    def has_change_permission(self, request, obj=None):
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """An account is closed, never deleted: its name stays in the log."""
        return False


@admin.register(Group)
class RoleAdmin(OfferedLookupsMixin, ListExportMixin, GroupAdmin, ModelAdmin):
    """The rights of each role, to read: they come with the product (fixtures/), people get them by membership."""

    list_display = ("role", "name")
    fields = readonly_fields = ("role", "name", "rights")
    filter_horizontal = ()

    @column(_("role"), "name")
    def role(self, group):
        return dict(Role.choices).get(group.name, group.name)

    @column(_("Permissions"))
    def rights(self, group):
        codes = group.permissions.order_by("codename").values_list("codename", flat=True)
        return format_html_join(" ", "{}", ((latin(code),) for code in codes)) or "—"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
