"""Forms of the desk for boards."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.threads.actions.boards import BoardDetails
from community.threads.models import Board

MAX_SLOW_MODE_SECONDS = 24 * 3600
MAX_RELEASE_MINUTES = 7 * 24 * 60


class BoardForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Board
        fields = [
            "name", "name_zh_hans", "name_zh_hant", "slug",
            "description", "description_zh_hans", "description_zh_hant",
            "product", "readable_by", "announcements_only",
            "every_post_waits", "release_minutes", "slow_mode_seconds",
        ]  # fmt: skip
        labels = {
            "name": gettext_lazy("Name"),
            "name_zh_hans": gettext_lazy("Name in Simplified Chinese"),
            "name_zh_hant": gettext_lazy("Name in Traditional Chinese"),
            "slug": gettext_lazy("Address"),
            "description": gettext_lazy("Description"),
            "description_zh_hans": gettext_lazy("Description in Simplified Chinese"),
            "description_zh_hant": gettext_lazy("Description in Traditional Chinese"),
            "product": gettext_lazy("Product"),
            "readable_by": gettext_lazy("Who may read it"),
            "announcements_only": gettext_lazy("Only staff begin threads here"),
            "every_post_waits": gettext_lazy("Every post waits for a moderator"),
            "release_minutes": gettext_lazy("Minutes until a newcomer's post appears by itself"),
            "slow_mode_seconds": gettext_lazy("Slow mode: seconds between two posts of one fan"),
        }
        help_texts = {
            "name_zh_hans": gettext_lazy("Empty: the name above."),
            "name_zh_hant": gettext_lazy("Empty: the name above."),
            "slug": gettext_lazy(
                "Small letters, digits and hyphens: /boards/orange-phone/. "
                "An old address goes on leading here."
            ),
            "announcements_only": gettext_lazy("All may reply."),
            "release_minutes": gettext_lazy("0: a moderator decides about each."),
            "slow_mode_seconds": gettext_lazy("0: off."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["product"].empty_label = _("none")  # type: ignore[attr-defined]
        for field, most in (
            ("release_minutes", MAX_RELEASE_MINUTES),
            ("slow_mode_seconds", MAX_SLOW_MODE_SECONDS),
        ):
            self.fields[field] = forms.IntegerField(
                label=self.fields[field].label,
                help_text=self.fields[field].help_text,
                min_value=0,
                max_value=most,
                initial=self.fields[field].initial,
            )

    def validate_unique(self) -> None:
        """The action asks under a lock, old addresses included."""

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    @property
    def details(self) -> BoardDetails:
        return BoardDetails(**self.cleaned_data)

    def refuse_slug(self) -> None:
        self.add_error(
            "slug", _("This address leads to another board, now or from before. Choose another.")
        )


class PlaceForm(forms.Form):
    """Which board to stand in front of; empty for the end."""

    before = forms.ModelChoiceField(Board.objects.all(), required=False)
