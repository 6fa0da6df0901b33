"""One act for every row of the table of limits, through the address people use."""

from dataclasses import fields
from datetime import timedelta
from functools import cached_property
from itertools import count

from django.db.models import F
from django.http import HttpResponse
from django.test import Client

from community.fridays.models import Cycle, ReleaseItem
from community.fridays.times import Times
from fans.accounts.models import Fan
from fans.digests.tokens import token_of
from tests.community.feature_requests import make_request
from tests.community.weeks import OPENS, open_week
from tests.events.meetups import make_meetup
from tests.factories import (
    NOW,
    BoardFactory,
    ProductFactory,
    make_admin,
    make_core_fan,
    make_staff,
    make_thread,
)

# Who does it, where an ordinary fan may not.
ACTORS = {
    "flag_by_core": make_core_fan,
    "staff_write": make_admin,
    "export": make_staff,
    "meetup": make_core_fan,
    "check_in": make_staff,
}


class Acts:
    """One act of each row, through the address people use; each time with other words."""

    def __init__(self, client: Client, fan: Fan) -> None:
        self.client = client
        self.fan = fan
        self.numbers = count(1)

    def _post(self, address: str, **typed: object) -> HttpResponse:
        answer = self.client.post(address, typed)
        assert isinstance(answer, HttpResponse)
        return answer

    @cached_property
    def week(self) -> str:
        """The address of a week whose form is open at NOW."""
        cycle = open_week()
        earlier = OPENS - NOW + timedelta(hours=1)
        moved = [*(each.name for each in fields(Times)), "released_at"]
        Cycle.objects.filter(pk=cycle.pk).update(**{name: F(name) - earlier for name in moved})
        cycle.refresh_from_db()
        return cycle.get_absolute_url()

    @cached_property
    def meetup_pk(self) -> int:
        return make_meetup().pk

    def _words(self) -> str:
        return f"Words that nobody has said before, number {next(self.numbers)}."

    def thread(self) -> HttpResponse:
        board = BoardFactory.create()
        return self._post(
            "/threads/new/",
            board=board.pk,
            kind="discussion",
            title=self._words(),
            source=self._words(),
            submission_key=f"key-{next(self.numbers)}-of-this-form",
        )

    def reply(self) -> HttpResponse:
        return self._post(
            f"/threads/{make_thread().pk}/replies/",
            source=self._words(),
            submission_key=f"key-{next(self.numbers)}-of-this-form",
        )

    def edit(self) -> HttpResponse:
        post = make_thread(author=self.fan).posts.get()
        title = "A thread with another title"
        return self._post(f"/posts/{post.pk}/edit/", title=title, source=self._words())

    def reaction(self) -> HttpResponse:
        post = make_thread().posts.get()
        return self._post(f"/posts/{post.pk}/reaction/", kind="like")

    def vote(self) -> HttpResponse:
        return self._post(f"/requests/{make_request().pk}/vote/")

    def report(self) -> HttpResponse:
        return self._post(
            f"{self.week}report/", overall="4", loved_why="Fast.", new_need=self._words()
        )

    def draft(self) -> HttpResponse:
        return self._post(f"{self.week}report/draft/", new_need="Half a thought")

    def pin(self) -> HttpResponse:
        item = ReleaseItem.objects.order_by("pk").first() if self.week else None
        assert item is not None
        return self._post(f"/fridays/pins/items/{item.pk}/loved/")

    def share_visit(self) -> HttpResponse:
        answer = self.client.post("/share-visits/", headers={"origin": "http://testserver"})
        assert isinstance(answer, HttpResponse)
        return answer

    def ballot(self) -> HttpResponse:
        item = ReleaseItem.objects.order_by("pk").first() if self.week else None
        assert item is not None
        return self._post(f"{self.week}ballot/", item=item.pk)

    def feedback(self) -> HttpResponse:
        return self._post(
            "/feedback/new/",
            product=ProductFactory.create().pk,
            title=self._words(),
            words=self._words(),
            category="bug",
            severity="S2",
            frequency="Q3",
            in_public="no",
            submission_key=f"key-{next(self.numbers)}-of-this-form",
        )

    def intake(self) -> HttpResponse:
        return self._post("/staff/intake/creation/")

    def notice(self) -> HttpResponse:
        return self._post("/me/inbox/reading/")

    def unsubscribe(self) -> HttpResponse:
        return self._post(f"/unsubscribe/{token_of(self.fan)}/")

    def rsvp(self) -> HttpResponse:
        return self._post(f"/meetups/{self.meetup_pk}/rsvp/", guests="0")

    def meetup(self) -> HttpResponse:
        return self._post("/meetups/new/")

    def check_in(self) -> HttpResponse:
        return self._post(f"/meetups/{self.meetup_pk}/door/check-ins/", code="none of ours")

    def upload(self) -> HttpResponse:
        return self._post("/images/")

    def preview(self) -> HttpResponse:
        return self._post("/preview/", source="**bold**")

    def similar(self) -> HttpResponse:
        return self._get("/requests/similar/?title=alarm")

    def settings(self) -> HttpResponse:
        return self._post("/preferences/", theme="dark")

    def flag(self) -> HttpResponse:
        return self._post(f"/posts/{make_thread().posts.get().pk}/flags/", rule="spam")

    flag_by_core = guest_flag = flag

    def staff_write(self) -> HttpResponse:
        return self._post("/moderation/words/", word=self._words()[-40:])

    def export(self) -> HttpResponse:
        return self.client.post("/staff/requests.csv")  # type: ignore[return-value]

    def write(self) -> HttpResponse:
        return self._post("/nowhere/")

    def account_write(self) -> HttpResponse:
        return self._post("/accounts/nowhere/")

    def request(self) -> HttpResponse:
        return self._get("/about/")

    read_as_guest = request

    def picture(self) -> HttpResponse:
        return self._get(f"/images/{'a' * 32}.webp")

    def _get(self, address: str) -> HttpResponse:
        answer = self.client.get(address)
        assert isinstance(answer, HttpResponse)
        return answer
