"""Provinces, agencies, their headquarters, partner bodies, and people's roles in them."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model, password_validation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Agency, AgencyIdentifier, Headquarters, Membership, PartnerBody, Province
from evaluation.process.agencies import membership
from evaluation.rules.roles import GIVEN_BY_STAFF

from ..base import BaseAdmin, BaseTabular, ReadOnlyInline, RefusableForm
from ..display import badge, column, jalali, latin, link
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..forms import FieldWidget, LatinWidget
from ..imports.workbooks import WorkbookButtonsMixin
from ..labels import person
from ..verbs.shared_rows import SharedRowsMixin


@admin.register(Province)
class ProvinceAdmin(BaseAdmin):
    list_display = ("name", "shown_code")
    search_fields = ("name", "code")

    @column(gettext_lazy("code"), "code")
    def shown_code(self, row):
        return latin(row.code)


@admin.register(Headquarters)
class HeadquartersAdmin(SharedRowsMixin, BaseAdmin):
    list_display = ("name", "shown_code")
    search_fields = ("name", "code")

    @column(gettext_lazy("code"), "code")
    def shown_code(self, row):
        return latin(row.code)


@admin.register(PartnerBody)
class PartnerBodyAdmin(SharedRowsMixin, BaseAdmin):
    list_display = ("name", "shown_code")
    search_fields = ("name", "code")

    @column(gettext_lazy("code"), "code")
    def shown_code(self, row):
        return latin(row.code)


class IdentifierInline(BaseTabular):
    model = AgencyIdentifier
    show_title = False  # it would be the identifier again
    fields = ("system", "value")


class AgencyPeopleInline(ReadOnlyInline):
    model = Membership
    fields = ("shown_person", "role", "since", "until", "active")
    readonly_fields = ("shown_person",)
    select_related = ("user",)
    verbose_name_plural = gettext_lazy("people")

    @column(gettext_lazy("user"))
    def shown_person(self, row):
        return link(row, person(row.user))


@admin.register(Agency)
class AgencyAdmin(WorkbookButtonsMixin, BaseAdmin):
    workbooks = ("agencies",)
    list_display = ("name", "shown_code", "kind", "headquarters", "group", "is_ranked", "is_active")
    list_filter = (
        ("province", ScopedRelatedFilter),
        ("headquarters", ScopedRelatedFilter),
        "ranked",
        "active",
    )
    select_related = ("province", "headquarters")
    search_fields = ("name", "code", "kind", "national_id")
    autocomplete_fields = ("headquarters",)
    fields = (
        "province",
        ("code", "name"),
        ("kind", "group"),
        "headquarters",
        "national_id",
        ("ranked", "active"),
    )
    inlines = (IdentifierInline, AgencyPeopleInline)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("code", "national_id"):
            kwargs["widget"] = LatinWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @column(gettext_lazy("agency code"), "code")
    def shown_code(self, row):
        return latin(row.code)

    @column(gettext_lazy("ranked"), "ranked", boolean=True)
    def is_ranked(self, row):
        return row.ranked

    @column(gettext_lazy("active"), "active", boolean=True)
    def is_active(self, row):
        return row.active


class MembershipForm(RefusableForm):
    """A role at a place, for somebody who has an account or for somebody new."""

    username = forms.CharField(label=gettext_lazy("user name"), max_length=150, required=False, widget=LatinWidget)
    first_name = forms.CharField(label=gettext_lazy("first name"), max_length=150, required=False, widget=FieldWidget)
    last_name = forms.CharField(label=gettext_lazy("last name"), max_length=150, required=False, widget=FieldWidget)
    password = forms.CharField(
        label=gettext_lazy("first password"),
        required=False,
        widget=LatinWidget,
        help_text=gettext_lazy("The person changes it after the first login."),
    )

    by = None  # who fills the form

    class Meta:
        labels = {"user": gettext_lazy("existing account")}

    def clean(self):
        cleaned = super().clean()
        if "user" in self.fields:
            self.check_account(cleaned)
        for field, sentence in membership.why_not(cleaned.get("role"), cleaned, by=self.by):
            if field in self.fields:
                self.add_error(field, sentence)
        return cleaned

    def check_account(self, cleaned):
        """Either an existing account or a complete new one."""
        username = cleaned.get("username", "")
        if bool(cleaned.get("user")) == bool(username):
            self.add_error("user", _("Choose an existing account, or write the user name of a new one."))
            return
        if not username:
            return
        if get_user_model().objects.filter(username=username).exists():
            self.add_error("username", _("This user name is already used; choose another one."))
        try:
            password_validation.validate_password(cleaned.get("password", ""))
        except forms.ValidationError as error:
            self.add_error("password", error)

    def new_account(self):
        cleaned = self.cleaned_data
        names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
        return get_user_model().objects.create_user(
            cleaned["username"], password=cleaned["password"], is_staff=True, **names
        )

    def _post_clean(self):
        """The model's own checks need a user; a new one is made only when everything else is in order."""
        if self.cleaned_data.get("username") and not self.errors:
            self.instance.user = get_user_model()(username=self.cleaned_data["username"])
        super()._post_clean()


@admin.register(Membership)
class MembershipAdmin(WorkbookButtonsMixin, BaseAdmin):
    workbooks = ("memberships",)
    form = MembershipForm
    list_display = ("shown_person", "account", "role_badge", "shown_place", "from_day", "until_day", "is_active")
    list_filter = (("role", CountedChoicesFilter), "active")
    list_select_related = ("user", "province", "agency", "headquarters", "partner")
    search_fields = ("user__username", "user__first_name", "user__last_name", "agency__name", "headquarters__name")
    autocomplete_fields = ("agency", "headquarters")
    select_related = ("user", "province", "agency", "headquarters", "partner")

    def get_fieldsets(self, request, obj=None):
        place = (_("Role and place"), {"fields": ("role", "province", "agency", "headquarters", "partner")})
        time = (_("Validity"), {"fields": (("since", "until"), "active")})
        if obj is not None:
            return [(None, {"fields": ("user",)}), place, time]
        new = ("username", ("first_name", "last_name"), "password")
        return [(None, {"fields": ("user",)}), (_("New account"), {"fields": new}), place, time]

    def get_readonly_fields(self, request, obj=None):
        fixed = ("user",) if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        if "user" in form.base_fields:
            form.base_fields["user"].required = False
        if "role" in form.base_fields and not request.user.is_superuser:
            offered = form.base_fields["role"].choices
            staff_gives = ("", *GIVEN_BY_STAFF)
            form.base_fields["role"].choices = [choice for choice in offered if choice[0] in staff_gives]
        return form

    def save_model(self, request, obj, form, change):
        if form.cleaned_data.get("username"):
            obj.user = form.new_account()
        super().save_model(request, obj, form, change)

    @column(gettext_lazy("user"), "user__last_name")
    def shown_person(self, row):
        return person(row.user)

    @column(gettext_lazy("user name"), "user__username")
    def account(self, row):
        return latin(row.user.get_username())

    @column(gettext_lazy("role"), "role")
    def role_badge(self, row):
        return badge(row.get_role_display())

    @column(gettext_lazy("place"))
    def shown_place(self, row):
        return row.place or "—"

    @column(gettext_lazy("from"), "since")
    def from_day(self, row):
        return jalali(row.since)

    @column(gettext_lazy("until"), "until")
    def until_day(self, row):
        return jalali(row.until)

    @column(gettext_lazy("active"), "active", boolean=True)
    def is_active(self, row):
        return row.active
