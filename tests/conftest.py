import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits and cached fragments of one test never reach the next."""
    cache.clear()
