"""Shape and clean what is written. Every error stands beside its field, and the text stays."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.screening.rules import (
    HEAVIEST_TITLE,
    LIGHTEST_BODY,
    LIGHTEST_TITLE,
    LONGEST_SOURCE,
    weight,
)
from community.threads.models import STARTED_BY_HAND, Board, Post, Thread, ThreadKind
from fans.accounts.models import Fan

LONGEST_REASON = 160
LONGEST_DESCRIPTION = 200
PICTURES_AT_ONCE = 10
_KEY = re.compile(r"[0-9A-Za-z-]{8,40}")
# Nobody types these: NUL and its like, and halves of a character.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def new_key() -> str:
    return uuid.uuid4().hex


def without_controls(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class WordsField(forms.CharField):
    """Text as typed, without what cannot be seen or stored; blank when nothing can be read."""

    def to_python(self, value: Any) -> str:
        text = without_controls(str(value)) if value else ""
        return text.rstrip().lstrip("\n") if weight(text) else ""


class BodyField(WordsField):
    longest = LONGEST_SOURCE  # characters

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=kwargs.pop("label", gettext_lazy("Your words")),
            widget=forms.Textarea(attrs={"rows": 8}),
            error_messages={"required": gettext_lazy("Write something first.")},
            **kwargs,
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if (over := len(value) - self.longest) > 0:
            raise forms.ValidationError(
                ngettext(
                    "This is %(count)d character too long. Your text is all here: shorten it, or send it in two parts.",
                    "This is %(count)d characters too long. Your text is all here: shorten it, or send it in two parts.",
                    over,
                )
                % {"count": over}
            )
        if weight(value) < LIGHTEST_BODY:
            raise forms.ValidationError(_("That is very short. Say a little more."))


class TitleField(WordsField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Title"),
            widget=forms.TextInput(attrs={"data-count": HEAVIEST_TITLE, "autocomplete": "off"}),
            error_messages={"required": gettext_lazy("Give it a title.")},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if weight(value) < LIGHTEST_TITLE:
            raise forms.ValidationError(_("Say in a few words what it is about."))
        if weight(value) > HEAVIEST_TITLE or len(value) > HEAVIEST_TITLE:
            raise forms.ValidationError(_("Make the title shorter: one line is enough."))


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        return files.getlist(name) if hasattr(files, "getlist") else []


class PicturesField(forms.FileField):
    """Files for the writing room to look at; this only counts them."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Pictures"),
            required=False,
            widget=PicturesInput(
                attrs={"accept": "image/jpeg,image/png,image/webp,image/gif", "data-pictures": ""}
            ),
            help_text=gettext_lazy("JPEG, PNG, WebP or GIF. Where it was taken is removed."),
        )

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = [file for file in data or [] if isinstance(file, UploadedFile)]
        if len(files) > PICTURES_AT_ONCE:
            raise forms.ValidationError(
                _("Send at most %(count)d pictures at once.") % {"count": PICTURES_AT_ONCE}
            )
        return files


class DescriptionField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("What the pictures show"),
            required=False,
            max_length=LONGEST_DESCRIPTION,
            help_text=gettext_lazy("For people who cannot see them."),
        )

    def to_python(self, value: Any) -> str:
        return without_controls(super().to_python(value) or "")


class KeyField(forms.CharField):
    """One key per form shown, so pressing twice posts once (C3). A strange one counts as none."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, initial=new_key)

    def clean(self, value: Any) -> str | None:
        return value if isinstance(value, str) and _KEY.fullmatch(value) else None


class _ComposerForm(forms.Form):
    """What all forms share in which somebody writes; `threads/_composer.html` shows it."""

    source = BodyField()
    pictures = PicturesField()
    description = DescriptionField()
    is_edit = False
    above: tuple[str, ...] = ()  # fields before the text, after it, and not seen
    below: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    def leading(self) -> list[forms.BoundField]:
        return [self[name] for name in self.above if name in self.fields]

    def trailing(self) -> list[forms.BoundField]:
        return [self[name] for name in self.below]

    def kept(self) -> list[forms.BoundField]:
        return [self[name] for name in self.unseen]


class ReplyForm(_ComposerForm):
    reply_to = forms.CharField(required=False, widget=forms.HiddenInput)
    submission_key = KeyField()
    unseen = ("reply_to",)


class ThreadForm(_ComposerForm):
    board = forms.ModelChoiceField(
        Board.objects.none(),
        label=gettext_lazy("Board"),
        empty_label=gettext_lazy("Choose a board"),
        error_messages={
            "required": gettext_lazy("Choose the board it belongs on."),
            "invalid_choice": gettext_lazy("You cannot write on that board. Choose another."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        widget=forms.RadioSelect,
        initial=ThreadKind.DISCUSSION,
    )
    title = TitleField()
    submission_key = KeyField()
    above = ("board", "kind", "title")
    field_order = ("board", "kind", "title", "source")

    def __init__(self, *args: Any, author: Fan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards = Board.objects.visible_to(author).open().filter(kept_for="").in_order()
        kinds = [
            kind for kind in STARTED_BY_HAND if author.is_staff or kind != ThreadKind.ANNOUNCEMENT
        ]
        board, kind = self.fields["board"], self.fields["kind"]
        self.fields["title"].widget.attrs["data-draft"] = "thread-new"
        assert isinstance(board, forms.ModelChoiceField)  # noqa: S101
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101
        board.queryset = boards if author.is_staff else boards.filter(announcements_only=False)
        kind.choices = [(kind.value, kind.label) for kind in kinds]


class EditForm(_ComposerForm):
    title = TitleField(required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why you change it"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Shown in the history of the post."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_edit = True
    above = ("title",)
    field_order = ("title", "source")
    below = ("reason",)
    unseen = ("seen",)

    def __init__(self, *args: Any, post: Post, present: str, **kwargs: Any) -> None:
        """`present` is what the form shows at first: what is longer by now may stay as long."""
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, BodyField)  # noqa: S101
        source.longest = max(LONGEST_SOURCE, len(without_controls(present)))
        self.fields["title"].required = True
        if post.floor > 1:
            del self.fields["title"]

    def clean_reason(self) -> str:
        return without_controls(self.cleaned_data["reason"])


class MoveForm(forms.Form):
    board = forms.ModelChoiceField(Board.objects.none(), label=gettext_lazy("Move to"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=LONGEST_REASON
    )

    def __init__(self, *args: Any, mover: Fan, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        board = self.fields["board"]
        assert isinstance(board, forms.ModelChoiceField)  # noqa: S101
        board.queryset = boards_kept_by(mover).exclude(pk=thread.board_id)


def boards_kept_by(mover: Fan) -> Any:
    """Boards on which this person keeps order."""
    boards = Board.objects.visible_to(mover).open().in_order()
    scopes = mover.moderation_scopes
    if "site" in scopes:
        return boards
    return boards.filter(pk__in=[int(s[6:]) for s in scopes if s.startswith("board:")])
