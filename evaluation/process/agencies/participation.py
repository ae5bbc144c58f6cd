"""Peer groups of the agencies that take part."""

from django.contrib.auth.models import User
from django.db import transaction

from evaluation.models import Participation, PeerGroup
from evaluation.rules.permissions import holds

from ..door import Forbidden, log


@transaction.atomic
def put_in_group(participation: Participation, *, group: PeerGroup, by: User) -> Participation:
    """Compare an agency with those of another peer group of its cycle. Raises Forbidden."""
    participation = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if not (holds(by, "change_participation", participation) and group.cycle_id == participation.cycle_id):
        raise Forbidden("change_participation")
    participation.peer_group = group
    participation.save(update_fields=["peer_group"])
    log(participation, "put_in_group", by=by, note=str(group))
    return participation
