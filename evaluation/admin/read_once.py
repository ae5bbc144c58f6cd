"""Pages that are only read ask once for each row whether a membership covers it; what writes asks anew."""

from evaluation.rules import scopes


class ReadOnceMixin:
    """Needs the views of a list and of a form. Adds that what they ask of rights is kept while they are only read."""

    def changelist_view(self, request, extra_context=None):
        self.read_once(request)
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        self.read_once(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def read_once(self, request):
        if request.method == "GET":
            scopes.keep_answers(request.user)
