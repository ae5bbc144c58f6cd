"""The demo of one province: places, people, last year shortened and this year in full."""

from evaluation.models import Cycle, LevelScheme, ProcessTemplate
from evaluation.persian import localise_digits
from evaluation.process.year import cycle as cycle_verbs

from . import around, before, catalogue, stages
from .people import People, make_agencies
from .year import period


def build(province, *, year, until, count, report=lambda stage: None):
    """Make the demo of `province` up to the stage `until`, inside the caller's transaction.

    `report` is called with each stage that is done.
    """
    agencies = make_agencies(province, count)
    people = People(province, agencies)
    around.tell(province, people)
    last = before.build(province, year - 1, people, agencies)
    report(f"{year - 1}")
    cycle = start(province, year, people, {indicator.code: indicator for indicator in last.indicators.all()})
    stages.play(stages.DemoYear(cycle, people, agencies), until, report=report)
    return cycle


def start(province, year, people, origins):
    """The new cycle with its catalogue. `origins`: {code: last year's indicator}."""
    cycle = Cycle.objects.create(
        province=province,
        performance_year=year,
        title=f"ارزیابی عملکرد سال {localise_digits(year, 'fa')} استان {province.name}",
        level_scheme=LevelScheme.objects.get(code="allowance-1389"),
        top_count=10,
        weak_percent=60,
        **period(year),
    )
    cycle_verbs.start(cycle, by=people.manager, template=ProcessTemplate.objects.get(code="ilam-12"))
    catalogue.write_general(cycle, by=people.expert, origins=origins)
    return Cycle.objects.get(pk=cycle.pk)


def is_taken(province, year):
    """Whether the province has a cycle of this year."""
    return Cycle.objects.filter(province=province, performance_year=year).exists()
