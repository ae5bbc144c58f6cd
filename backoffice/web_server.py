"""gunicorn's settings: python -m gunicorn -c python:backoffice.web_server backoffice.wsgi"""

import os

worker_class = "backoffice.buffering.BufferingWorker"
workers = int(os.environ.get("WEB_WORKERS") or 3)
timeout = int(os.environ.get("WEB_TIMEOUT") or 120)  # seconds that one request may take
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True
