"""The official form of a process, as Ilam documents its processes: what each of its boxes holds."""

from django.utils.translation import gettext as _

BOXES = (  # two boxes stand beside each other in a row of the form
    ("aims",),
    ("receivers", "providers"),
    ("forms", "documents"),
    ("technology", "laws"),
    ("duties",),
)


def boxes(template):
    """[[(label, text)]] of the form's rows below its head; what nobody has filled in says so."""
    return [
        [(label_of(template, name), getattr(template, name) or _("not filled in")) for name in row] for row in BOXES
    ]


def label_of(template, name):
    """The heading of a box: the name of its field."""
    return template._meta.get_field(name).verbose_name
