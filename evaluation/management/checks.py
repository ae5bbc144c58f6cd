"""What `manage.py check --deploy` says of the accounts."""

from django.contrib.auth import get_user_model
from django.core import checks
from django.db import DatabaseError, connection

from evaluation.rules import demo_password

SHOWN = 5  # names in the message


@checks.register(checks.Tags.security, deploy=True)
def no_demo_password(app_configs, **kwargs):
    """An error while the password of an active account is the demo accounts' own, which everybody knows."""
    try:
        if get_user_model()._meta.db_table not in connection.introspection.table_names():
            return []
        open_to_all = {*demo_password.exposed(), *demo_password.unmarked()}
    except DatabaseError as error:
        return [checks.Error(f"The accounts could not be looked at: {error}", id="evaluation.E002")]
    names = sorted(user.username for user in open_to_all)
    if not names:
        return []
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return [
        checks.Error(
            f"Everybody knows the password of {', '.join(names[:SHOWN])}{more}: it is the demo password.",
            hint="Run 'manage.py remove_demo', or give these accounts passwords of their own.",
            id="evaluation.E001",
        )
    ]
