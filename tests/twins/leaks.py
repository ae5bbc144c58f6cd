"""Leaks that are opened on purpose, in the scopes of rows; those in addresses, sums, columns and files are in
`leaks_of_pages`.

Each puts one hole into the product, as a mistake of a day would. `at` is the point of the year at which there is
something to leak, `who` the people that are asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from evaluation import admin as our_admin  # noqa: F401  registers the admins
from evaluation.admin import base
from evaluation.admin.assessing import line as line_page
from evaluation.admin.messages import notice
from evaluation.enums import AssessmentState, MarkLevel, ResultState
from evaluation.reports import readable_figures
from evaluation.rules import own_files, paths, scopes

from .world import ANNOUNCED, COMPUTED, DECIDED, DISCLOSED, FILLED, SCORED, SUBMITTED

REPORTER, EVALUATOR, STEWARD, SECRETARY = "reporter_a", "evaluator", "steward", "secretary"


@dataclass(frozen=True)
class Leak:
    """One hole: `open_it` is given a pytest.MonkeyPatch."""

    name: str
    at: str
    who: tuple
    tables: tuple  # the tables whose pages are asked; with PLAIN also the pages of no table
    open_it: Callable


LEAKS = []
PLAIN = "plain"


def leak(name, at, *who, tables="assessment line"):
    """Register the function as the hole of this name."""

    def register(open_it):
        LEAKS.append(Leak(name, at, who, tuple(tables.split()), open_it))
        return open_it

    return register


def also(patch, role, model_name, more):
    """The rows of a role also hold those of `more(membership)` of a table."""
    plain = scopes.ROLE_ROWS[role]

    def rows(membership, name):
        return plain(membership, name) | more(membership) if name == model_name else plain(membership, name)

    patch.setitem(scopes.ROLE_ROWS, role, rows)


def of_province(name):
    return lambda member: Q(**{paths.PROVINCE[name]: member.agency.province_id})


# -- scopes -----------------------------------------------------------------------------------------

for table, point in (
    ("line", FILLED), ("assessment", FILLED), ("evidence", SUBMITTED), ("objection", DECIDED), ("hearing", DECIDED),
    ("extension", SUBMITTED), ("specificlist", FILLED), ("agencyresult", ANNOUNCED), ("feedbacksheet", DISCLOSED),
    ("target", FILLED),
):  # fmt: skip
    leak(f"an agency sees every row of the table {table}", point, REPORTER, tables=table)(
        lambda patch, table=table: also(patch, "agency", table, of_province(table))
    )


@leak("an agency sees the indicators of the other agencies", FILLED, REPORTER, tables="indicator")
def _(patch):
    also(patch, "agency", "indicator", of_province("indicator"))


@leak("marks are shown before the disclosure", SCORED, REPORTER, tables="line")
def _(patch):
    patch.setattr(scopes, "_marks_after_embargo", lambda: scopes.ALL)
    patch.setattr(line_page, "readable_levels", lambda user, file: list(MarkLevel))


@leak("results are shown before the announcement", COMPUTED, REPORTER, tables="agencyresult resultset")
def _(patch):
    patch.setattr(ResultState, "seen_by_agency", classmethod(lambda cls: (cls.COMPUTED, cls.ANNOUNCED, cls.PUBLISHED)))


@leak("observers see results before they are published", COMPUTED, "observer", tables="agencyresult")
def _(patch):
    patch.setattr(scopes, "_published", lambda name: Q(**{f"{paths.RESULT[name]}__in": ["computed", "published"]}))


@leak("an evaluator sees the lines of all groups", SCORED, EVALUATOR)
def _(patch):
    patch.setattr(scopes, "assigned", lambda seats, prefix: scopes.ALL)


@leak("an evaluator sees files before they are received", SUBMITTED, EVALUATOR)
def _(patch):
    patch.setattr(scopes, "AFTER_RECEIPT", [str(state) for state in AssessmentState])


@leak("a steward sees the other lines of a file", SCORED, STEWARD)
def _(patch):
    also(patch, "steward", "line", lambda member: scopes._in_states(scopes.STATE, "line", scopes.AFTER_RECEIPT))


@leak("a steward sees the evidence of the other lines", SCORED, STEWARD, tables="evidence")
def _(patch):
    also(patch, "steward", "evidence", lambda member: scopes.ALL)


@leak("the national organization sees files that were not sent", SUBMITTED, "national")
def _(patch):
    also(patch, "national", "line", lambda member: scopes.ALL)
    also(patch, "national", "assessment", lambda member: scopes.ALL)


@leak("the council sees assessments", SCORED, SECRETARY)
def _(patch):
    also(patch, "council", "agencyresult", lambda member: scopes.NONE)
    also(patch, "council", "committeesession", lambda member: scopes.NONE)
    also(patch, "council", "assessment", lambda member: scopes.ALL)
    plain = base.ScopedMixin.holds
    patch.setattr(
        base.ScopedMixin,
        "holds",
        lambda self, request, action, obj=None: (
            self.opts.model_name == "assessment" or plain(self, request, action, obj)
        ),
    )


@leak("who is agency and expert reads the own file as an expert", SCORED, "agency_expert")
def _(patch):
    patch.setattr(scopes, "barred", lambda membership: set())
    patch.setattr(own_files, "barred", lambda membership: set())


@leak("who is agency and steward reads the own file as a steward", SCORED, "agency_steward")
def _(patch):
    patch.setattr(scopes, "barred", lambda membership: set())


@leak("the figures of a list forget the second membership", SCORED, "agency_steward", "agency_expert")
def _(patch):
    patch.setattr(readable_figures, "own_files", lambda user: (set(), set()))


@leak("notices of everybody", FILLED, REPORTER, tables="notice")
def _(patch):
    patch.setattr(notice.NoticeAdmin, "get_queryset", base.BaseAdmin.get_queryset)
    also(patch, "agency", "notice", lambda member: scopes.ALL)


@leak("an agency sees the log of the whole province", SUBMITTED, REPORTER, tables="cycle")
def _(patch):
    also(patch, "agency", "transitionlog", of_province("transitionlog"))


@leak("a manager sees every province", FILLED, "foreign_manager", tables="agency")
def _(patch):
    also(patch, "manager", "agency", lambda member: scopes.ALL)


@leak("a page of a row asks for no scope", SCORED, REPORTER)
def _(patch):
    patch.setattr(base.ScopedMixin, "holds", lambda self, request, action, obj=None: action == "view")
    patch.setattr(base.ScopedMixin, "get_queryset", lambda self, request: self.model._default_manager.all())
