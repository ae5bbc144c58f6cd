from functools import lru_cache

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


def sort_persian(connection, **kwargs):
    """SQLite knows no Persian alphabet: پ چ ژ گ would come last."""
    if connection.vendor == "sqlite":
        from evaluation import persian  # its settings are not ready while apps load

        key = lru_cache(maxsize=10_000)(persian.sort_key)  # the same names are sorted on page after page

        def compare(left, right):
            left, right = key(left), key(right)
            return (left > right) - (left < right)

        connection.connection.create_collation("persian", compare)


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Performance evaluation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from evaluation import persian  # its settings are not ready while apps load

        connection_created.connect(sort_persian, dispatch_uid="sort persian")
        persian.install()
