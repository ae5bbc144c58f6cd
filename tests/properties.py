"""How many examples a property is tried with: few in a usual run, a thousand with HYPOTHESIS_PROFILE=long."""

from hypothesis import settings

LONG = settings.get_current_profile_name() == "long"


def examples(usual: int, **more) -> settings:
    """The settings of a property whose examples are costly: `usual` of them, and no time within which one must end."""
    return settings(max_examples=settings.default.max_examples if LONG else usual, deadline=None, **more)
