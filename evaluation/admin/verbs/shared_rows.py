"""Lists of rows that all provinces share: what is shared is read, a province's own row is edited."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.process.provincial_copy import copy_for_province, is_shared, provinces_to_copy_for
from evaluation.rules.permissions import holds

from ..display import column
from .verb import Verb, VerbsMixin


class SharedRowsMixin:
    """For the admin of a `SharedModel`: whose row it is stands in the list, and the form gives the person's province.

    Needs `save_model` of a `BaseAdmin`, which asks the right again of the saved row; adds the column `belongs_to`.
    """

    select_related = ("province",)

    def get_list_display(self, request):
        return [*super().get_list_display(request), "belongs_to"]

    def get_readonly_fields(self, request, obj=None):
        """A row never changes hands, but by the system's own administrator."""
        fixed = () if obj is None or request.user.is_superuser else ("province",)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Staff add rows of their province; the national organization's rows are shared."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "province" and field is not None and not request.user.is_superuser:
            own = provinces_to_copy_for(request.user)
            field.queryset, field.required = own, own.exists()
            if field.required:
                field.initial, field.empty_label, field.help_text = own.first(), None, ""
        return field

    @column(gettext_lazy("belongs to"), "province__name")
    def belongs_to(self, row):
        return row.province or _("All provinces")


def may_copy(user, obj):
    if obj is None:
        return provinces_to_copy_for(user).exists()
    return holds(user, f"add_{obj._meta.model_name}") and provinces_to_copy_for(user).exists()


COPY = Verb(
    "copy_for_province",
    copy_for_province,
    transition=False,
    label=pgettext_lazy("verb", "Copy for my province"),
    icon="content_copy",
    offered=is_shared,
    allowed=may_copy,
    sentence=gettext_lazy("The province then uses its own copy; later changes of the shared row do not reach it."),
)


class CopiedRowsMixin(SharedRowsMixin, VerbsMixin):
    """Shared rows that a province overrides with a copy of its own.

    Needs `get_queryset` of a `BaseAdmin`; adds the verb “Copy for my province”.
    """

    verbs = (COPY,)

    def after_verb(self, request, obj, verb):
        """On to the page of the new copy, where the person edits it."""
        copies = self.get_queryset(request).filter(province__in=provinces_to_copy_for(request.user))
        return super().after_verb(request, copies.order_by("-pk").first() or obj, verb)


class TextsOfKindsMixin(CopiedRowsMixin):
    """Texts of which each kind has one that all provinces share, and perhaps a province's copy.

    Needs a model with `kind`, and what `CopiedRowsMixin` needs; adds the column `shown_kind`.
    """

    def has_add_permission(self, request):
        """Each kind has its text from the first day."""
        return False

    def has_delete_permission(self, request, obj=None):
        """A province gives its copy up and takes the shared text again; that one stays."""
        return obj is not None and obj.province_id is not None and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "kind")

    @column(gettext_lazy("kind"), "kind")
    def shown_kind(self, row):
        return row.get_kind_display()
