"""What the site calls itself: admins say it, and every page does at once (spec §1)."""

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from fans.audit.models import AuditEntry
from fans.site.actions import Identity, rename_site
from fans.site.models import SiteIdentity
from tests.factories import NOW, make_admin, make_staff

pytestmark = pytest.mark.django_db

KUMQUAT = Identity(name="金橘 Kumquat", tagline="Made with you", footer="Kumquat Ltd")


def test_renaming_twice_is_the_same_as_renaming_once() -> None:
    admin = make_admin()
    assert rename_site(identity=KUMQUAT, actor=admin, at=NOW) is True
    assert rename_site(identity=KUMQUAT, actor=admin, at=NOW) is False
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.details) == (
        "site renamed",
        {"changed": ["name", "tagline", "footer"]},
    )


def test_every_page_says_the_new_name_at_once(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert "Orangery" in client.get("/").content.decode()
    admin = Client()
    admin.force_login(make_admin())
    fields = {
        "name": "金橘 Kumquat",
        "footer": "<b>Kumquat Ltd</b>",
        "contact_email": "a@b.example",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post("/staff/site/identity/", fields).status_code == 302
    page = client.get("/").content.decode()
    assert "金橘 Kumquat" in page
    assert "&lt;b&gt;Kumquat Ltd&lt;/b&gt;" in page


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "x" * 61}, {"name": "K", "contact_email": "no address"}]
)
def test_a_wrong_field_is_named_and_the_rest_kept(fields: dict[str, str]) -> None:
    client = Client()
    client.force_login(make_admin())
    answer = client.post("/staff/site/identity/", {"tagline": "Kept words", **fields})
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert SiteIdentity.objects.count() == 0


def test_staff_look_and_admins_change(client: Client) -> None:
    client.force_login(make_staff())
    assert client.get("/staff/site/").status_code == 200
    assert client.post("/staff/site/identity/", {"name": "Mine"}).status_code == 404
