from functools import lru_cache

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models import Field, ForeignObject
from django.utils.translation import gettext_lazy as _


def teach_persian(connection, **kwargs):
    """SQLite knows no Persian alphabet (پ چ ژ گ would come last), and no way to exchange many signs at once."""
    if connection.vendor == "sqlite":
        from evaluation import persian  # noqa: PLC0415  its settings are not ready while apps load

        key = lru_cache(maxsize=10_000)(persian.sort_key)  # the same names are sorted on page after page

        def compare(left, right):
            left, right = key(left), key(right)
            return (left > right) - (left < right)

        def search_key(text):
            return None if text is None else persian.search_key(text)

        connection.connection.create_collation("persian", compare)
        connection.connection.create_function("search_key", 1, search_key, deterministic=True)


def name_of_person(user):
    """People are called by their names; Django's own user says the login name in every list and choice."""
    return user.get_full_name() or user.get_username()


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Performance evaluation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.contrib.auth.models import User  # noqa: PLC0415  models are ready now, not when this file loads

        from evaluation import persian  # noqa: PLC0415  its settings are not ready while apps load
        from evaluation.management import checks  # noqa: F401, PLC0415  registers itself; needs the models
        from evaluation.models.any_key import AnyKey  # noqa: PLC0415  models are ready now

        User.__str__ = name_of_person
        for kind in (Field, ForeignObject):
            kind.register_lookup(AnyKey)
        connection_created.connect(teach_persian, dispatch_uid="teach persian")
        persian.install()
