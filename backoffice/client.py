"""The network address from which a request comes."""

from django.conf import settings


def address_of(request):
    """The address of who sent the request, as the trusted proxy saw it (BEHIND_PROXY), else of the connection.

    Of X-Forwarded-For only the last entry counts: it is the proxy's own word, the others are the sender's.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
