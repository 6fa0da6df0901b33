"""What several figures are made of, asked for once."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, Self, TypeVar

from community.fridays.metrics import Week, weeks
from community.products.models import Product
from fans.accounts.models import Reader
from fans.ledger import metrics as ledger

T = TypeVar("T")
WEEKS = 26


class Sources:
    """Everything as it was at `at`; what was asked for stays the same for the whole page."""

    def __init__(self, at: datetime, reader: Reader | None = None) -> None:
        self.at = at
        self.reader = reader
        self._made: dict[object, Any] = {}

    def once(self, make: Callable[[Self], T]) -> T:
        """What this makes of them, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        found: T = self._made[make]
        return found

    @cached_property
    def weeks(self) -> list[Week]:
        """26 weeks of all products, newest first."""
        return weeks(self.at, WEEKS + 1)

    @cached_property
    def products(self) -> dict[int, Product]:
        return {product.pk: product for product in Product.objects.order_by("position", "pk")}

    @cached_property
    def taking_part(self) -> ledger.TakingPart:
        return ledger.taking_part(self.at)
