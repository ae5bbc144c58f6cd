"""Pages in English, for tests that read the messages of the source."""

from django.contrib.messages import get_messages
from django.urls import reverse


def visit(cast, user):
    client = cast.client(user)
    client.cookies["django_language"] = "en"
    return client


def page(name, *args):
    return reverse(f"admin:evaluation_{name}", args=args)


def told(response):
    """The messages that a POST left behind."""
    return [str(message) for message in get_messages(response.wsgi_request)]
