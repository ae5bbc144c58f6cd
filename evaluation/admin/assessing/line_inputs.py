"""What is typed for a line at a level: the inputs of a row, and the figures read back from a posted row."""

import zlib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import MarkLevel, Nature
from evaluation.process.assessing.line import Figures
from evaluation.process.door import Refusal

SIX = Decimal("0.000001")
MAX_NOTE_LENGTH = 4000
CHANGES = (Nature.GROWTH, Nature.REDUCTION)


@dataclass(frozen=True)
class Input:
    """One input of a row. `kind` is decimal, choice or note; a hidden one waits until the formula has no answer."""

    name: str
    label: str
    value: str = ""
    kind: str = "decimal"
    placeholder: str = ""
    options: tuple = ()
    hidden: bool = False
    suffix: str = ""


def inputs_of(row, level, posted=None):
    """The inputs of a row at a level, with what stands there, or with what was `posted` and refused."""
    inputs = list(INPUTS[level](row))
    if posted is None:
        return inputs
    names = {name: posted.get(field_name(row.line, name)) for name in (box.name for box in inputs)}
    return [box if names[box.name] is None else Input(**{**vars(box), "value": names[box.name]}) for box in inputs]


def field_name(line, name):
    return f"{line.pk}-{name}"


def own_inputs(row):
    """The agency's own entry: the figures that the nature of the indicator asks for."""
    line, nature = row.line, row.indicator.nature
    if nature == Nature.QUALITATIVE:
        if row.indicator.scale:
            yield choice_input(row, line.self_actual)
    elif nature == Nature.RATIO:
        yield figure_input("numerator", _("Numerator"), line.self_numerator)
        yield figure_input("denominator", _("Denominator"), line.self_denominator)
    elif nature in CHANGES:
        yield figure_input("numerator", _("This year"), line.self_numerator)
        yield figure_input("denominator", _("Last year"), line.self_denominator, placeholder=line.baseline)
    if (
        nature not in (Nature.SINGLE, Nature.QUALITATIVE)
        and line.self_numerator is None
        and line.self_actual is not None
    ):
        yield figure_input("actual", _("Actual"), line.self_actual, suffix="%")
    if nature == Nature.SINGLE:
        yield figure_input("actual", _("Actual"), line.self_actual, suffix=row.indicator.unit)
    typed = row.cells[MarkLevel.SELF].typed
    yield figure_input(
        "score", _("Score"), line.self_score if typed else None, hidden=not (typed or needs_typing(row)),
    )  # fmt: skip
    yield note_input(_("Explanation"), line.self_note)


def needs_typing(row):
    """Whether the formula has no answer as the line stands, so that the agency types its score."""
    cell = row.cells.get(MarkLevel.SELF)
    if row.indicator.nature == Nature.QUALITATIVE:
        return not row.indicator.scale
    return row.line.target is None or (cell is not None and cell.undefined)


def hq_inputs(row):
    line, before = row.line, row.line.self_actual
    yield later_actual(row, line.hq_actual, before)
    yield figure_input("score", _("Score"), typed_score(row, MarkLevel.HQ), placeholder=computed(row, MarkLevel.HQ))
    yield note_input(_("Reason"), line.hq_note)


def initial_inputs(row):
    line = row.line
    yield later_actual(row, line.initial_actual, None)
    if row.indicator.nature != Nature.QUALITATIVE:
        yield figure_input("target", _("Target"), line.initial_target, placeholder=line.target)
    yield figure_input(
        "score", _("Score"), typed_score(row, MarkLevel.INITIAL), placeholder=computed(row, MarkLevel.INITIAL)
    )
    yield note_input(_("Comment"), line.initial_note)


INPUTS = {MarkLevel.SELF: own_inputs, MarkLevel.HQ: hq_inputs, MarkLevel.INITIAL: initial_inputs}


def later_actual(row, value, before):
    """The actual at a later level: chosen from the scale, or in percent where the agency gave two figures."""
    if row.indicator.nature == Nature.QUALITATIVE and row.indicator.scale:
        return choice_input(row, value)
    suffix = "" if row.indicator.nature in (Nature.SINGLE, Nature.QUALITATIVE) else "%"
    return figure_input("actual", _("Actual"), value, placeholder=before, suffix=suffix)


@dataclass(frozen=True)
class FigureBefore:
    """The figure of the level before, as a box takes it and as people read it."""

    value: str
    words: str


def figure_before(row, level):
    """What a later level may take over with one click, or None."""
    line = row.line
    if level == MarkLevel.SELF:
        return None
    value = line.self_actual if level == MarkLevel.HQ or line.hq_actual is None else line.hq_actual
    if value is None:
        return None
    if row.indicator.nature == Nature.QUALITATIVE and row.indicator.scale:
        titles = dict(choice_input(row, None).options)
        key = str(value.normalize())
        return FigureBefore(key, titles[key]) if key in titles else None
    return FigureBefore(in_box(value), persian.format_decimal(value, 2, trim=True))


def typed_score(row, level):
    cell = row.cells.get(level)
    return cell.score if cell and cell.typed else None


def computed(row, level):
    """The computed score stands in the empty box in grey: typing over it is an override."""
    cell = row.cells.get(level)
    return cell.score if cell and not cell.typed else None


def figure_input(name, label, value, *, placeholder=None, **more):
    return Input(name, str(label), in_box(value), placeholder=in_box(placeholder), **more)


def note_input(label, value):
    return Input("note", str(label), value or "", "note")


def choice_input(row, value):
    options = tuple((str(Decimal(step["fraction"]).normalize()), step["title"]) for step in row.indicator.scale)
    return Input(
        "actual", _("Step reached"), "" if value is None else str(value.normalize()), "choice", options=options
    )


def in_box(value):
    return persian.format_decimal(value, None)


# -- reading --------------------------------------------------------------------------------------


def signature(inputs):
    """A short sum of the shown values: a row whose posted values have the same one was not touched."""
    values = "\x1f".join(plain(box.value) for box in inputs)
    return f"{zlib.crc32(values.encode()):08x}"


def plain(value):
    """One spelling for what a browser may send back differently: line ends and spaces at the ends."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def touched(row, inputs, posted):
    """Whether the posted row differs from what the page showed."""
    seen = posted.get(field_name(row.line, "seen"))
    if seen is None:
        return False
    sent = [Input(**{**vars(box), "value": posted.get(field_name(row.line, box.name), box.value)}) for box in inputs]
    return signature(sent) != seen


def figures(row, inputs, posted):
    """`Figures` of a posted row. Raises Refusal with a sentence that names the box."""
    values = {}
    for box in inputs:
        text = plain(posted.get(field_name(row.line, box.name), ""))
        values[box.name] = note(box.label, text) if box.kind == "note" else decimal(box.label, text)
    return Figures(**values)


def note(label, text):
    """A typed note as it is. Raises Refusal for one that is too long: nothing of it is cut."""
    if len(text) > MAX_NOTE_LENGTH:
        raise Refusal(
            _("%(label)s: %(count)s letters are written here and at most %(limit)s fit. Shorten it; nothing was cut.")
            % {
                "label": label,
                "count": persian.format_decimal(len(text), 0),
                "limit": persian.format_decimal(MAX_NOTE_LENGTH, 0),
            }
        )
    return text


def decimal(label, text):
    """A typed figure with six decimals, or None. Raises Refusal for what is no number or too large to keep."""
    try:
        value = persian.parse_decimal(text)
    except ValueError as error:
        raise Refusal(_("%(label)s: %(reason)s") % {"label": label, "reason": error}) from error
    if value is None:
        return None
    if abs(value) > persian.LARGEST_FIGURE:
        raise Refusal(_("%(label)s: this figure is too large.") % {"label": label})
    return value.quantize(SIX, rounding=ROUND_HALF_UP)


def version(row, posted):
    """The `version_at` that the page showed, or None for a page that named none."""
    return posted.get(field_name(row.line, "version")) or None
