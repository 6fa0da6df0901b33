"""Shape and clean what is told, sorted and typed in from paper."""

from community.feedback.forms.desk import (
    BulkForm,
    DepartmentsForm,
    PublicationForm,
    StepForm,
    TriageForm,
    WishForm,
)
from community.feedback.forms.paper import BatchForm, FileForm, PaperFormForm, RefusalForm
from community.feedback.forms.recording import RecordingForm
from community.feedback.forms.telling import FeedbackForm, VerdictForm

__all__ = [
    "BatchForm",
    "BulkForm",
    "DepartmentsForm",
    "FeedbackForm",
    "FileForm",
    "PaperFormForm",
    "PublicationForm",
    "RecordingForm",
    "RefusalForm",
    "StepForm",
    "TriageForm",
    "VerdictForm",
    "WishForm",
]
