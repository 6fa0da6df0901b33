"""P4: what a page of wishes costs when there are a hundred times as many, and far down the list."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from django.core.cache import cache
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import QueryDict
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils.http import urlencode

from bench import postgres
from bench.measure import Row, Sizes
from bench.seed import Seeded
from bench.site import BenchSite
from community.feature_requests import listing
from community.feature_requests.models import FeatureRequest
from fans.accounts.models import Fan

DEEP = 2_000  # pages
GROWTH, DEPTH, SIMILAR_MS = 1.3, 1.2, 300
# By what a list is ordered and cut: each is a path of its own through the indexes. Of each the
# small site has a page full, too: what is compared is how rows are found, not how many are drawn.
LISTS = {
    "trending": ["show=trending"],
    "most wanted": ["show=wanted"],
    "newest": ["show=newest"],
    "each status": [f"show=wanted&status={s}" for s in ("planned", "shipped", "all")],
    "each filter": [
        f"show={show}&{cut}"
        for show in ("trending", "newest")
        for cut in ("product=phone", "product=camera", "tag=battery", "tag=repair", "stage=service")
    ],
    "each lens": [
        f"show={show}&lens={lens}"
        for show in ("trending", "wanted")
        for lens in ("county", "newcomers", "offline", "without_busiest")
        if (show, lens) != ("trending", "offline")
    ],
}


@dataclass(frozen=True)
class Site:
    """The pages of one database, as one fan sees them; in this process, without the network."""

    database: BaseDatabaseWrapper
    client: Client

    @classmethod
    def at(cls, address: str) -> "Site":
        site = cls(postgres.connection_to(address), Client())
        with postgres.used_by_default(site.database):
            reader = Fan.objects.get_queryset().order_by("-pk")[0]
            site.client.force_login(reader, "fans.tiers.backends.StandingBackend")
        return site

    def milliseconds(self, path: str) -> tuple[float, float]:
        """Of the whole page, and of the database in it."""
        spent = 0.0

        def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal spent
            begun = time.perf_counter()
            try:
                return execute(*arguments)
            finally:
                spent += time.perf_counter() - begun

        with postgres.used_by_default(self.database), self.database.execute_wrapper(timed):
            cache.clear()  # what was kept of another site is no help here
            begun = time.perf_counter()
            answer = self.client.get(path)
            whole = time.perf_counter() - begun
        if answer.status_code != 200:
            raise AssertionError(f"{path} answered {answer.status_code}")
        return whole * 1000, spent * 1000

    def page(self, query: str, number: int) -> str:
        """The address of a page so far down; of a shorter list, of the one in its middle."""
        path = f"{reverse('feature_requests')}?{query}"
        if number == 1:
            return path
        filters = listing.Filters.of(QueryDict(query))
        with postgres.used_by_default(self.database):
            reader = Fan.objects.get_queryset().order_by("-pk")[0]
            wishes = listing.filtered(reader, filters)
            column = listing.column_of(filters)
            pages = wishes.count() // listing.ROWS_PER_PAGE
            above = (number - 1 if pages >= number else pages // 2) * listing.ROWS_PER_PAGE
            keys = wishes.order_by(f"-{column}", "-pk").values_list(column, "pk")
            return f"{path}&before={keys[max(above - 1, 0)][1]}"


def growth(site: BenchSite, seeded: Seeded, sizes: Sizes) -> list[Row]:
    """P4: lists of wishes, small site and large, page one and page 2,000."""
    with _site(site, sizes.few_wishes) as small, _site(site, sizes.many_wishes) as large:
        return [
            row
            for name, queries in LISTS.items()
            for row in _list(name, queries, small, large, sizes)
        ]


@contextmanager
def _site(site: BenchSite, wishes: int) -> Iterator[Site]:
    url = site.postgres()
    found = Site.at(postgres.board(url, wishes))
    try:
        with override_settings(READY_PAGE_SECONDS=0):
            yield found
    finally:
        found.database.close()


def _list(name: str, queries: list[str], small: Site, large: Site, sizes: Sizes) -> Iterable[Row]:
    """The worst of these lists: of the two sites, and of its first page and one far down."""
    found = [_compared(query, small, large, sizes) for query in queries]
    counts = f"{sizes.few_wishes * 100:,} → {sizes.many_wishes * 100:,} votes"
    grown = max(found, key=lambda each: each.growth)
    deep = max(found, key=lambda each: each.depth)
    yield _row(f"P4 wishes, {name}: {counts}", grown.first, grown.small, GROWTH, grown.query)
    yield _row(f"P4 wishes, {name}: page {DEEP:,}", deep.deep, deep.first, DEPTH, deep.query)


Times = tuple[float, float]  # whole page, database


@dataclass(frozen=True)
class Compared:
    query: str
    small: Times
    first: Times
    deep: Times

    @property
    def growth(self) -> float:
        return self.first[0] / self.small[0]

    @property
    def depth(self) -> float:
        return self.deep[0] / self.first[0]


def _compared(query: str, small: Site, large: Site, sizes: Sizes) -> Compared:
    asked = [
        (small, small.page(query, 1)),
        (large, large.page(query, 1)),
        (large, large.page(query, DEEP)),
    ]
    taken: list[list[Times]] = [[], [], []]
    for _ in range(sizes.rounds + 1):  # the first warms up
        for times, (site, path) in zip(taken, asked, strict=True):
            times.append(min(site.milliseconds(path) for _ in range(2)))
    return Compared(query, *(_middle(times[1:]) for times in taken))


def _middle(times: list[Times]) -> Times:
    return median(whole for whole, _ in times), median(part for _, part in times)


def _row(name: str, ours: Times, reference: Times, bar: float, query: str) -> Row:
    ratio = ours[0] / reference[0]
    return Row(
        scenario=name,
        ours=f"{ours[0]:.1f} ms",
        reference=f"{reference[0]:.1f} ms",
        ratio=f"{ratio:.2f}",
        bar=f"≤ {bar}",
        ok=ratio <= bar,
        note=f"?{query} · database {ours[1]:.1f} · {reference[1]:.1f} ms",
    )


def similar(site: BenchSite, seeded: Seeded, sizes: Sizes) -> Row:
    """P4: wishes like a title, while it is typed: the 95th of a hundred answers."""
    path = reverse("feature_request_similar")
    with _site(site, sizes.many_wishes) as large:
        with postgres.used_by_default(large.database):
            pks = range(1, sizes.many_wishes, sizes.many_wishes // 100)
            titles = FeatureRequest.objects.filter(pk__in=pks).values_list("title", flat=True)
            typed = [title[: 8 + 4 * (number % 8)] for number, title in enumerate(titles)]
        asked = [f"{path}?{urlencode({'title': title})}" for title in typed]
        large.milliseconds(asked[0])
        times = [large.milliseconds(each) for each in asked]
    whole, database = (quantiles(part, n=20)[-1] for part in zip(*times, strict=True))
    return Row(
        scenario=f"P4 similar while typing, {sizes.many_wishes:,} wishes",
        ours=f"p95 {whole:.0f} ms",
        reference="–",
        ratio=f"median {median(each for each, _ in times):.0f} ms",
        bar=f"≤ {SIMILAR_MS} ms",
        ok=whole <= SIMILAR_MS,
        note=f"database p95 {database:.0f} ms",
    )
