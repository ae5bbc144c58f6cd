"""Recognising the headings of a sheet by the columns' own names and by a person's earlier answers."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from evaluation.persian import localise_digits

from ..reading.refusals import UnreadableWorkbook
from .faults import shown
from .guesses import guess

SAMPLES = 3

MISSING_HEADINGS = _(
    "Sheet “%(sheet)s”, row %(row)s: these headings are missing: %(headings)s. Headings are written as in the template."
)
HEADING_TWICE = _(
    "Sheet “%(sheet)s”: the heading “%(heading)s” occurs twice, at %(first)s and %(second)s. Remove one of them."
)
NAMED_TWICE = _(
    "Sheet “%(sheet)s”: the headings at %(first)s and %(second)s both mean the column “%(heading)s”. "
    "Remove one of them."
)


IN_BRACKETS = _(
    "Sheet “%(sheet)s”: the heading “%(heading)s” at %(place)s may mean the column “%(column)s”, but its words in "
    "brackets may give the figures another meaning. Choose the column, or that it is not read."
)


NAMED_ONCE = _(
    "Sheet “%(sheet)s”: the heading “%(heading)s” at %(place)s was read as the column “%(column)s” in one file before. "
    "Confirm that it means this column here too, or choose another one."
)


class HeadingsNeeded(UnreadableWorkbook):
    """Headings were found but not all recognised, or there are none; `as_data()` lists them, so that a person can name
    them. `lettered`: sheets without headings, as plain JSON; `others_read`: whether another sheet has all headings.
    """

    def __init__(self, sentence, *, seen, names, lettered=(), others_read=False, **values):
        super().__init__(sentence, **values)
        self.seen, self.names, self.lettered, self.others_read = seen, names, list(lettered), others_read

    def as_data(self):
        """Plain JSON: the sentence, the workbook's columns, and the headings of each sheet."""
        data = as_data(self.seen, self.names) | {"sentence": str(self), "others_read": self.others_read}
        return data | {"sheets": [*data["sheets"], *self.lettered]}


def as_data(seen, names):
    """{"sheets", "columns"} of heading rows, for the page on which headings are named."""
    columns = [[code, column.heading, column.required] for code, column in names.fields.items() if code != names.quiet]
    return {"sentence": "", "columns": columns, "sheets": [row.as_data() for row in seen]}


class Names:
    """How headings name columns. `fields` {code: Column} are read, `readonly` [(code, Column)] are known only.

    `aliases` are the person's answers, {match key: code, or "" to leave the heading out}; they count before a heading's
    own name. `offered` are answers that were given for one file alone, {match key: code}: they are asked about again.
    `key`: the codes that tell rows apart. `quiet` is the code of a column that people are not told of (the stamp).
    """

    def __init__(self, fields, *, readonly=(), key=(), aliases=None, offered=None, quiet=""):
        self.fields, self.quiet, self.answers = fields, quiet, aliases or {}
        self.aliases = {key: code for key, code in self.answers.items() if not code or code in fields}
        self.offered = {key: code for key, code in (offered or {}).items() if key not in self.answers}
        self.readonly_keys = {key for code, column in readonly for key in column.matches(code)}
        self.codes = {key: code for code, column in fields.items() for key in column.matches(code)}
        self.enough = min(2, len(fields) - (quiet in fields))  # headings that make a sheet the workbook's
        self.required = [code for code, column in fields.items() if column.required]
        self.key = tuple(key)
        self.first = next((code for code in self.required if code in key), "")  # in whose cell a total is named

    def code(self, key):
        """The code of the column that a heading with this match key names, or ""."""
        return self.aliases[key] if key in self.aliases else self.codes.get(key, "")

    def is_open(self, key):
        """Whether the person may name this heading: it names no column by itself, or a person named it before."""
        return bool(key) and (key in self.aliases or (key not in self.codes and key not in self.readonly_keys))


@dataclass(frozen=True)
class Heading:
    """One heading of a sheet; `code` is empty where it names no column that is read. `asked`: the column that it names
    but for words in brackets, which may give the figures another meaning, or that it named in one file before.
    """

    place: int
    text: str
    key: str
    code: str
    asked: str = ""


@dataclass
class Seen:
    """The heading row of a sheet: its headings in order, and the last row that belongs to it."""

    sheet: object
    row: object
    names: Names
    headings: list
    bottom: int = 0
    columns: dict = field(default_factory=dict)
    codes_row: object = None  # the hidden row of codes of our workbooks; `ours` are its places
    ours: frozenset = frozenset()
    made_out: bool = False  # taken for headings by its looks alone

    def __post_init__(self):
        self.bottom = self.bottom or self.row.number
        for heading in self.headings:
            if heading.code:
                self.columns.setdefault(heading.code, heading.place)

    @property
    def known(self):
        """The number of recognised columns, without the quiet one."""
        return len(self.columns.keys() - {self.names.quiet})

    @property
    def missing(self):
        """The codes of the required columns that have no heading."""
        return [code for code in self.names.required if code not in self.columns]

    @property
    def open(self):
        """The headings that a person may name."""
        return [
            heading for heading in self.headings if self.names.is_open(heading.key) and heading.place not in self.ours
        ]

    @property
    def guessed(self):
        """{place: code} of the guesses for headings that name no column."""
        unanswered = [heading for heading in self.open if heading.key not in self.names.aliases]
        fields = self.names.fields.items()
        free = {code: column for code, column in fields if code not in self.columns and code != self.names.quiet}
        asked = {heading.place: heading.asked for heading in unanswered if heading.asked in free}
        known = {heading.place for heading in unanswered if heading.code or heading.key in self.names.offered}
        unknown = {heading.place: heading.key for heading in unanswered if heading.place not in known}
        return guess(unknown, {code: column for code, column in free.items() if code not in asked.values()}) | asked

    @property
    def unread(self):
        """The texts of headings that name no known column, or that the person left out."""
        unnamed = [heading for heading in self.headings if not heading.code and heading.place not in self.ours]
        return [heading.text for heading in unnamed if heading.key not in self.names.readonly_keys]

    def at(self, place):
        """The address of a heading, from its place."""
        return f"{get_column_letter(place + 1)}{self.row.number}"

    def as_data(self):
        """The heading row as plain JSON, for the page on which a person names headings."""
        guesses = self.guessed
        known = {heading.code: heading.text for heading in reversed(self.headings) if heading.code}
        return {
            "sheet": self.sheet.title,
            "row": self.row.number,
            "made_out": self.made_out,
            "has_headings": True,
            "headings": [self.heading_data(heading, guesses) for heading in self.headings if self.is_listed(heading)],
            "missing": self.missing,
            "known": {code: text for code, text in known.items() if code != self.names.quiet},
        }

    def is_listed(self, heading):
        """Whether the page shows this heading."""
        if heading.code:
            return heading.code != self.names.quiet
        return bool(heading.key) and heading.key not in self.names.readonly_keys and heading.place not in self.ours

    def heading_data(self, heading, guesses):
        twice = heading.code and self.columns[heading.code] != heading.place
        before = {"before": True} if heading.key in self.names.offered else {}
        return before | {
            "column": get_column_letter(heading.place + 1),
            "heading": heading.text,
            "key": heading.key,
            "code": "" if twice else heading.code,
            "guess": heading.code or guesses.get(heading.place, ""),
            "samples": self.samples(heading.place),
        }

    def samples(self, place):
        """The first values below a heading, as a person recognises them."""
        texts = []
        for row in self.sheet.rows[self.bottom :]:
            if row is not self.codes_row and (value := row.value(place)) is not None:
                texts.append(shown(value))
            if len(texts) == SAMPLES:
                break
        return texts

    def problem(self):
        """(sentence, its values) where the person must name headings, else None.

        Raises UnreadableWorkbook where no answer could help: a heading is there twice, or none is left to be named.
        """
        first = {}
        for heading in self.headings:
            other = first.setdefault(heading.code, heading)
            if heading.code and other is not heading:
                return self.twice(other, heading)
        if not self.missing:
            return self.asked_about()
        values = {
            "sheet": self.sheet.title,
            "row": localise_digits(self.row.number),
            "headings": titles(self.names, self.missing),
        }
        if not self.open:
            raise UnreadableWorkbook(MISSING_HEADINGS, **values)
        return MISSING_HEADINGS, values

    def asked_about(self):
        """(sentence, its values) for a heading whose meaning a person has to confirm, else None."""
        asked = [heading for heading in self.headings if heading.asked and heading.asked not in self.columns]
        if not asked:
            return None
        heading = asked[0]
        column = self.names.fields[heading.asked].heading
        values = {"heading": heading.text, "place": self.at(heading.place), "column": column}
        return NAMED_ONCE if heading.key in self.names.offered else IN_BRACKETS, values | {"sheet": self.sheet.title}

    @property
    def width(self):
        """The number of cells up to the last heading."""
        return 1 + max((heading.place for heading in self.headings), default=-1)

    def twice(self, first, second):
        """(sentence, its values) for two headings of one column. Raises UnreadableWorkbook for two equal headings."""
        values = {"first": self.at(first.place), "second": self.at(second.place), "sheet": self.sheet.title}
        if first.key == second.key:
            raise UnreadableWorkbook(HEADING_TWICE, heading=second.text, **values)
        return NAMED_TWICE, values | {"heading": self.names.fields[first.code].heading}


def titles(names, codes):
    """The Persian headings of these columns, in one text."""
    return "، ".join(names.fields[code].heading for code in codes)
