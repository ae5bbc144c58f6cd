"""Numbers of rows for a page: its parts ask one after the other, and one query counts for all of them."""

from django.db.models import CharField, Count, F, Value


class Counts:
    """Ask for everything first, then read: the first number that is read runs the query for all that was asked."""

    def __init__(self):
        self.rows_asked, self.found = [], None

    def ask(self, rows, by=None):
        """The `Asked` of the rows of a queryset, by the values of the text field `by` where one is named."""
        self.rows_asked.append((rows, by))
        self.found = None
        return Asked(self, len(self.rows_asked) - 1)

    def of(self, place):
        """{value of the field: rows} of what was asked at this place; of rows that go by no field: {"": rows}."""
        if self.found is None:
            self.found = {}
            for at, value, rows in self.query() if self.rows_asked else ():
                self.found.setdefault(at, {})[value] = rows
        return self.found.get(place, {})

    def query(self):
        """The queryset of (place, value, rows) of all that was asked, which is something."""
        first, *others = [
            rows.order_by()
            .values(asked_as=Value(at), of_value=F(by) if by else Value("", CharField()))
            .annotate(counted_rows=Count("pk", distinct=True))
            .values_list("asked_as", "of_value", "counted_rows")
            for at, (rows, by) in enumerate(self.rows_asked)
        ]
        return first.union(*others, all=True)


class Asked:
    """Rows whose number is read later."""

    def __init__(self, counts, place):
        self.counts, self.place = counts, place

    @property
    def by_value(self):
        return self.counts.of(self.place)

    @property
    def number(self):
        return sum(self.by_value.values())
