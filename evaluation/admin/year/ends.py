"""When the work of the running cycles ends: windows and extensions read once for a page.

For display alone: `rules.windows` decides what is open."""

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.functional import cached_property

from evaluation.models import Extension, StageWindow

MANY_CYCLES = 12  # above them, of the whole country, the windows that are open now are few among all


class Ends:
    """The windows of some cycles and, for given agencies, the extensions that run now."""

    def __init__(self, cycles, agencies=None):
        """`cycles` is a list; `agencies`, a queryset, adds their extensions."""
        self.now = timezone.now()
        self.cycles, self.agencies = cycles, agencies

    @cached_property
    def windows(self):
        prefetch_related_objects(self.cycles, "windows")  # who has read them before does not read them again
        windows = [window for cycle in self.cycles for window in cycle.windows.all()]
        return of_stages(sorted(windows, key=lambda window: window.closes_at))

    @cached_property
    def running_windows(self):
        """At least the windows that are open now."""
        if len(self.cycles) <= MANY_CYCLES:
            return self.windows
        running = StageWindow.objects.filter(cycle__in=self.cycles, opens_at__lte=self.now, closes_at__gt=self.now)
        return of_stages(running.order_by("closes_at"))

    @cached_property
    def extensions(self):
        """Read when the end of an agency is asked for: staff ask for the ends of whole cycles alone."""
        if self.agencies is None:
            return {}
        running = Extension.objects.filter(cycle__in=self.cycles, granted_at__lte=self.now, ends_at__gt=self.now)
        return of_stages(running.filter(agency__in=self.agencies))

    def end(self, cycle, stage, part="", *, dimension=None, agency=None):
        """The last moment of this work, extensions included; None while nothing is open."""
        windows = self.of(self.running_windows, cycle, stage, part, dimension)
        ends = [window.closes_at for window in windows if window.opens_at <= self.now < window.closes_at]
        if agency is not None:
            extensions = self.of(self.extensions, cycle, stage, part, dimension)
            ends += [extension.ends_at for extension in extensions if extension.agency_id == agency]
        return max(ends, default=None)

    def is_over(self, cycle, stage, part="", *, dimension=None, agency=None):
        """Whether there were such windows and all of them have closed."""
        windows = self.of(self.windows, cycle, stage, part, dimension)
        if not windows or self.end(cycle, stage, part, dimension=dimension, agency=agency):
            return False
        return all(window.closes_at <= self.now for window in windows)

    def soonest(self, cycles, stage, part=""):
        """The first end among several cycles: for work that is counted, not listed."""
        ends = [end for cycle in cycles if (end := self.end(cycle.pk, stage, part))]
        return min(ends, default=None)

    def of(self, rows, cycle, stage, part, dimension):
        return [
            row
            for row in rows.get((cycle, stage), ())
            if (not part or row.part in ("", part)) and (dimension is None or row.dimension_id in (None, dimension))
        ]


def of_stages(rows):
    """{(cycle, stage): [windows or extensions]}."""
    by_stage = {}
    for row in rows:
        by_stage.setdefault((row.cycle_id, row.stage), []).append(row)
    return by_stage
