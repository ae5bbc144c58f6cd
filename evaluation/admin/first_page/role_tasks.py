"""A role of a person in the running cycles: the rows that it sees, and tasks made of them."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from evaluation.models import Agency, Assessment, ResultSet
from evaluation.persian import last_day_of

from ..addresses import list_url, of_cycle
from ..menu.counts import Asked
from ..menu.role_rows import RoleRows
from ..year.ends import Ends

SOON = 3  # days


class RoleTasks(RoleRows):
    """Adds what the first page says of the rows. `cycles` is the list of the person's running cycles."""

    def __init__(self, request, cycles, memberships=None):
        super().__init__(request.user, cycles, memberships)
        self.request = request

    @cached_property
    def ends(self):
        return Ends(self.cycles, self.scoped(Agency).values("pk"))

    @cached_property
    def result_sets(self):
        """All result sets of the running cycles, read once for several tasks."""
        cycles, result_sets = {cycle.pk: cycle for cycle in self.cycles}, list(self.rows(ResultSet))
        for result_set in result_sets:
            result_set.cycle = cycles[result_set.cycle_id]
        return result_sets

    def in_stage(self, *stages):
        """The running cycles in one of these stages."""
        return [cycle for cycle in self.cycles if cycle.stage in stages]

    def soonest(self, stage, part=""):
        """The last day of this work in the cycle where it ends first."""
        end = self.ends.soonest(self.cycles, stage, part)
        return end and last_day_of(end)

    def in_state(self, state, title, *, due=None):
        """A task for the assessments in one state."""
        return self.counted(title, self.rows(Assessment, state=state), due=due, state__exact=state)

    def list_url(self, model, **lookups):
        """The narrowed list; of one cycle where only one is running."""
        return list_url(self.request, model, **lookups, **of_cycle(model, self.cycles))

    def counted(self, title, rows, *, model=None, due=None, detail="", tone="", **lookups):
        """A task for any number of rows; the rows of all tasks are counted at once."""
        url = self.list_url(model or rows.model, **lookups)
        return [task(title, count=rows, url=url, due=due, detail=detail, tone=tone)]


def asked(tasks, counts):
    """The tasks, of which those with rows ask for their number among the `Counts`."""
    return [
        entry | {"count": counts.ask(entry["count"])} if isinstance(entry["count"], QuerySet) else entry
        for entry in tasks
    ]


def with_counts(tasks):
    """The tasks with the number that they asked for; those without a row are left out."""
    counted = [
        entry | {"count": entry["count"].number} if isinstance(entry["count"], Asked) else entry for entry in tasks
    ]
    return [entry for entry in counted if entry["count"] != 0]


def task(title, *, url="", count=None, due=None, detail="", tone=""):
    """A row of “What waits for you”, as admin/index.html shows it."""
    return {"title": title, "url": url, "count": count, "due": due, "detail": detail, "tone": tone or urgency(due)}


def urgency(due):
    return "warning" if due and (due - timezone.localdate()).days <= SOON else "info"


def assessments(role, **only):
    """The role's assessments with what their names need."""
    rows = role.rows(Assessment, **only).order_by("participation__agency__name", "dimension__order")
    return rows.select_related("participation__agency", "dimension")
