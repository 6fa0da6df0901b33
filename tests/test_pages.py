import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_home_answers_a_guest(client: Client) -> None:
    assert client.get("/").status_code == 200
