from typing import Self

from django.db import models
from django.utils.translation import get_language

from fans.accounts.models import Fan, Reader


def _sees_the_desk(reader: Reader) -> bool:
    return isinstance(reader, Fan) and reader.is_staff


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, reader: Reader) -> Self:
        """Everyone knows what the company makes; what it made once is staff's to look up."""
        return self.all() if _sees_the_desk(reader) else self.filter(retired_at=None)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class Product(models.Model):
    """Something the company makes and ships in builds."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    tagline = models.CharField(max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_main = models.BooleanField(default=False)
    # The release day and hour, in the platform's zone (spec §6).
    weekday = models.PositiveSmallIntegerField(default=4)  # Monday is 0; 4: Friday
    hour = models.PositiveSmallIntegerField(default=17)
    cadence_weeks = models.PositiveSmallIntegerField(default=1)  # a build every n weeks
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "is_main", name="one_main_product", condition=models.Q(is_main=True)
            ),
            models.CheckConstraint(
                condition=models.Q(cadence_weeks__gte=1), name="cadence_at_least_a_week"
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6, hour__lte=23), name="a_day_and_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, reader: Reader) -> Self:
        """Who answers for what is no secret; lists of members are shown at the desk alone."""
        return self.all()

    def with_member_count(self) -> Self:
        return self.annotate(member_count=models.Count("members"))


class Team(models.Model):
    """People of the company who answer under one name; a department is a team."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    members = models.ManyToManyField("fans.Fan", blank=True, related_name="teams")

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, reader: Reader) -> Self:
        """A subject is no secret; one that was retired is staff's to look up."""
        return self.all() if _sees_the_desk(reader) else self.filter(retired_at=None)

    def in_order(self) -> Self:
        return self.order_by("name", "pk")


class Tag(models.Model):
    """A subject that runs through products: «battery», «large print». Staff keep the list."""

    name = models.CharField(max_length=40)
    name_zh_hans = models.CharField(max_length=40, blank=True)  # empty: the one above
    name_zh_hant = models.CharField(max_length=40, blank=True)
    slug = models.SlugField(max_length=60, unique=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TagQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        language = (get_language() or "en").replace("-", "_")
        own: str = getattr(self, f"name_{language}", "")
        return own or self.name


class UserBaseQuerySet(models.QuerySet["UserBase"]):
    def visible_to(self, reader: Reader) -> Self:
        """What a voice is measured against is said beside it, so it is nobody's secret."""
        return self.all()


class UserBase(models.Model):
    """How many users of a product stand in a segment, as staff know it from elsewhere (spec §10)."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="user_base")
    dimension = models.CharField(max_length=20)  # tier, region_level, join_channel, tenure
    segment = models.CharField(max_length=20)
    count = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)  # where the number is from
    counted_on = models.DateField()
    entered_by = models.ForeignKey("fans.Fan", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = UserBaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "dimension", "segment"], name="one_count_a_segment"
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""), name="user_base_names_its_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.dimension} {self.segment}"
