"""The web server's kind of worker: waitress takes a whole request in before the product sees any of it.

A sync worker of gunicorn reads while the application waits, so that three half-sent uploads hold three workers: the
site stands still without a log-in. Here any number of connections may send slowly; what is complete is answered by one
thread, since Unfold keeps `self.request` on its admin classes and two would mix people up. The master of gunicorn
starts, counts and replaces these processes.
"""

import time

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

LOOK_SECONDS = 1  # how often the master's signals and the length of a request are looked at
IDLE_SECONDS = 120  # a connection that sends nothing for so long is closed
CONNECTIONS = 1000
SPOOLED_BYTES = 4 << 30  # an answer waits in a file for a slow reader; the thread goes on


class LastTask(WSGITask):
    """A request after which the connection is closed: the next one goes to whichever process is free."""

    def __init__(self, channel, request):
        request.headers["CONNECTION"] = "close"
        super().__init__(channel, request)


class Channel(HTTPChannel):
    task_class = LastTask


class BufferingWorker(Worker):
    """gunicorn's worker over waitress; it accepts connections only while nobody waits for its thread."""

    def init_process(self):
        self.began = None  # when the request that is being answered began, in seconds of the monotonic clock
        super().init_process()

    def run(self):
        server = create_server(
            self.answer,
            sockets=[ours.sock for ours in self.sockets],
            threads=1,
            ident=None,
            clear_untrusted_proxy_headers=False,  # Django's settings say whether a proxy is trusted
            channel_timeout=IDLE_SECONDS,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            outbuf_high_watermark=SPOOLED_BYTES,
        )
        sockets = server.map if hasattr(server, "map") else server._map
        listening = [connection for connection in sockets.values() if hasattr(connection, "channel_class")]
        for listener in listening:
            listener.channel_class = Channel
        while self.alive and self.is_in_time():
            for listener in listening:
                listener.accepting = self.began is None and not server.task_dispatcher.queue
            self.notify()
            wasyncore.loop(timeout=LOOK_SECONDS, use_poll=True, map=sockets, count=1)
        for listener in listening:
            listener.accepting = False
        self.finish(server, sockets)

    def answer(self, environ, start_response):
        """The application, with the clock that `is_in_time` reads."""
        self.began = time.monotonic()
        try:
            return self.wsgi(environ, start_response)
        finally:
            self.began = None

    def is_in_time(self):
        """Whether the master still gets a sign of life: not while one request takes longer than its time-out."""
        began = self.began
        return began is None or time.monotonic() - began < self.cfg.timeout

    def finish(self, server, sockets):
        """Answer what is complete, for as long as the master waits, and end."""
        end = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < end and (self.began is not None or server.task_dispatcher.queue or _unsent(sockets)):
            wasyncore.loop(timeout=0.1, use_poll=True, map=sockets, count=1)
        server.close()


def _unsent(sockets):
    return any(getattr(connection, "total_outbufs_len", 0) for connection in list(sockets.values()))
