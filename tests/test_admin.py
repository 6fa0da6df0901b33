import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
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


def test_nothing_is_changed_in_the_admin_past_the_audit_log(client: Client) -> None:
    client.force_login(make_admin())
    address = EmailAddress.objects.create(user=make_admin(folded_name="b"), email="a@example.com")
    assert set(admin.site._registry) == {EmailAddress, SocialAccount}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_add")).status_code == 404
    one = reverse("admin:account_emailaddress_change", args=[address.pk])
    assert client.get(one).status_code == 200
    assert client.post(one, {"email": "b@example.com"}).status_code == 404
    gone = reverse("admin:account_emailaddress_delete", args=[address.pk])
    assert client.post(gone, {"post": "yes"}).status_code == 404
    marked = {"action": "make_verified", "_selected_action": [address.pk]}
    client.post(reverse("admin:account_emailaddress_changelist"), marked)
    address.refresh_from_db()
    assert (address.email, address.verified) == ("a@example.com", False)
