"""Each public award scheme of fixtures/award_schemes.csv, played on one province: who wins, and that no more can."""

import re

import pytest

from evaluation.enums import FestivalState, Stage
from evaluation.management import fixtures
from evaluation.models import Award, AwardKind, Festival, Nominee, Participation
from evaluation.process.door import Refusal
from evaluation.process.festival import candidates, choice, festival
from tests import factories as make

from . import award_province

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # arithmetic and rules; the pages are tried on both
SCHEMES = {row["code"]: row for row in fixtures.rows("award_schemes")}
BY_GROUP = [13, 14, 15, 16, 17, 18]
BY_TOTAL = [17, 14, 11, 18, 15]
OVER = 3  # nominations beyond what an award takes, or all where it takes any number

# kind of award: the numbers of the agencies that win by figure, as plain sorting gives them; None: it has nominations
WINNERS = {
    "fars-1398-group-best": {"fars-1398-group": BY_GROUP[:5]},  # five groups there: the sixth finds no award left
    "fars-1398-general-best": {"fars-1398-general": [18, 17]},
    "fars-1398-specific-best": {"fars-1398-specific": [11, 3]},
    "fars-1398-outstanding": {"fars-1398-outstanding": None},
    "bushehr-1401-overall-best": {"bushehr-1401-overall": [17, 15]},  # the highest score, and the largest growth
    "bushehr-1401-group-best": {"bushehr-1401-group": BY_GROUP[:5]},
    "bushehr-1401-thematic": {"bushehr-1401-topics": [4, 12]},
    "chaharmahal-bakhtiari-1397-combined-growth-general-specific": {
        "chaharmahal-bakhtiari-1397-combined": BY_TOTAL,
        "chaharmahal-bakhtiari-1397-growth": [15, 11, 7],
        "chaharmahal-bakhtiari-1397-general": [18, 17, 16],
        "chaharmahal-bakhtiari-1397-specific": [11, 3, 14],
    },
    "tehran-1404-group-and-axis": {
        "tehran-1404-group": BY_GROUP,
        "tehran-1404-axis": [16, 13, 10, 7, 4, 1, 17, 14, 17, 14, 11, 8, 5, 2],
    },
    "tehran-1404-managers": {"tehran-1404-managers": None},
    "fars-1402-agencies-employees-governors": {
        "fars-1402-group": BY_GROUP,
        "fars-1402-topics": None,
        "fars-1402-employees": None,
        "fars-1402-governors": None,
    },
    "east-azerbaijan-undated-combined-specific-general": {
        "east-azerbaijan-undated-combined": [17, 14, 11],
        "east-azerbaijan-undated-specific": [11, 3, 14],
        "east-azerbaijan-undated-general": [18, 17, 16],
        "east-azerbaijan-undated-governor": None,
        "east-azerbaijan-undated-teams": None,
    },
    "markazi-1404-group-and-topic": {"markazi-1404-group": BY_GROUP, "markazi-1404-growth": [15]},
    "east-azerbaijan-1399-rank-growth-service": {
        "east-azerbaijan-1399-rank": BY_TOTAL,
        "east-azerbaijan-1399-growth": [14, 13],
        "east-azerbaijan-1399-service": None,
    },
}
# What the source says of the number of awards, where the kinds give another: its own parts do not add up, or teams
# are honoured beside.
NUMBERS = {"fars-1402-agencies-employees-governors": 41, "east-azerbaijan-1399-rank-growth-service": 10}
WITHOUT_LIMIT = {"east-azerbaijan-undated-teams": 3}


def kinds_of(scheme):
    codes = [row["code"] for row in fixtures.rows("award_kinds") if row["scheme"] == scheme]
    return list(AwardKind.objects.filter(code__in=codes).order_by("order"))


def test_each_of_the_fourteen_schemes_is_expressed():
    fixtures.add(AwardKind, fixtures.award_kinds(), "code", *fixtures.AWARD_FIELDS)
    assert len(SCHEMES) == 14
    assert {scheme: [kind.code for kind in kinds_of(scheme)] for scheme in SCHEMES} == {
        scheme: list(kinds) for scheme, kinds in WINNERS.items()
    }
    for kind in AwardKind.objects.all():
        kind.full_clean()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_gives_its_awards_and_no_more(cast, scheme):
    cast.cycle = put_stage(cast.cycle, Stage.RANKING)
    agencies = award_province.frozen(cast)
    fixtures.add(AwardKind, fixtures.award_kinds(), "code", *fixtures.AWARD_FIELDS)
    kinds = kinds_of(scheme)
    held = make.festival(cast.cycle, kinds=kinds)
    Festival._base_manager.filter(pk=held.pk).update(state=FestivalState.CHOOSING)
    festival.propose(held, by=cast.expert)
    for kind in kinds:
        nominate(held, kind, agencies, cast.expert)
        choose_all(held, kind, cast.expert)

    winners = {
        kind.code: [
            int(award.nominee.name.split()[-1])
            for award in Award.objects.filter(nominee__kind=kind, nominee__origin="figures").order_by("pk")
        ]
        for kind in kinds
    }
    assert winners == {code: numbers or [] for code, numbers in WINNERS[scheme].items()}
    numbers = re.findall(r"\d+", SCHEMES[scheme]["number"])
    if numbers:
        counted = [kind for kind in kinds if kind.code not in WITHOUT_LIMIT]
        awards = Award.objects.filter(nominee__kind__in=counted).count()
        assert awards == NUMBERS.get(scheme, sum(map(int, numbers)))


def put_stage(cycle, stage):
    type(cycle)._base_manager.filter(pk=cycle.pk).update(stage=stage)
    return type(cycle)._base_manager.get(pk=cycle.pk)


def nominate(held, kind, agencies, by):
    """More nominations than the kind gives awards, where it takes any."""
    if not (kind.from_agencies or kind.from_governor):
        return
    topics = [line.partition(":")[0] for line in kind.topics.splitlines()] or [""]
    rows = []
    for topic in topics:
        for number in range(1, WITHOUT_LIMIT.get(kind.code, (kind.in_all or kind.in_each or 1) + OVER) + 1):
            agency = agencies[(number - 1) % 18 + 1]
            person = {"name": f"نامزد {number}", "reason": "دلیل", "members": "الف\nب", "part": topic}
            origin = "governor" if kind.from_governor else "agency"
            rows.append(Nominee(festival=held, kind=kind, agency=agency, origin=origin, entered_by=by, **person))
    Nominee.objects.bulk_create(rows)


def choose_all(held, kind, by):
    """The committee gives what can be given, the best rank first; the rest is refused for the number of awards."""
    session = held.committee.sessions.get()
    order = ["total", "general", "specific", "growth", "growth_of_two_years", "part", ""]
    nominees = sorted(
        held.nominees.filter(kind=kind),
        key=lambda row: (row.rank is None, row.rank or 0, order.index(row.measure), row.pk),
    )
    for nominee in nominees:
        full = choice.over_limits(Nominee.objects.get(pk=nominee.pk))
        if full:
            with pytest.raises(Refusal, match="and they are given"):
                choice.choose(nominee, by=by, session=session, reason="برتر")
        else:
            choice.choose(nominee, by=by, session=session, reason="برتر")


def test_who_is_not_ranked_or_did_not_take_part_is_no_candidate(cast):
    agencies = award_province.frozen(cast)
    held = make.festival(cast.cycle, kinds=[make.AwardKindFactory(measure="total", recipient="agency", in_each=None)])
    festival.propose(held, by=cast.expert)
    named = {nominee.agency for nominee in held.nominees.all()}
    assert named == {agencies[number] for number in range(1, 19)}


def test_nobody_is_honoured_for_a_fall(cast):
    award_province.frozen(cast)
    held = make.festival(cast.cycle, kinds=[make.AwardKindFactory(measure="growth", recipient="agency", in_each=None)])
    festival.propose(held, by=cast.expert)
    falling = {number for number in range(1, 19) if award_province.growth(number) <= 0}
    assert falling == {4, 8, 12}
    assert not {int(nominee.name.split()[-1]) for nominee in held.nominees.all()} & falling


def test_who_is_ranked_in_its_group_only_is_a_candidate_there_alone():
    members = {number: row_of(number) for number in range(1, 19)}
    content = award_province.content(members)
    next(row for row in content["agencies"] if row["row"] == 17)["only_in_group"] = True
    asked = {"measure": "total", "in_each": 1, "reserve": 0}
    overall = candidates.candidates(AwardKind(within="overall", **asked), content, {})
    by_group = candidates.candidates(AwardKind(within="group", **asked), content, {})
    assert [row.agency for row in overall] == [14]
    assert [row.agency for row in by_group] == BY_GROUP


def row_of(number):
    return Participation(pk=number, agency_id=number)
