"""Taking the demo away whole: its cycles, places and accounts, every row that refers to them, and their files."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q

from evaluation.management.fixtures import rows
from evaluation.models import Agency, Committee, Cycle, Faq, Membership, ServiceDesk, TransitionLog
from evaluation.rules import demo_password
from evaluation.rules.roles import SCHEDULER

from .around import DESK, OPEN_QUESTIONS, QUESTIONS

CHUNK = 500  # keys in one query: SQLite takes no more than some thousand


def demo_users():
    """The demo accounts, as a queryset."""
    return get_user_model().objects.filter(username__startswith=demo_password.PREFIX)


def demo_cycles():
    """Cycles whose first step was taken by a demo account."""
    starts = TransitionLog.objects.filter(name="start", content_type__model="cycle", by__in=demo_users())
    return Cycle.objects.filter(pk__in=starts.values("cycle"))


def other_cycles():
    """Cycles that somebody else began: real work, beside which nothing is removed."""
    return Cycle.objects.exclude(pk__in=demo_cycles())


@transaction.atomic
def remove():
    """Delete the demo. Returns (rows deleted, files deleted). Only while `other_cycles` is empty.

    Rows are deleted below the models, since marks and the log refuse it, in any order: the constraints between tables
    are asked at the end of the transaction.
    """
    cycles = list(demo_cycles())
    places = {cycle.province_id for cycle in cycles}
    doomed = closure(roots(cycles, places))
    files = [name for model, keys in doomed.items() for name in files_of(model, keys)]
    count = 0
    for model, keys in doomed.items():
        for some in chunks(keys):
            forget_references(model, some)
            count += model._base_manager.filter(pk__in=some)._raw_delete("default")
    count += remove_scheduler(places)
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])
    return count, len(files)


def roots(cycles, places):
    """{model: keys} of what the demo is made of; all else refers to it."""
    codes = {row["code"] for row in rows("agencies_qazvin")}
    asked = [question for _role, question, _answer in QUESTIONS] + [question for question, _answer in OPEN_QUESTIONS]
    questions = Q(question__in=asked, province__in=places)
    # Committees know no author: those that met for the demo's cycles alone.
    committees = Committee.objects.filter(province__in=places, sessions__cycle__in=cycles)
    return {
        Cycle: {cycle.pk for cycle in cycles},
        get_user_model(): keys_of(demo_users()),
        Agency: keys_of(Agency.objects.filter(province__in=places, code__in=codes)),
        Faq: keys_of(Faq.objects.filter(questions)),
        Committee: keys_of(committees),
        ServiceDesk: keys_of(ServiceDesk.objects.filter(province__in=places, phone=DESK["phone"])),
    }


def keys_of(queryset):
    return set(queryset.order_by().values_list("pk", flat=True))


def closure(doomed):
    """{model: keys} with every row that refers to one of them, however far."""
    fresh = {model: set(keys) for model, keys in doomed.items()}
    references = [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.many_to_one or field.one_to_one
    ]
    while fresh:
        found = {}
        for model, field in references:
            target = field.remote_field.model
            if field.remote_field.on_delete is models.SET_NULL or target not in fresh:
                continue
            for some in chunks(fresh[target]):
                keys = keys_of(model._base_manager.filter(**{f"{field.name}__in": some}))
                found.setdefault(model, set()).update(keys - doomed.get(model, set()))
        fresh = {model: keys for model, keys in found.items() if keys}
        for model, keys in fresh.items():
            doomed.setdefault(model, set()).update(keys)
    return doomed


def forget_references(model, keys):
    """Empty the references that may be empty and point to rows which are about to go."""
    for relation in model._meta.related_objects:
        if relation.on_delete is models.SET_NULL:
            relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys}).update(
                **{relation.field.name: None}
            )


def files_of(model, keys):
    """(storage, name) of the stored files of these rows."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.FileField):
            for some in chunks(keys):
                names = model._base_manager.filter(pk__in=some).exclude(**{field.name: ""})
                yield from ((field.storage, name) for name in names.values_list(field.name, flat=True))


def chunks(keys):
    """The keys in parts of a size that one query takes."""
    keys = sorted(keys)
    return [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]


def remove_scheduler(places):
    """The schedule's seat in the provinces of the demo, and its account where it has no other. Returns rows."""
    count = Membership.objects.filter(user__username=SCHEDULER, province__in=places).delete()[0]
    alone = get_user_model().objects.filter(username=SCHEDULER, memberships=None)
    return count + alone.delete()[0]
