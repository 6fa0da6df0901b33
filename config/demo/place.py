"""The site, its products, teams and boards."""

from community.products.models import Product, Team
from community.screening.models import WatchedWord
from community.threads.models import (
    Board,
)
from config.demo import boards
from config.demo.community import Demo
from fans.accounts.actions import reserve_name
from fans.site.models import SiteIdentity


def open_boards(demo: Demo) -> None:
    SiteIdentity.objects.update_or_create(
        pk=1,
        defaults={
            "name": boards.NAME,
            "tagline": boards.TAGLINE,
            "tagline_zh_hans": boards.TAGLINE_ZH_HANS,
            "tagline_zh_hant": boards.TAGLINE_ZH_HANT,
            "footer": boards.FOOTER,
            "contact_email": boards.CONTACT,
        },
    )
    products = {}
    for position, (name, slug, tagline, is_main, weeks) in enumerate(boards.PRODUCTS):
        products[slug] = Product.objects.create(
            name=name,
            slug=slug,
            tagline=tagline,
            is_main=is_main,
            cadence_weeks=weeks,
            position=position,
        )
    for name, slug in boards.TEAMS:
        demo.teams[slug] = Team.objects.create(name=name, slug=slug)
        reserve_name(name=name, kept_for=f"team:{demo.teams[slug].pk}")
    _add_boards(demo, products)
    WatchedWord.objects.bulk_create(
        WatchedWord(word=word, added_at=demo.at) for word in boards.WATCHED_WORDS
    )


def _add_boards(demo: Demo, products: dict[str, Product]) -> None:
    for position, row in enumerate(boards.BOARDS, start=1):
        slug, product, en, hans, hant, about, about_hans, about_hant, audience, only_staff = row
        demo.boards[slug] = Board.objects.create(
            name=en,
            name_zh_hans=hans,
            name_zh_hant=hant,
            description=about,
            description_zh_hans=about_hans,
            description_zh_hant=about_hant,
            slug=slug,
            position=position,
            product=products.get(product),
            readable_by=audience,
            announcements_only=only_staff,
        )
