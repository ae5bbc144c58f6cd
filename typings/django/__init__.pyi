# What mypy has to know of Django, which has no types of its own: enums are enums, and all else is Any.
from typing import Any

def __getattr__(name: str) -> Any: ...
