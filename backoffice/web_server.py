"""gunicorn's settings: python -m gunicorn -c python:backoffice.web_server backoffice.wsgi"""

import os
import socket

# One request at a time in a process: Unfold keeps `self.request` on the admin classes, threads would mix people up.
worker_class = "sync"
workers = int(os.environ.get("WEB_WORKERS") or 3)
timeout = 120
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True


def when_ready(server):
    """Leave a connection with the kernel until it has sent something.

    Browsers open spare connections ahead of need. A sync worker that accepts one waits on it, and a few of them
    stop the whole site.
    """
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        for listener in server.LISTENERS:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 75)
