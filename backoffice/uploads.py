"""What a request leaves behind of its uploads."""

from evaluation.models.stored_file import remove_rolled_back


class RolledBackUploadsMiddleware:
    """At the end of a request the files of its transactions that were rolled back are deleted."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        finally:
            remove_rolled_back()


def name_uploader(request):
    """Let each uploaded file know who brought it, for whoever looks at its content."""
    for files in (files for _name, files in request.FILES.lists()):
        for file in files:
            file.uploader = request.user
