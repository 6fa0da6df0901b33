import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import make_admin

pytestmark = pytest.mark.django_db


def test_every_list_of_the_admin_opens_and_can_be_searched(client: Client) -> None:
    client.force_login(make_admin())
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    assert lists
    for address in lists:
        assert client.get(address, {"q": "somebody"}).status_code == 200, address
