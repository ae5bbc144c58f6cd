"""Forms that our script sends: it is told where to go next, and is refused where another account has logged in."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

OTHER_ACCOUNT = 409


class SendingMiddleware:
    """Stands after the middleware of sessions, accounts and messages.

    A script cannot read where a redirect leads without following it, which would use up the messages of the next page:
    a request with the header X-Form gets the address in X-Location, with status 200. A request whose X-Account is not
    the account of the session is answered with 409 and a sentence: what one person typed is not saved by another.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        account = request.headers.get("X-Account")
        if account and request.method == "POST" and request.user.is_authenticated and str(request.user.pk) != account:
            sentence = _("Another account has logged in in this browser. What was typed here is not saved by it.")
            return HttpResponse(sentence, status=OTHER_ACCOUNT, content_type="text/plain; charset=utf-8")
        response = self.get_response(request)
        if "X-Form" in request.headers and response.has_header("Location"):
            response["X-Location"] = response["Location"]
            del response["Location"]
            response.status_code = 200
        return response
