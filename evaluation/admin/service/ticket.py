"""Tickets of the service desk: who asks files them, staff answer, and the thread is read by both sides."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.enums import Role, TicketKind, TicketState
from evaluation.models import Province, Ticket, TicketMessage
from evaluation.persian import shown_end
from evaluation.process.door import Refusal
from evaluation.process.service import interruption, ticket
from evaluation.rules.roles import is_mpo, memberships_of
from evaluation.rules.shared_rows import provinces_of
from evaluation.rules.tickets import may_handle

from ..base import BaseAdmin, ReadOnlyInline
from ..choices import own_provinces
from ..display import EMPTY, badge, column, digits, jalali, state_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..labels import STAFF, person
from ..verbs.verb import Verb, VerbsMixin
from .ticket_forms import BannerForm, NameForm, OwnerForm, RateForm, TextForm

ASKED = ("kind", "subject", "text", "agency", "about_cycle", "about_role", "about_name")
SHOWN_STATE = state_column(gettext_lazy("state"))
OF_STAFF = ("owner", ScopedRelatedFilter)
CALLER = ("name", "phone", "email")  # of whom staff file a ticket for


def is_asker(user, row):
    return row is None or (row.author_id is not None and row.author_id == user.pk)


def handles(user, row):
    return may_handle(row or Ticket(), user)


def waits(row):
    return row.state in TicketState.waiting()


def is_settled(row):
    return row.state in TicketState.settled()


VERBS = (
    Verb(
        "answer",
        ticket.answer,
        form=TextForm,
        label=pgettext_lazy("verb", "Answer the ticket"),
        transition=False,
        allowed=handles,
        offered=waits,
        icon="reply",
        sentence=gettext_lazy("The asker reads the answer and can ask again."),
    ),
    Verb("assign", ticket.assign, form=OwnerForm, tone="plain", icon="assignment_ind"),
    Verb(
        "ask_back",
        ticket.ask_back,
        form=TextForm,
        label=pgettext_lazy("verb", "Ask the asker"),
        transition=False,
        allowed=handles,
        offered=waits,
        tone="plain",
        icon="contact_support",
        sentence=gettext_lazy("The asker is notified; the ticket goes on waiting for its answer."),
    ),
    Verb(
        "raise_banner",
        interruption.raise_banner,
        form=BannerForm,
        label=pgettext_lazy("verb", "Announce the fault"),
        transition=False,
        allowed=handles,
        offered=lambda row: row.kind in (TicketKind.FAULT, TicketKind.LOGIN) and row.announcement_id is None,
        initial=lambda row: {"text": row.subject},
        tone="plain",
        icon="campaign",
        sentence=gettext_lazy("The text stands above all pages of the province and on the log-in page."),
    ),
    Verb(
        "name_person",
        ticket.name_person,
        form=NameForm,
        label=pgettext_lazy("verb", "Name the person concerned"),
        transition=False,
        allowed=handles,
        offered=lambda row: row.kind in TicketKind.about_people(),
        tone="plain",
        icon="person_off",
        sentence=gettext_lazy("This person no longer sees the ticket and cannot handle it."),
    ),
    Verb(
        "follow_up",
        ticket.follow_up,
        form=TextForm,
        label=pgettext_lazy("verb", "Write again"),
        transition=False,
        allowed=is_asker,
        offered=waits,
        tone="plain",
        icon="edit",
        sentence=gettext_lazy("Who handles the ticket is notified of what you add."),
    ),
    Verb(
        "rate",
        ticket.rate,
        form=RateForm,
        label=pgettext_lazy("verb", "Rate the answer"),
        transition=False,
        allowed=is_asker,
        offered=is_settled,
        tone="plain",
        icon="thumbs_up_down",
        sentence=gettext_lazy("Your satisfaction counts in the figures of the service."),
    ),
    Verb("close", ticket.close, icon="check_circle", tone="plain"),
    Verb("reopen", ticket.reopen, icon="undo", tone="plain"),
)


class ThreadInline(ReadOnlyInline):
    """What both sides have written, oldest first; people outside read that the organization wrote, not who."""

    model = TicketMessage
    fields = ("moment", "writer", "text")
    readonly_fields = ("moment", "writer")
    select_related = ("by", "ticket")
    show_title = False
    verbose_name_plural = gettext_lazy("messages")

    def get_formset(self, request, obj=None, **kwargs):
        self.names_staff = is_mpo(request.user)
        return super().get_formset(request, obj, **kwargs)

    @column(gettext_lazy("at"))
    def moment(self, row):
        return jalali(row.at)

    @column(gettext_lazy("written by"))
    def writer(self, row):
        if row.of_desk and not self.names_staff:
            return STAFF
        return person(row.by) if row.by else row.ticket.name or _("Without an account")


def asks_for_agency(user):
    """Whether the person files tickets for an agency: its reporter, or its headquarters."""
    return any(member.role in (Role.AGENCY, Role.HEADQUARTERS) for member in memberships_of(user))


def province_of(user, *, agency, cycle):
    """The province to whose organization a ticket goes: of its agency, of the person's place, or of its cycle.

    Raises Refusal where none of them names a province: a partner body may belong to all.
    """
    if agency is not None:
        return agency.province
    members = [member for member in memberships_of(user) if not member.headquarters_id]
    places = [key for member in members for key in provinces_of(member)]
    province = (Province.objects.filter(pk__in=places) if places else own_provinces(user)).first()
    if province is None and cycle is not None:
        return cycle.province
    if province is None:
        raise Refusal(_("Choose the cycle, so that the ticket goes to the organization of its province."))
    return province


class LateFilter(admin.SimpleListFilter):
    """Tickets whose time for an answer is over."""

    title = gettext_lazy("time for the answer")
    parameter_name = "late"

    def lookups(self, request, model_admin):
        return [("yes", _("overdue")), ("no", _("in time"))]

    def queryset(self, request, queryset):
        late = {"state__in": TicketState.waiting(), "due_at__lte": timezone.now()}
        if self.value() == "yes":
            return queryset.filter(**late)
        return queryset.exclude(**late) if self.value() == "no" else queryset


@admin.register(Ticket)
class TicketAdmin(VerbsMixin, BaseAdmin):
    list_display = ("number", "subject", "kind", SHOWN_STATE, "asker", "owner", "due", "filed", "shown_satisfaction")
    list_display_links = ("subject",)
    list_filter = (
        ("kind", CountedChoicesFilter),
        ("state", CountedChoicesFilter),
        LateFilter,
        OF_STAFF,
        ("filed_at", JalaliPeriodFilter),
    )
    list_select_related = ("author", "owner", "agency")
    select_related = ("province", "author", "owner", "agency", "about_cycle", "about", "announcement")
    search_fields = ("reference", "subject")
    inlines = (ThreadInline,)
    state = "state"
    verbs = VERBS

    def get_list_display(self, request):
        """People outside see their own tickets; who handles them is the organization's matter."""
        columns = super().get_list_display(request)
        return columns if is_mpo(request.user) else [name for name in columns if name not in ("asker", "owner")]

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return filters if is_mpo(request.user) else [one for one in filters if one != OF_STAFF]

    def get_fields(self, request, obj=None):
        about, staff = ("about_role", "about_name"), is_mpo(request.user)
        if obj is None:
            of_agency = staff or asks_for_agency(request.user)
            asked = ["kind", "subject", "text", ("agency", "about_cycle") if of_agency else "about_cycle", about]
            return [*asked, CALLER] if staff else asked
        fields = [("number", "kind"), "subject", ("agency", "about_cycle"), ("filed_at", "due_day")]
        if obj.kind in TicketKind.about_people():
            fields.append((*about, "about") if staff else about)
        if staff:
            fields += [("asker", "phone", "email"), ("owner", "first_answered_at"), "announcement"]
        if obj.satisfaction:
            fields.append(("satisfaction", "satisfaction_note"))
        return fields

    def get_readonly_fields(self, request, obj=None):
        computed = ("number", "due_day", "asker") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *computed)

    def get_inlines(self, request, obj):
        return self.inlines if obj is not None else ()

    def has_change_permission(self, request, obj=None):
        return False  # what was asked stands; verbs add to it

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        """People of agencies and headquarters name the agency: the ticket goes to the organization of its province."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "agency" in form.base_fields:
            form.base_fields["agency"].required = not is_mpo(request.user)
        return form

    def get_changeform_initial_data(self, request):
        own = [member.agency_id for member in memberships_of(request.user) if member.role == Role.AGENCY]
        return {"agency": own[0] if len(own) == 1 else None} | super().get_changeform_initial_data(request)

    def save_model(self, request, obj, form, change):
        """A new ticket is filed by the verb."""
        province = province_of(request.user, agency=obj.agency, cycle=obj.about_cycle)
        words = {name: getattr(obj, name) for name in (*ASKED, *CALLER)}
        filed = ticket.file_ticket(province, by=request.user, **words)
        obj.__dict__.update({field.attname: getattr(filed, field.attname) for field in obj._meta.fields})
        obj._state.adding = False

    @column(gettext_lazy("reference number"), "reference")
    def number(self, row):
        return digits(row.reference)

    @column(gettext_lazy("asked by"), "author")
    def asker(self, row):
        name = row.name or (person(row.author) if row.author else _("Without an account"))
        return f"{name} · {row.agency}" if row.agency else name

    @column(gettext_lazy("answer due by"), "due_at")
    def due(self, row):
        """The last day of the time for an answer; red when it is over without one."""
        if not waits(row):
            return EMPTY
        return badge(jalali(shown_end(row.due_at)), "danger" if row.due_at <= timezone.now() else "info")

    @column(gettext_lazy("answer due by"))
    def due_day(self, row):
        return jalali(shown_end(row.due_at))

    @column(gettext_lazy("received at"), "filed_at")
    def filed(self, row):
        return jalali(row.filed_at)

    @column(gettext_lazy("satisfaction"), "satisfaction")
    def shown_satisfaction(self, row):
        return row.get_satisfaction_display() if row.satisfaction else EMPTY
