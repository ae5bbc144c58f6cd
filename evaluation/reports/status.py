"""What files of results say of their standing: nothing once published, else that they are a draft, or void."""

from django.utils.translation import gettext as _

from evaluation.enums import ResultState


def suffix(result_set):
    """What is put into the name of a file: "", "-draft" or "-void"."""
    if result_set.state == ResultState.VOID:
        return "-void"
    return "" if result_set.published_at else "-draft"


def mark(result_set):
    """The sentence on every page of a file; empty for what is published."""
    return {
        "": "",
        "-draft": _("Draft: these results are not published yet."),
        "-void": _("Void: these results have no effect."),
    }[suffix(result_set)]
