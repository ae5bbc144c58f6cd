"""An app for clusters under test: `HOLD=module.function` stops a worker there until the file `released` exists."""

import os
import time
from functools import wraps
from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


class HeldConfig(AppConfig):
    name = "tests.tasks"
    label = "held"

    def ready(self):
        if point := os.environ.get("HOLD"):
            place, _dot, name = point.rpartition(".")
            module = import_module(place)
            setattr(module, name, held(getattr(module, name), Path(os.environ["DATA_DIR"])))


def held(function, folder):
    @wraps(function)
    def wait(*args, **kwargs):
        (folder / "held").touch()
        while not (folder / "released").exists():
            time.sleep(0.02)
        return function(*args, **kwargs)

    return wait
