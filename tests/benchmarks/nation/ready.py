"""A process of a benchmark with Django, for the database that its environment names."""

import logging


def set_up():
    import django  # its settings come from the environment of this process

    django.setup()
    from django.conf import settings

    logging.disable(logging.CRITICAL)  # pages that refuse somebody
    settings.ALLOWED_HOSTS = ["*"]
