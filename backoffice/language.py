from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers


class CookieLocaleMiddleware(LocaleMiddleware):
    """Persian unless the person chose another language: the browser's own preference does not count."""

    def process_request(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request, response):
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def title_mark(request):
    """What a page's title begins with: the name of a tab takes its direction from the first letter, often of a code."""
    return "\u200f" if translation.get_language_bidi() else ""
