import os

from django.core.wsgi import get_wsgi_application

from backoffice.time_limit import keep_web_connections, limit_web_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
limit_web_statements()
keep_web_connections()

application = get_wsgi_application()
