"""What the empty lists of the service desk, of the service and of the agreement say; read by `empty_lists`."""

from django.utils.translation import gettext_lazy as _

OF_THE_DESK = {
    "ticket": {
        "acting": _(
            "Write here when you cannot log in, when something does not work or is unfair, and to complain or suggest "
            "something. You read the answer here."
        ),
    },
    "servicedesk": {
        "acting": _(
            "Enter the phone and the address of the office, and whether people without an account may write to the "
            "desk; the days to an answer of each kind of ticket are set here too."
        ),
    },
    "outage": {
        "reading": _("When a health check fails, the outage appears here with its beginning and end."),
    },
    "service": {
        "acting": _("Describe the service here as its identity form asks; the published version stands before log-in."),
        "reading": _("The identity of the service appears here when it is published."),
    },
    "agreement": {
        "acting": _("Write the agreement here with the promises of both sides; the agencies accept what is published."),
        "reading": _("The agreement between the provincial organization and the agencies appears here when published."),
    },
}
