"""Peer groups of the agencies that take part, and with whom each is ranked."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import RankedAmong
from evaluation.models import Participation, PeerGroup
from evaluation.rules.end import figures_stand
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, log


@transaction.atomic
def put_in_group(participation: Participation, *, group: PeerGroup, by: User) -> Participation:
    """Compare an agency with those of another peer group of its cycle. Raises Forbidden, or Refusal once results were
    computed with the present groups.
    """
    participation = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if not (holds(by, "change_participation", participation) and group.cycle_id == participation.cycle_id):
        raise Forbidden("change_participation")
    if figures_stand(participation.cycle):
        raise Refusal(_("Results were computed with the present peer groups; void them before changing a group."))
    participation.peer_group = group
    participation.save(update_fields=["peer_group"])
    log(participation, "put_in_group", by=by, note=str(group))
    return participation


@transaction.atomic
def rank_among(participation: Participation, *, among: RankedAmong | str, by: User) -> Participation:
    """Rank an agency among all, among its peer group only, or among nobody. Raises Forbidden, or Refusal once results
    were computed with the present setting.
    """
    participation = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if not holds(by, "change_participation", participation):
        raise Forbidden("change_participation")
    if figures_stand(participation.cycle):
        raise Refusal(_("Results were computed with the present ranking; void them before changing it."))
    participation.ranked_among = RankedAmong(among)
    participation.save(update_fields=["ranked_among"])
    log(participation, "rank_among", by=by, note=participation.get_ranked_among_display())
    return participation
