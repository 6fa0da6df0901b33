from django.db import models


class Product(models.Model):
    """Something the company makes and ships in builds."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    tagline = models.CharField(max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_main = models.BooleanField(default=False)
    cadence_weeks = models.PositiveSmallIntegerField(default=1)  # a build every n weeks
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "is_main", name="one_main_product", condition=models.Q(is_main=True)
            ),
            models.CheckConstraint(
                condition=models.Q(cadence_weeks__gte=1), name="cadence_at_least_a_week"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People of the company who answer under one name; a department is a team."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    members = models.ManyToManyField("fans.Fan", blank=True, related_name="teams")

    def __str__(self) -> str:
        return self.name
