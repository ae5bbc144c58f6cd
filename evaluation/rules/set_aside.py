"""The tickets that a person does not read: those that complain of the person, or of the person's role."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from .roles import roles_of

OF_A_TICKET = {"ticket": "", "ticketmessage": "ticket__"}  # the way from a row to its ticket


def is_complained_of(ticket: Any, user: User) -> bool:
    """Whether the ticket is about this person, or about the role that the person has.

    An asker seldom knows accounts and names whose conduct it is (`about_role`): then everybody of that role stands
    aside, until staff who may read the ticket name the account (`about`) and with it the role "other".
    """
    return ticket.about_id == user.pk or (bool(ticket.about_role) and ticket.about_role in roles_of(user))


def complaining_of(user: User, model_name: str) -> Q:
    """The Q of the rows of tickets (or of their messages) for which `is_complained_of` holds."""
    path = OF_A_TICKET[model_name]
    roles = [str(role) for role in roles_of(user)]
    return Q(**{f"{path}about": user.pk}) | Q(**{f"{path}about_role__in": roles})
