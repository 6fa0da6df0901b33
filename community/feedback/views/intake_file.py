"""Paper forms from a spreadsheet: looked at first, read in when somebody says so."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from community.feature_requests.models import FeatureRequest
from community.feature_requests.spreadsheet import BYTE_ORDER_MARK, as_csv
from community.feedback import actions, paper_file
from community.feedback.forms import FileForm, PaperFormForm
from community.feedback.forms.fields import numbers_in
from community.feedback.models import OfflineBatch
from community.feedback.views.intake import batch_of, batch_page
from community.threads.actions.refusals import MayNotWrite
from fans import clock, policy
from fans.accounts.models import FanRequest
from fans.limits import limited


@require_safe
@policy.signed_in
def staff_intake_template(request: FanRequest) -> HttpResponse:
    """The head of the table, to be filled in."""
    text = BYTE_ORDER_MARK + as_csv([paper_file.COLUMNS])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="paper-forms.csv"'
    return response


@require_POST
@policy.writers
@limited("intake")
def staff_intake_file(request: FanRequest, pk: int) -> HttpResponse:
    """A dry run: every bad line and column is named, and nothing is written."""
    batch = batch_of(request, pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return batch_page(request, batch, file=form)
    contents = paper_file.read(form.cleaned_data["file"].read())
    _forms_of(request, contents)
    return _dry_run(request, batch, contents)


def _forms_of(request: FanRequest, contents: paper_file.Contents) -> list[actions.PaperForm]:
    """The forms of all lines; what is wrong with any of them is added to the problems."""
    named = {n for row in contents.rows for n in numbers_in(row.cells["wishes"])}
    wishes = FeatureRequest.objects.visible_to(request.user).filter(pk__in=named)
    known = set(wishes.values_list("pk", flat=True))
    forms: list[actions.PaperForm] = []

    def errors_of(typed: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
        form = PaperFormForm(typed, recorder=request.user, known=known)
        if form.is_valid():
            forms.append(form.paper)
        return {name: [str(word) for word in words] for name, words in form.errors.items()}

    paper_file.check(contents, errors_of)
    return forms


def _dry_run(
    request: FanRequest, batch: OfflineBatch, contents: paper_file.Contents
) -> HttpResponse:
    digest = contents.digest
    context = {
        "batch": batch,
        "contents": contents,
        "bad_lines": len({problem.line for problem in contents.problems}),
        "columns": paper_file.COLUMNS,
        "rows": [
            (row.line, [row.cells[name] for name in paper_file.COLUMNS]) for row in contents.rows
        ],
        "read_before": actions.batches_with_file(digest=digest, batch=batch, reader=request.user),
    }
    status = 422 if contents.problems else 200
    return render(request, "feedback/intake/file.html", context, status=status)


@require_POST
@policy.writers
@limited("intake")
def staff_intake_import(request: FanRequest, pk: int) -> HttpResponse:
    """Read in what the dry run showed, all or none, by the same rules once more."""
    batch = batch_of(request, pk)
    contents = paper_file.kept(request.POST.get("rows", ""))
    if contents is None:
        messages.error(request, _("Choose the file again."))
        return redirect("staff_intake_batch", pk)
    forms = _forms_of(request, contents)
    if contents.problems:
        return _dry_run(request, batch, contents)
    try:
        count = actions.import_forms(
            batch=batch,
            forms=forms,
            digest=contents.digest,
            recorder=request.user,
            at=clock.now(),
        )
    except actions.BatchFull:
        messages.error(request, _("This batch would be too full. Begin another for this file."))
    except (actions.NotOpen, actions.NotTheirs):
        messages.error(request, _("This batch takes no more forms."))
    except MayNotWrite as refusal:
        messages.error(request, refusal.reason)
    else:
        _say(request, count)
    return redirect("staff_intake_batch", pk)


def _say(request: FanRequest, count: int) -> None:
    if not count:
        messages.info(request, _("This file is in this batch already. Nothing was added."))
        return
    words = ngettext("%(count)d form read in.", "%(count)d forms read in.", count)
    messages.success(request, words % {"count": count})
