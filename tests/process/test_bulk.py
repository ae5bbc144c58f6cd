"""Rows written in bulk are the rows that the ORM would have written, on either database."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from evaluation.enums import MarkLevel, MarkSource, Stage
from evaluation.models import Assessment, Indicator, Line, Mark
from evaluation.process import bulk

NOTES = [
    "",
    "خوب",
    "كيفيت‌ اداره  ي الف",  # as an Arabic keyboard types it: kept with Persian letters and single spaces
    'say "so", twice',
    "first\n\\.\nlast",  # what ends a COPY where it stands unquoted
    "\\N",
    "NULL",
    "a\tb; c,d 'e' % %s",
]
FIGURES = [None, D(0), D("-0.0000005"), D("12.3456789"), D("123456789012345678.123456"), D("1E+3"), D("0.1")]
EXPLANATIONS = [{}, {"formula": "typed", "values": {"reason": 'چون "لازم" بود\n\\'}, "result": "1.5"}]


@pytest.fixture
def lines(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    return list(Line.objects.order_by("pk")[:2])


def columns(lines, count):
    """Values of `count` marks, each list in turn."""
    in_turn = {
        "line_id": [line.pk for line in lines],
        "note": NOTES,
        "explanation": EXPLANATIONS,
        "override": [True, False],
    }
    in_turn |= dict.fromkeys(("actual", "target", "numerator", "denominator"), FIGURES) | {"score": FIGURES[:4]}
    return {name: [values[n % len(values)] for n in range(count)] for name, values in in_turn.items()}


def kept(marks):
    return list(marks.order_by("pk").values(*(field.attname for field in Mark._meta.concrete_fields[1:])))


@pytest.mark.parametrize("count", [1, bulk.MIN_ROWS_TO_COPY - 1, bulk.MIN_ROWS_TO_COPY, 2 * bulk.ROWS_PER_INSERT + 1])
def test_inserted_rows_are_those_of_the_orm(cast, lines, count):
    given = columns(lines, count)
    same = {"level": MarkLevel.SELF, "source": MarkSource.IMPORT, "at": timezone.now(), "by_id": cast.manager.pk}
    same |= {"on_behalf_of_id": None, "run_id": None}
    Mark.objects.bulk_create(Mark(**same, **{name: values[n] for name, values in given.items()}) for n in range(count))
    by_orm = kept(Mark.objects.all())
    bulk.insert(Mark, given, same=same)
    assert kept(Mark.objects.filter(pk__gt=Mark.objects.order_by("pk")[count - 1].pk)) == by_orm
    assert len(by_orm) == count


def test_many_batches_keep_their_order(cast, lines, monkeypatch):
    monkeypatch.setattr(bulk, "ROWS_PER_STATEMENT", bulk.MIN_ROWS_TO_COPY + 1)
    numbers = [D(number) for number in range(3 * bulk.MIN_ROWS_TO_COPY)]
    given = columns(lines, len(numbers)) | {"actual": numbers}
    same = {"level": "self", "source": "import", "at": timezone.now(), "by_id": cast.manager.pk}
    bulk.insert(Mark, given, same=same | {"on_behalf_of_id": None, "run_id": None})
    assert list(Mark.objects.order_by("pk").values_list("actual", flat=True)) == numbers


def test_a_column_that_is_forgotten_or_unknown_is_named(lines):
    with pytest.raises(TypeError, match="Mark: actual, at, by_id, denominator, explanation, level, line, note"):
        bulk.insert(Mark, {"line_id": [lines[0].pk], "line": [1]})


@pytest.mark.parametrize("more", [0, bulk.MIN_ROWS_TO_COPY])
def test_updated_columns_are_those_of_save(lines, more):
    Line.objects.exclude(pk__in=[line.pk for line in lines]).delete()
    for number, (note, figure) in enumerate(zip(NOTES, [*FIGURES, None], strict=True), start=1):
        first, second = lines
        first.self_note, first.self_actual, first.version = note, figure, number
        first.save()
        keys = [second.pk, *range(-more, 0)]  # rows that are not there take nothing
        columns = {"self_note": [note], "self_actual": [figure], "version": [number]}
        bulk.update(Line, keys, {name: values * len(keys) for name, values in columns.items()})
        stored = Line.objects.values_list(*columns).order_by("pk")
        assert stored[0] == stored[1]


@pytest.mark.parametrize("more", [0, bulk.MIN_ROWS_TO_COPY])
def test_constraints_hold(lines, more):
    line = lines[0]
    keys = [line.pk, *range(-more, 0)]
    with pytest.raises(IntegrityError, match="line_self_score_within_maximum"):
        bulk.update(Line, keys, {"self_score": [line.maximum + 1] * len(keys)})


def test_loaded_objects_are_those_of_only(lines, django_assert_num_queries):
    Line.objects.filter(pk=lines[0].pk).update(self_actual=D("12.5"), hq_note="یادداشت", version=3)
    with django_assert_num_queries(1):
        first, second = bulk.loaded(Line.objects.order_by("pk")[:2], "version", "self_actual", "indicator_id")
        read = [(first.pk, first.version, first.self_actual), (second.pk, second.version, second.self_actual)]
    assert read == [(lines[0].pk, 3, D("12.5")), (lines[1].pk, 0, None)]
    assert first == lines[0]
    assert (
        first.get_deferred_fields()
        == Line.objects.only("version", "self_actual", "indicator").get(pk=first.pk).get_deferred_fields()
    )
    with django_assert_num_queries(2):
        assert (first.hq_note, first.indicator.code) == ("یادداشت", "G-1")
    first.version = 4
    first.save()
    assert Line.objects.values_list("version", "hq_note").get(pk=first.pk) == (4, "یادداشت")


def test_loaded_values_are_those_of_the_orm(cast, lines):
    scale = [{"title": "عالی", "fraction": "1"}]
    Indicator.objects.filter(code="G-1").update(scale=scale, points=D("12.5"))
    names = "code title scale points target agency_id".split()
    rows = Indicator.objects.filter(cycle=cast.cycle).order_by("pk")
    found = bulk.loaded(rows, *names)
    assert [tuple(getattr(row, name) for name in names) for row in found] == list(rows.values_list(*names))
    assert len(found) == 9
    empty = [row for row in found if row.scale == []]
    assert empty[0].scale is not empty[1].scale


def test_loaded_objects_know_what_they_refer_to(cast, lines, django_assert_num_queries):
    indicators = Indicator.objects.in_bulk()
    with django_assert_num_queries(1):
        found = bulk.loaded(Line.objects.order_by("pk"), "indicator_id", "exempt", related={"indicator": indicators})
        assert {line.indicator.code for line in found} == {"G-1", "G-2", "G-31", "G-32", "S-1", "S-2"}
    assert {line.exempt for line in found} == {False}


def test_nothing_is_asked_for_people_who_see_nothing(cast, lines, django_assert_num_queries):
    nothing = Line.objects.visible_to(cast.nobody)
    with django_assert_num_queries(0):
        assert bulk.loaded(nothing, "version") == []
    assert bulk.loaded(Line.objects.filter(version=99), "version") == []


def test_the_database_of_this_run_takes_its_fast_way(lines, django_assert_num_queries):
    keys = [line.pk for line in lines] * bulk.MIN_ROWS_TO_COPY
    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 1):
        bulk.update(Line, keys, {"version": [7] * len(keys)})
    assert set(Line.objects.filter(pk__in=keys).values_list("version", flat=True)) == {7}


def test_values_follow_relations_and_annotations(cast, lines):
    rows = Line.objects.annotate(own=Exists(Line.objects.filter(pk=OuterRef("pk"), exempt=False))).order_by("pk")
    paths = ("id", "maximum", "indicator__code", "indicator__axis__maximum", "indicator__axis_id", "own")
    assert list(bulk.values(rows, *paths)) == list(rows.values_list(*paths))


def test_rows_that_are_set_are_what_the_relation_leads_to(cast, lines, django_assert_num_queries):
    file = lines[0].assessment
    bulk.set_prefetched(file, "lines", [lines[0]])
    with django_assert_num_queries(0):
        assert list(file.lines.all()) == [lines[0]]


def test_whole_objects_are_those_of_select_related(cast, lines, django_assert_num_queries):
    agencies = {participation.pk: participation for participation in cast.cycle.participations.all()}
    files = Assessment.objects.order_by("pk")
    with django_assert_num_queries(1):
        found = bulk.whole(files, "dimension", related={"participation": agencies})
        read = [(file.dimension.title, file.participation.agency_id) for file in found]
    stored = list(files.select_related("dimension", "participation"))
    assert read == [(file.dimension.title, file.participation.agency_id) for file in stored]
    for own, other in ((found, stored), ([file.dimension for file in found], [file.dimension for file in stored])):
        for row, by_orm in zip(own, other, strict=True):
            names = [field.attname for field in row._meta.concrete_fields]
            assert [getattr(row, name) for name in names] == [getattr(by_orm, name) for name in names]
            assert row.get_deferred_fields() == set()
    assert len({id(file.dimension) for file in found}) == len({file.dimension_id for file in found})
