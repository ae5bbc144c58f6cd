import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in ("page", "person", "year", "ten_people_log")))
