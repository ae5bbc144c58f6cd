"""Transfers: a page that prepares one, its package, and the steps of sender and receiver."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import TransferDirection
from evaluation.exchange import package
from evaluation.models import Transfer, TransferItem
from evaluation.persian import localise_digits
from evaluation.process.assessing import transfer
from evaluation.rules import scopes
from evaluation.rules.state_words import point_of_view
from evaluation.templatetags.files import file_link

from ..base import BaseAdmin, ReadOnlyInline, ReadOnlyMixin
from ..display import EMPTY, column, latin, letter, state_badge, state_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..forms import JalaliEndField
from ..lookups import set_counts
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from ..word_search import leading_to, rows_with
from .transfer_prepare import PrepareMixin, TransferActionsMixin, prepare_from

__all__ = ["TransferActionsMixin", "TransferAdmin", "prepare_from"]


def send(obj, *, by, on_behalf=None, note=""):
    """Build the package from the figures as they are now, and send it."""
    content, sha256 = package.build(obj)
    return transfer.send(obj, by=by, on_behalf=on_behalf, note=note, package=content, sha256=sha256)


def receive(obj, *, by, on_behalf=None, note=""):
    """Record the receipt of a package that is still the one that was sent."""
    with obj.package.open("rb") as file:
        package.verify(file.read(), obj.sha256)
    return transfer.receive(obj, by=by, on_behalf=on_behalf, note=note)


class RefusalForm(VerbForm):
    deadline = JalaliEndField(
        label=gettext_lazy("own deadline after a return"),
        required=False,
        help_text=gettext_lazy(
            "The date until which the agencies may correct their self-assessments. If empty, the present window counts."
        ),
    )

    def prepare(self):
        super().prepare()
        if self.subject is not None and self.subject.direction != TransferDirection.TO_ARO:
            del self.fields["deadline"]


class ItemInline(ReadOnlyInline):
    model = TransferItem
    show_title = False
    fields = ("assessment", "state", "lines")
    readonly_fields = fields
    select_related = ("assessment__participation__agency", "assessment__dimension")
    verbose_name_plural = gettext_lazy("items of a transfer")

    def get_queryset(self, request):
        self.reader = point_of_view(request.user)  # the admin makes an inline for each request
        return super().get_queryset(request).annotate(line_count=Count("assessment__lines"))

    @column(gettext_lazy("state"))
    def state(self, obj):
        return state_badge(obj.assessment, reader=self.reader)

    @column(gettext_lazy("lines"))
    def lines(self, obj):
        return localise_digits(obj.line_count)


@admin.register(Transfer)
class TransferAdmin(PrepareMixin, VerbsMixin, ReadOnlyMixin, BaseAdmin):
    figures_in_form = True
    state = "state"
    select_related = ("cycle__province", "prepared_by", "sent_by", "answered_by")
    list_display = ("title", "cycle", state_column(gettext_lazy("state")), "letter", "item_count", "prepared_at")
    list_filter = (
        ("direction", CountedChoicesFilter),
        ("state", CountedChoicesFilter),
        ("cycle", ScopedRelatedFilter),
        ("prepared_at", JalaliPeriodFilter),
    )
    search_fields = ("letter_number",)
    inlines = (ItemInline,)
    fieldsets = (
        (None, {"fields": ("cycle", "direction", "letter_number", "letter_date")}),
        (gettext_lazy("Package"), {"fields": ("package_file", "fingerprint")}),
        (
            gettext_lazy("Who and when"),
            {"fields": ("prepared_by", "prepared_at", "sent_by", "sent_at", "answered_by", "answered_at")},
        ),
        (gettext_lazy("Refusal"), {"fields": ("refusal_reason",), "classes": ("collapse",)}),
    )
    readonly_fields = ("package_file", "fingerprint")
    verbs = (
        Verb(
            "send",
            send,
            icon="send",
            batch=True,
            sentence=gettext_lazy("The package is built from the present figures and sent with its integrity code."),
        ),
        Verb(
            "receive",
            receive,
            icon="inventory",
            batch=True,
            sentence=gettext_lazy("The integrity code of the package is checked before the receipt is recorded."),
        ),
        Verb("refuse", transfer.refuse, form=RefusalForm, icon="block"),
        Verb("supersede", transfer.supersede, icon="layers_clear", batch=True),
    )

    def get_queryset(self, request):
        """In the order of `items_seen` too."""
        seen = TransferItem.objects.visible_to(request.user).filter(transfer=OuterRef("pk")).order_by()
        number = Subquery(seen.values("transfer").annotate(items=Count("pk")).values("items"))
        return super().get_queryset(request).alias(items_seen=Coalesce(number, 0))

    def add_figures(self, request, rows):
        """The number of items that this person may see: how many others travel with them is not told.

        Both in one query would follow each item to its agency, also the hundreds that are not the person's.
        """
        items = TransferItem.objects.filter(transfer__in=rows).order_by().values_list("transfer")
        set_counts(rows, items.annotate(every=Count("*")), "items_travelling")
        seen = items.filter(scopes.visible(request.user, "transferitem"))
        set_counts(rows, seen.annotate(seen=Count("*")), "items_seen")

    def rows_with_words(self, request, rows, words, known):
        """By letter, or by the agencies of the items that this person may see; others' names find nothing."""
        if not words.strip():
            return rows
        by_letter = rows_with(known.rows_of(Transfer), self.get_search_fields(request), words)
        items = TransferItem.objects.visible_to(request.user).order_by()
        items = leading_to(items, "assessment", ("participation__agency__name",), words, known)
        return rows.filter(Q(pk__in=by_letter.values("pk")) | Q(pk__in=items.values("transfer")))

    @column(gettext_lazy("transfer"), ordering="direction")
    def title(self, obj):
        return _("%(direction)s, number %(number)s") % {
            "direction": obj.get_direction_display(),
            "number": localise_digits(obj.pk),
        }

    @column(gettext_lazy("letter number"), ordering="letter_number")
    def letter(self, obj):
        return letter(obj.letter_number)

    @column(gettext_lazy("items"), ordering="items_seen")
    def item_count(self, obj):
        return localise_digits(obj.items_seen)

    @column(gettext_lazy("package"))
    def package_file(self, obj):
        return file_link(obj.package) or EMPTY

    @column(gettext_lazy("integrity code"))
    def fingerprint(self, obj):
        """For whoever may have the package: the sum would tell others that something else travels in it."""
        return latin(obj.sha256) if obj.items_seen == obj.items_travelling else EMPTY

    def get_fieldsets(self, request, obj=None):
        sets = super().get_fieldsets(request, obj)
        return sets if obj and obj.refusal_reason else sets[:-1]

    def may_read_file(self, request, obj, field):
        """A package holds all its items: only who may see each of them may have it."""
        seen = TransferItem.objects.visible_to(request.user).filter(transfer=obj).count()
        return seen == obj.items.count()
