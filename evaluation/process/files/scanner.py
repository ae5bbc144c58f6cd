"""A scanner for harmful files: the daemon of ClamAV, where CLAMD_SOCKET or CLAMD_HOST names one.

Its protocol: `zINSTREAM`, then pieces with their length in four bytes, then a length of zero; the answer is
`stream: OK`, `stream: <name> FOUND` or a text with `ERROR`.
"""

import socket
import struct
from typing import IO

from django.conf import settings

PIECE = 2**16
SECONDS = 60
MAX_ANSWER = 4096


class Unreachable(Exception):
    """The scanner is set, but gave no answer that can be understood."""


def is_set() -> bool:
    return bool(settings.CLAMD_SOCKET or settings.CLAMD_HOST)


def found_in(file: IO[bytes]) -> str:
    """The name of what the scanner found in an open file, or "" when it found nothing. Raises Unreachable."""
    try:
        with connect() as connection:
            answer = scan(connection, file)
    except OSError as error:
        raise Unreachable(str(error)) from error
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    if answer == "stream: OK":
        return ""
    raise Unreachable(answer or "no answer")


def connect() -> socket.socket:
    if settings.CLAMD_SOCKET:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        connection.connect(settings.CLAMD_SOCKET)
        return connection
    return socket.create_connection((settings.CLAMD_HOST, settings.CLAMD_PORT), timeout=SECONDS)


def scan(connection: socket.socket, file: IO[bytes]) -> str:
    file.seek(0)
    try:
        connection.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it stopped reading, larger files than its own limit; its answer says why
    finally:
        file.seek(0)
    answer = b""
    while len(answer) < MAX_ANSWER and (piece := connection.recv(MAX_ANSWER)):
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
