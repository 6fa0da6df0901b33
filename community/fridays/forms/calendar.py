from django import forms

from community.products.forms import ProductForm


class CalendarForm(forms.Form):
    """The three settings of a product that make its weeks."""

    weekday = ProductForm.base_fields["weekday"]
    hour = ProductForm.base_fields["hour"]
    cadence_weeks = ProductForm.base_fields["cadence_weeks"]
