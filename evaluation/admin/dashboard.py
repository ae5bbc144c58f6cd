def context(request, context):
    """What the first page shows; see templates/admin/index.html for the shape."""
    return context
