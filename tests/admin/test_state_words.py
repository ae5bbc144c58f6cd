"""States in the words of an agency and of its headquarters: on lists, row pages, filters and the first page."""

import re
from html import unescape

import pytest
from django.utils import translation

from evaluation.enums import Role, Stage
from evaluation.models import Membership
from evaluation.process.assessing import assessment as verbs
from evaluation.process.assessing import objection
from evaluation.rules import state_words
from evaluation.rules.roles import forget
from tests.admin.english import page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WAITING = {  # a submitted self-assessment, read by each of them
    "reporter_a": "With your headquarters: awaits approval",
    "headquarters_a": "With you: awaits approval",
    "expert": "Submitted to the headquarters",
}


@pytest.fixture
def submitted(cast):
    """The agency's general self-assessment after its submission, before the stage of transfer."""
    cast.until(Stage.SELF_ASSESSMENT)
    for row in (cast.assessment(cast.agency_a), cast.assessment(cast.agency_a, "specific")):
        cast.fill(row)
        verbs.submit(row, by=cast.reporter_a)
    return cast.assessment(cast.agency_a)


def badges(html):
    return re.findall(r'<span class="ev-badge[^"]*">([^<]+)</span>', unescape(html))


@pytest.mark.parametrize("who", WAITING)
def test_the_list_its_filter_and_the_pages_say_with_whom_it_is(cast, submitted, who):
    client, words = visit(cast, who), WAITING[who]
    listed = client.get(page("assessment_changelist"), {"q": "الف"})
    assert badges(listed.content.decode()) == [words, words]
    (states,) = [found for found in listed.context["cl"].filter_specs if found.field_path == "state"]
    offered = [(choice["display"], choice["count"]) for choice in states.choices(listed.context["cl"])]
    assert (words, 2) in offered
    assert {text for text, _count in offered} & set(WAITING.values()) == {words}
    for address in (page("assessment_change", submitted.pk), page("assessment_lines", submitted.pk)):
        shown = set(badges(client.get(address).content.decode()))
        assert shown & set(WAITING.values()) == {words}


@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a"])
def test_the_first_page_counts_in_the_same_words(cast, submitted, who):
    cards = visit(cast, who).get("/admin/").context["cards"]
    counted = {str(item["label"]): item["count"] for card in cards for item in card["items"]}
    assert counted == {WAITING[who]: 2, "Definite": 1}  # the list of specific indicators is frozen


def test_who_has_another_role_beside_reads_the_labels(cast):
    assert state_words.point_of_view(cast.reporter_a) == Role.AGENCY
    assert state_words.point_of_view(cast.headquarters_a) == Role.HEADQUARTERS
    assert state_words.point_of_view(cast.manager) is None
    Membership.objects.create(user=cast.reporter_a, role=Role.EXPERT, province=cast.province)
    forget(cast.reporter_a)
    assert state_words.point_of_view(cast.reporter_a) is None


@pytest.mark.parametrize("role", state_words.WORDS)
def test_no_two_states_of_a_table_read_alike(role):
    """A filter offers each text once."""
    with translation.override("fa"):
        for table, words in state_words.WORDS[role].items():
            texts = [str(text) for text in words.values()]
            assert len(set(texts)) == len(texts), table


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("reporter_a", ["With the province: awaits a decision", "Your objection was rejected"]),
        ("headquarters_a", ["With the province: awaits a decision", "The agency's objection was rejected"]),
        ("expert", ["Awaiting a decision", "Rejected"]),
    ],
)
def test_an_objection_is_read_from_where_one_stands(cast, who, words):
    cast.until(Stage.OBJECTION)
    row = cast.assessment(cast.agency_a)
    verbs.disclose(row, by=cast.expert)
    line = row.lines.get(indicator__code="G-1")
    made = objection.file(line, by=cast.reporter_a, kind="evidence", text="گزارش دیده نشد")
    client, address = visit(cast, who), page("objection_change", made.pk)
    read = [badges(client.get(address).content.decode())[0]]
    objection.decide(made, by=cast.expert, verdict="rejected", reason="گزارش بررسی شده بود")
    read.append(badges(client.get(address).content.decode())[0])
    assert read == words
