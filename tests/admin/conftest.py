from tests.admin.results.result_stand import ordered, stand  # noqa: F401  the fixtures
