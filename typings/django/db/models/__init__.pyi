from enum import EnumMeta, IntEnum, StrEnum
from typing import Any

class ChoicesMeta(EnumMeta):
    @property
    def labels(cls) -> Any: ...
    @property
    def values(cls) -> Any: ...
    @property
    def choices(cls) -> Any: ...

class TextChoices(StrEnum, metaclass=ChoicesMeta):  # type: ignore[misc]
    @property
    def label(self) -> Any: ...

class IntegerChoices(IntEnum, metaclass=ChoicesMeta):  # type: ignore[misc]
    @property
    def label(self) -> Any: ...

def __getattr__(name: str) -> Any: ...
