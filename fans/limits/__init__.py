"""How often somebody may do something: one table, counted for all processes together."""

from fans.limits.addresses import client_address
from fans.limits.counting import CannotCount, Spent, TooMany, spend
from fans.limits.decorators import limited
from fans.limits.table import (
    LIMITS,
    Limit,
    Rate,
    allauth_rates,
    allauth_second_factor_rates,
)

__all__ = [
    "LIMITS",
    "CannotCount",
    "Limit",
    "Rate",
    "Spent",
    "TooMany",
    "allauth_rates",
    "allauth_second_factor_rates",
    "client_address",
    "limited",
    "spend",
]
