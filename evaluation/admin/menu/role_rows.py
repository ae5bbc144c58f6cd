"""The rows that a role of a person sees in some cycles, for counting what waits there."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from evaluation.process.improvement.following import beginning_of_quarter
from evaluation.rules import paths, scopes


class Moments(NamedTuple):
    """The present, as far as waiting rows go by it."""

    now: datetime
    quarter: datetime  # in which the quarter of the Jalali year began

    @classmethod
    def present(cls):
        now = timezone.now()
        return cls(now, beginning_of_quarter(timezone.localdate(now)))


class RoleRows:
    """`memberships` are those of one role; None is the superuser, who sees every row. `cycles`: rows or a queryset."""

    def __init__(self, user, cycles, memberships=None, at=None):
        self.user, self.cycles, self.memberships = user, cycles, memberships
        self.at = at or Moments.present()

    def scoped(self, model, cycles=None):
        """The rows of `model` that the memberships see. `cycles`: keys of those to which the caller narrows them."""
        name = model._meta.model_name
        if self.memberships is None:
            return model._default_manager.all()
        scope = Q(pk__in=[])
        for membership in self.memberships:
            scope |= scopes.rows(membership, name, cycles)
        if name in paths.NEEDS_SUBQUERY:  # a join over many rows would repeat the row
            scope = Q(pk__in=model._base_manager.filter(scope).values("pk"))
        return model._default_manager.filter(scope)

    def rows(self, model, **only):
        """The role's rows of these cycles."""
        path = f"{paths.CYCLE[model._meta.model_name]}__in"
        if isinstance(self.cycles, QuerySet):
            return self.scoped(model).filter(**{path: self.cycles}).filter(**only)
        keys = [cycle.pk for cycle in self.cycles]
        return self.scoped(model, keys).filter(**{path: keys}).filter(**only)
