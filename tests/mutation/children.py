"""Children of this process: each goes on from where it stands, and leaves nothing behind for the next."""

import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

forking = multiprocessing.get_context("fork")


def in_child[Answer](run: Callable[[], Answer], folder: Path, limit: float | None = None) -> Answer | None:
    """What `run` returns in a child; None if it breaks off, or does not return in `limit` seconds.

    `folder` is what it was again, whatever the child has written there.
    """
    sys.stdout.flush()
    read, write = forking.Pipe(duplex=False)
    child = forking.Process(target=answer, args=(run, write))
    with restored(folder), read:
        child.start()
        write.close()
        try:
            return read.recv() if read.poll(limit) else None
        except EOFError:
            return None
        finally:
            child.kill()
            child.join()


def answer(run: Callable[[], object], write: Connection) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    write.send(run())


@contextmanager
def restored(folder: Path) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="kept-") as kept:
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        yield
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
