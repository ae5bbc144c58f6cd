"""A role of a person in the running cycles: the rows that it sees, and tasks made of them."""

from django.db.models import Count, QuerySet, Value
from django.utils import timezone
from django.utils.functional import cached_property

from evaluation.models import Agency, Assessment
from evaluation.persian import last_day_of

from ..addresses import list_url, of_cycle
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

    def in_stage(self, *stages):
        """The running cycles in one of these stages."""
        return [cycle for cycle in self.cycles if cycle.stage in stages]

    def soonest(self, stage, part=""):
        """The last day of this work in the cycle where it ends first."""
        end = self.ends.soonest(self.cycles, stage, part)
        return end and last_day_of(end)

    @cached_property
    def states(self):
        """{state: number of the role's assessments}."""
        return dict(self.rows(Assessment).order_by().values_list("state").annotate(Count("pk")))

    def in_state(self, state, title, *, due=None):
        """A task for the assessments in one state."""
        if state not in self.states:
            return []
        return [task(title, count=self.states[state], url=self.list_url(Assessment, state__exact=state), due=due)]

    def list_url(self, model, **lookups):
        """The narrowed list; of one cycle where only one is running."""
        return list_url(self.request, model, **lookups, **of_cycle(model, self.cycles))

    def counted(self, title, rows, *, model=None, due=None, detail="", tone="", **lookups):
        """A task for any number of rows; `with_counts` counts the rows of all tasks at once."""
        url = self.list_url(model or rows.model, **lookups)
        return [task(title, count=rows, url=url, due=due, detail=detail, tone=tone)]


def with_counts(tasks):
    """The tasks with the number of their rows, from one query for all; those without a row are left out."""
    asked = [
        entry["count"].order_by().values(entry=Value(at)).annotate(rows=Count("pk", distinct=True))
        for at, entry in enumerate(tasks)
        if isinstance(entry["count"], QuerySet)
    ]
    answers = asked[0].union(*asked[1:], all=True) if asked else ()
    counts = {answer["entry"]: answer["rows"] for answer in answers}
    counted = [
        entry | {"count": counts.get(at, 0)} if isinstance(entry["count"], QuerySet) else entry
        for at, entry in enumerate(tasks)
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
