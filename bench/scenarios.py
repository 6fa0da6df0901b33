"""One function per bar: it measures and gives a row of the table."""

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import NoReverseMatch, reverse

from bench.freezing import freeze_a_week
from bench.growth import growth, similar
from bench.measure import Absent, Address, Rates, Row, Sizes, in_turns
from bench.pathological import slowest_markdown
from bench.replying import post_a_reply
from bench.seed import Seeded
from bench.site import BenchSite
from bench.storm import vote_storm
from community.feature_requests.models import ON_THE_WAY, FeatureRequest, Status


def _row(name: str, rates: Rates, bar: float) -> Row:
    tired = " · the generator was the limit" if rates.generator_load > 0.95 else ""
    return Row(
        scenario=name,
        ours=f"{rates.ours:,.0f}/s",
        reference=f"{rates.reference:,.0f}/s",
        ratio=f"{rates.ratio:.2f}",
        bar=f"≥ {bar}",
        ok=rates.ratio >= bar,
        note=f"server {rates.ours_ms:.2f} · {rates.reference_ms:.2f} ms each{tired}",
    )


def hot_page_for_a_stranger(site: BenchSite, seeded: Seeded, sizes: Sizes) -> Row:
    """P1: the hot page for a stranger, against a bare Django view that returns the same bytes."""
    path = seeded.hot.get_absolute_url()
    status, headers, body = site.get(path, **{"Accept-Language": "en"})
    if status != 200 or "etag" not in headers:
        raise Absent(f"the hot page answered {status} and was not kept ready")
    site.same_bytes.write_bytes(body)
    rates = in_turns(site, Address(path), Address("/bench/bare/"), sizes)
    return _row(f"P1 hot thread, stranger ({len(body) / 1024:.0f} KB)", rates, 0.5)


def hot_page_signed_in(site: BenchSite, seeded: Seeded, sizes: Sizes) -> Row:
    """P2: the hot page signed in, against a plain Django page: session, user, three queries, 25 posts, template."""
    path, plain = seeded.hot.get_absolute_url(), f"/bench/plain/{seeded.hot.pk}/"
    cookie = _cookie(site, seeded, path, plain, proof=b'id="p25"')
    rates = in_turns(site, Address(path, cookie), Address(plain, cookie), sizes)
    return _row("P2 hot thread, signed in (25 posts)", rates, 2.5)


def _cookie(site: BenchSite, seeded: Seeded, *paths: str, proof: bytes = b"") -> str:
    """The session of a reader, to whom these pages answer with their name."""
    session, token = f"{settings.SESSION_COOKIE_NAME}={seeded.session}", "c" * 32
    cookie = f"{session}; {settings.CSRF_COOKIE_NAME}={token}"
    for path in paths:
        status, _, body = site.get(path, Cookie=cookie)
        if status != 200 or seeded.reader.display_name.encode() not in body or proof not in body:
            raise Absent(f"{path} answered {status}, not the page of somebody signed in")
    return cookie


# --- P3 -----------------------------------------------------------------------------


def lists(site: BenchSite, seeded: Seeded, sizes: Sizes) -> list[Row]:
    """P3: the latest threads and the board of wishes, for a stranger and signed in, each against a plain list of as many rows."""
    pages = {"latest threads": "threads", "wishes": "feature_requests"}
    rows = []
    for name, route in pages.items():
        path, plain = reverse(route), f"/bench/plain/{name.split()[-1]}/"
        rows.append(_for_strangers(site, name, path, sizes))
        cookie = _cookie(site, seeded, path, plain)
        rates = in_turns(site, Address(path, cookie), Address(plain, cookie), sizes)
        rows.append(_row(f"P3 {name}, signed in", rates, 1.5))
    return rows


def _for_strangers(site: BenchSite, name: str, path: str, sizes: Sizes) -> Row:
    status, headers, body = site.get(path, **{"Accept-Language": "en"})
    title = f"P3 {name}, stranger ({len(body) / 1024:.0f} KB)"
    if status != 200 or "etag" not in headers:
        return Row(title, "–", "–", "–", "≥ 0.5", False, f"answered {status}, not kept ready")
    site.same_bytes.write_bytes(body)
    return _row(title, in_turns(site, Address(path), Address("/bench/bare/"), sizes), 0.5)


# --- P12 ----------------------------------------------------------------------------


class _Wanted(HTMLParser):
    """What a browser fetches for a page before anybody has touched it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, set[str]] = {"css": set(), "js": set(), "img": set()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        address = values.get("href") or values.get("src") or ""
        if tag == "link" and "stylesheet" in (values.get("rel") or ""):
            self.found["css"].add(address)
        elif (tag == "script" and values.get("src")) or (
            tag == "link" and values.get("rel") == "modulepreload"
        ):
            self.found["js"].add(address)
        elif (tag == "link" and "icon" in (values.get("rel") or "")) or (
            tag in {"img", "use"} and not address.startswith(("/images/", "#", "data:"))
        ):
            self.found["img"].add(address.split("#")[0])


_IMPORT = re.compile(r"""(?:^|[\s;])(?:import|export)[^'"()]*?(?:from\s*)?["']([^"']+\.js)["']""")
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)""")


def first_visit(site: BenchSite, seeded: Seeded, sizes: Sizes) -> list[Row]:
    """P12: bytes, compressed, and requests of a first visit."""
    pages = {"home": "/", "thread": seeded.hot.get_absolute_url()}
    return [_weight(site, name, path) for name, path in pages.items()]


def _weight(site: BenchSite, name: str, path: str) -> Row:
    status, _, body = site.get(path)
    wanted = _Wanted()
    wanted.feed(body.decode())
    sizes = {"css": 0, "js": 0, "img": 0}
    fonts = others = requests = 0
    queue = [(kind, urljoin(path, url)) for kind, urls in wanted.found.items() for url in urls]
    seen: set[str] = set()
    while queue:
        kind, url = queue.pop()
        if url in seen:
            continue
        seen.add(url)
        requests += 1
        if urlsplit(url).netloc:
            others += 1
            continue
        text = site.get(url)[2]
        sizes[kind] += len(gzip.compress(text, 9))
        if kind == "js":
            queue += [("js", urljoin(url, found)) for found in _IMPORT.findall(text.decode())]
        elif kind == "css":
            linked = [found for found in _CSS_URL.findall(text.decode()) if found[:5] != "data:"]
            fonts += sum(found.endswith((".woff", ".woff2", ".ttf")) for found in linked)
    js, css = sizes["js"] / 1024, sizes["css"] / 1024
    ok = status == 200 and js <= 40 and css <= 20 and not fonts and not others and requests < 8
    return Row(
        scenario=f"P12 first visit, {name}",
        ours=f"JS {js:.1f} · CSS {css:.1f} KB",
        reference="–",
        ratio=f"{requests + 1} requests",
        bar="≤ 40 · ≤ 20 KB · ≤ 8",
        ok=ok,
        note=f"page {len(gzip.compress(body, 6)) / 1024:.1f} KB, {fonts} fonts, {others} other origins",
    )


# --- P14 ----------------------------------------------------------------------------


def queries_per_page(site: BenchSite, seeded: Seeded, sizes: Sizes) -> list[Row]:
    """P14: as many queries for a hundred rows as for ten, and few."""
    pages = {
        "board": (seeded.small_board.get_absolute_url(), seeded.large_board.get_absolute_url()),
        "thread": (seeded.small_thread.get_absolute_url(), seeded.large_thread.get_absolute_url()),
        "wishes": tuple(
            f"{reverse('feature_requests')}?product={product.slug}&status=all"
            for product in (seeded.small_product, seeded.large_product)
        ),
        "wish": (seeded.small_wish.get_absolute_url(), seeded.large_wish.get_absolute_url()),
        "story": tuple(
            reverse("feature_request_story", args=[wish.pk])
            for wish in (seeded.small_wish, seeded.large_wish)
        ),
    }
    rows = []
    with override_settings(READY_PAGE_SECONDS=0):
        for who in ("guest", "fan"):
            client = Client()
            if who == "fan":
                client.force_login(seeded.reader, "fans.tiers.backends.StandingBackend")
            rows += [_queries(client, f"{name}, {who}", *pair) for name, pair in pages.items()]
            rows += [
                _queries(client, f"{name}, {who}", path, path)
                for name, path in (("home", "/"), ("latest", _path("threads")))
            ]
            rows.append(_queries_of_the_roadmap(client, who))
    return rows


def _queries_of_the_roadmap(client: Client, who: str) -> Row:
    """It shows all there is; at ten rows the others are declined for a moment."""
    path = _path("roadmap")
    hundred = _count(client, path)
    with transaction.atomic():
        shown = FeatureRequest.objects.filter(status__in=ON_THE_WAY).order_by("-pk")
        shown.exclude(pk__in=list(shown.values_list("pk", flat=True)[:10])).update(
            status=Status.DECLINED
        )
        ten = _count(client, path)
        transaction.set_rollback(True)
    return _queries_row(f"roadmap, {who}", ten, hundred)


def _path(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch as missing:
        raise Absent(str(missing)) from missing


def _queries(client: Client, name: str, small: str, large: str) -> Row:
    return _queries_row(name, _count(client, small), _count(client, large))


def _queries_row(name: str, ten: int, hundred: int) -> Row:
    return Row(
        scenario=f"P14 queries, {name}",
        ours=f"{hundred} at 100 rows",
        reference=f"{ten} at 10 rows",
        ratio="equal" if ten == hundred else "not equal",
        bar="equal, ≤ 12",
        ok=ten == hundred and hundred <= 12,
    )


def _count(client: Client, path: str) -> int:
    """With nothing of the posts kept from before, and the frame of the page made."""
    from community.threads.rendering import fragments

    client.get(path)
    fragments.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    if response.status_code != 200:
        raise Absent(f"{path} answered {response.status_code}")
    return len(queries)


ALL = {
    "P1": hot_page_for_a_stranger,
    "P2": hot_page_signed_in,
    "P3": lists,
    "P4": growth,
    "SIMILAR": similar,
    "P6": vote_storm,
    "P10": freeze_a_week,
    "P12": first_visit,
    "P14": queries_per_page,
    "R4": slowest_markdown,
    "P5": post_a_reply,  # last: it changes what the others count
}
