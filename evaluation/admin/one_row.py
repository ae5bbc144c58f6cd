"""The row of a page: each page of a row begins with it, and its question is kept as text (`rules.statements`)."""

from django.db.models import AutoField, BigAutoField

from evaluation.enums import Role
from evaluation.rules.person_argument import PersonArgument
from evaluation.rules.roles import memberships_of
from evaluation.rules.statements import Statement

from .addresses import is_key
from .scoped import ScopedMixin

PLAIN = ScopedMixin.get_queryset, ScopedMixin.readable_rows


class OneRowMixin:
    """For every admin of ours. Needs `scoped()` and `reading_roles()` of its class.

    Adds that the row of a page is asked for by a kept text, where the person and the key are all that it follows from:
    `row_is_plain` says so of an admin whose own queryset adds to its list alone. Evaluators are asked as Django asks:
    their seats, of which that text is made, are more questions than it saves.
    """

    row_is_plain = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.row_question = Statement(self._one_row)

    def _one_row(self, person, roles, key):
        return self.scoped(self.model._default_manager.order_by(), person, roles).filter(pk=key)

    def get_object(self, request, object_id, from_field=None):
        key = str(object_id)
        if from_field is not None or not is_key(key) or not self.keeps_question(request.user):
            return super().get_object(request, object_id, from_field)
        roles = tuple(sorted(map(str, self.reading_roles(request))))
        return next(iter(self.row_question.objects(PersonArgument(request.user), roles, int(key))), None)

    def keeps_question(self, user):
        """Whether the rows follow from this person's roles and places alone, and a key is a number."""
        is_plain = self.row_is_plain or (type(self).get_queryset, type(self).readable_rows) == PLAIN
        numbered = isinstance(self.opts.pk, (AutoField, BigAutoField))
        return is_plain and numbered and all(own.role != Role.EVALUATOR for own in memberships_of(user))
