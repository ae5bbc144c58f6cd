"""Assessments of which a person sees every line or none, so that no line need be asked by itself."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import Q

from evaluation.enums import Role

from . import scopes
from .roles import memberships_of

# The rows of these memberships are whole files; closed to a role until it stands here.
SEES_WHOLE_FILES = frozenset({*Role.mpo(), Role.AGENCY, Role.HEADQUARTERS, Role.NATIONAL})


def whole_files(user: User, *, among: Collection[Role] | None = None) -> Q:
    """The Q of assessments that the person sees whole, by memberships of the roles `among`."""
    if not (user.is_authenticated and user.is_active):
        return scopes.NONE
    if user.is_superuser:
        return scopes.ALL
    scope = scopes.NONE
    for membership in memberships_of(user):
        if membership.role in SEES_WHOLE_FILES and (among is None or membership.role in among):
            scope |= scopes.rows(membership, "assessment")
    return scope
