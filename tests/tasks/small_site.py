"""A site of one function, to try the web server with: /wait takes its seconds, everything else counts the body."""

import threading
import time

busy = threading.Semaphore(1)


def application(environ, start_response):
    alone = busy.acquire(blocking=False)
    try:
        seconds = environ["QUERY_STRING"]
        if environ["PATH_INFO"] == "/wait":
            time.sleep(float(seconds))
        body = environ["wsgi.input"].read()
        answer = f"{len(body)} {environ.get('HTTP_X_FORWARDED_PROTO', '')} {'alone' if alone else 'together'}".encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
        return [answer]
    finally:
        if alone:
            busy.release()
