"""Texts of django-fsm-2."""

from django.utils.translation import gettext_noop as _

TEXTS = (
    _("FSM transition '{transition_name}' succeeded."),
    _("FSM transition '{transition_name}' failed: {error}."),
    _("FSM transition '{transition_name}' is not allowed."),
    _("Apply"),
)
