"""What every model of the product shares: Persian text, exact figures and one scope for every list."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from evaluation import persian
from evaluation.rules import paths, scopes

from .state_field import StateField


class ScopedQuerySet(models.QuerySet):
    def visible_to(self, user, *, among=None, cycles=None):
        """The rows that `user` may know of, by memberships of the roles `among`: lists, forms, filters, exports and
        imports all pass through here. `cycles`: the keys of those to which the caller narrows the rows.
        """
        name = self.model._meta.model_name
        scope = scopes.visible(user, name, among=among, cycles=cycles)
        if name in paths.NEEDS_SUBQUERY and scope != scopes.ALL:  # a join over many rows would repeat the row
            return self.filter(models.Exists(self.model._base_manager.filter(scope, pk=models.OuterRef("pk"))))
        return self.filter(scope)


class ScopedModel(models.Model):
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class SharedQuerySet(ScopedQuerySet):
    def of_province(self, province):
        """The shared rows and this province's own, the shared ones first."""
        rows = self.filter(models.Q(province=None) | models.Q(province=province))
        return rows.order_by(models.F("province").asc(nulls_first=True), *self.model._meta.ordering)


def province_or_all(help_text):
    """The province of a row that may also belong to none; `help_text` says what an empty one means."""
    return models.ForeignKey(
        "Province",
        verbose_name=_("province"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=help_text,
    )


class SharedModel(ScopedModel):
    """A row of a table that all provinces share; with a province it is that province's own (rules.shared_rows)."""

    province = province_or_all(_("Where no province is named, the row is shared by all provinces."))

    objects = SharedQuerySet.as_manager()

    class Meta:
        abstract = True


def once_in_a_province(model_name, *fields, condition=None):
    """Of these values there is one shared row, and one row in each province; of the rows of `condition` (a Q) alone."""
    return models.UniqueConstraint(
        Coalesce("province", 0),
        *fields,
        condition=condition,
        name=f"{model_name}_{'_'.join(fields)}_once",
        violation_error_message=_("There is such a row already."),
    )


class PersianCharField(models.CharField):
    """Text kept with Persian letters (ي ك become ی ک) and sorted by the Persian alphabet."""

    def __init__(self, *args, db_collation="persian", **kwargs):
        super().__init__(*args, db_collation=db_collation, **kwargs)

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return persian.normalise(value) if isinstance(value, str) else value


class PersianTextField(models.TextField):
    """Long text kept with Persian letters."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return persian.normalise(value) if isinstance(value, str) else value


def name_field(verbose_name, max_length=250, **kwargs):
    return PersianCharField(verbose_name, max_length=max_length, **kwargs)


def code_field(verbose_name, max_length=30, **kwargs):
    return models.CharField(verbose_name, max_length=max_length, **kwargs)


def note_field(verbose_name, **kwargs):
    return PersianTextField(verbose_name, blank=True, **kwargs)


def points_field(verbose_name, **kwargs):
    """Points, kept with six decimals and never rounded before they are shown."""
    return models.DecimalField(verbose_name, max_digits=14, decimal_places=6, **kwargs)


def whole_share_field(verbose_name, **kwargs):
    """A whole percentage, 0…100."""
    return models.PositiveSmallIntegerField(verbose_name, validators=[MaxValueValidator(100)], **kwargs)


def figure_field(verbose_name, **kwargs):
    """A measured figure in the indicator's own unit; empty until somebody enters it."""
    return models.DecimalField(verbose_name, max_digits=24, decimal_places=6, null=True, blank=True, **kwargs)


def share_field(verbose_name, **kwargs):
    """A percent from 0 to 100 with two decimals; empty until somebody sets it."""
    return models.DecimalField(
        verbose_name,
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        **kwargs,
    )


def choice_field(verbose_name, enum, max_length=30, **kwargs):
    return models.CharField(verbose_name, max_length=max_length, choices=enum.choices, **kwargs)


def state_field(verbose_name, enum, initial, max_length=30):
    return StateField(verbose_name, max_length=max_length, choices=enum.choices, default=initial, protected=True)


def user_field(verbose_name, **kwargs):
    kwargs = {"on_delete": models.PROTECT, "null": True, "blank": True, "related_name": "+"} | kwargs
    return models.ForeignKey("auth.User", verbose_name=verbose_name, **kwargs)


def moment_field(verbose_name, **kwargs):
    return models.DateTimeField(verbose_name, null=True, blank=True, **kwargs)


def one_of(field, enum, *, often=False):
    """CHECK: the column holds one of the enum's values.

    `often`: where rows come by the thousand; for an IN, SQLite makes a small table at each row, which takes longer than
    the rest of its insert.
    """
    known = models.Q(**{f"{field}__in": enum.values})
    if often:
        known = models.Q(*((field, value) for value in enum.values), _connector=models.Q.OR)
    return models.CheckConstraint(condition=known, name=f"%(class)s_{field}_known")


def together(state_field, states, *fields):
    """CHECK: in these states the named columns are filled, so that the state, its date and its person go together."""
    filled = models.Q(**{f"{field}__isnull": False for field in fields})
    name = f"%(class)s_{'_'.join(fields)}"[:50]
    return models.CheckConstraint(
        condition=~models.Q(**{f"{state_field}__in": [str(state) for state in states]}) | filled, name=f"{name}_set"
    )
