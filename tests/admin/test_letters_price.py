"""What checklists, circulars, workshops and committees cost in queries: the same for one row and for four."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.enums import Stage
from evaluation.models import ProcessTemplate
from evaluation.process.year import circular
from tests import factories as make

from .english import page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # counts of queries


def rows(cast, count):
    """`count` rows of every table, and the pages that show them."""
    cycle = cast.cycle
    template = ProcessTemplate.objects.create(code="t", title="Template")
    committee = make.CommitteeFactory(province=cast.province)
    workshop = make.WorkshopFactory(cycle=cycle)
    for number in range(count):
        agency = make.AgencyFactory(province=cast.province, code=f"N{number}")
        ProcessTemplate.objects.create(code=f"t{number}", title="Template")
        template.steps.create(number=number, title="Step", stage="draft")
        cycle.steps.create(number=number, title="Step", stage="draft", template=template)
        make.CommitteeFactory(province=cast.province, title=f"Committee {number}")
        member = committee.members.create(name=f"Member {number}")
        session = committee.sessions.create(cycle=cycle, number=number, held_on=make.DAY)
        session.present.add(member)
        make.WorkshopFactory(cycle=cycle, title=f"Workshop {number}")
        workshop.attendances.create(agency=agency)
        letter = make.CircularFactory(cycle=cycle, number=f"N{number}")
        letter.files.create(title="Attachment", file=make.upload())
    agencies = [cast.agency_a, *cast.province.agencies.filter(code__startswith="N")]
    circular.send(letter, by=cast.expert, agencies=agencies)
    lists = ("cyclestep", "processtemplate", "circular", "circularreceipt", "workshop", "committee", "committeesession")
    shown = {name: page(f"{name}_changelist") for name in lists}
    for name, row in (("processtemplate", template), ("circular", letter), ("workshop", workshop)):
        shown[f"{name} change"] = page(f"{name}_change", row.pk)
    for name, row in (("committee", committee), ("committeesession", session)):
        shown[f"{name} change"] = page(f"{name}_change", row.pk)
    return shown | {"register": page("circular_register")}


@pytest.mark.parametrize("count", [1, 4])
def test_one_row_costs_as_much_as_four(cast, count):
    cast.until(Stage.EVALUATORS)
    client, paid = visit(cast, "manager"), {}
    for name, address in rows(cast, count).items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        paid[name] = len(queries)
    assert paid == PRICE


PRICE = {
    "cyclestep": 10,
    "processtemplate": 7,
    "circular": 9,
    "circularreceipt": 8,
    "workshop": 10,
    "committee": 10,
    "committeesession": 9,
    "processtemplate change": 8,
    "circular change": 19,
    "workshop change": 12,
    "committee change": 14,
    "committeesession change": 13,
    "register": 8,
}
