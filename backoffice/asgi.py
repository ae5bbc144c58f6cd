import os

from django.core.asgi import get_asgi_application

from backoffice.time_limit import limit_web_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
limit_web_statements()

application = get_asgi_application()
