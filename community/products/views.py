"""The desk for products and teams (spec §1): staff look, admins change; and tags, which staff keep."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.products import actions
from community.products.forms import (
    MemberForm,
    ProductForm,
    TagForm,
    TeamForm,
    UsersForm,
    users_forms,
)
from community.products.models import Product, Tag, Team
from community.products.users import DIMENSION_WORDS, SEGMENTS, counts_of
from fans import clock, policy
from fans.accounts.models import Fan, FanRequest
from fans.clock.weeks import platform_date
from fans.limits import limited


@require_safe
@policy.staff
def staff_products(request: HttpRequest) -> HttpResponse:
    context = {
        "products": Product.objects.visible_to(request.user).in_order(),
        "teams": Team.objects.visible_to(request.user).with_member_count().order_by("name", "pk"),
    }
    return render(request, "products/desk/index.html", context)


@require_safe
@policy.staff
def staff_product_new(request: HttpRequest) -> HttpResponse:
    return _product_page(request, ProductForm(), None)


@require_POST
@policy.admins
@limited("staff_write")
def staff_product_creation(request: FanRequest) -> HttpResponse:
    form = ProductForm(request.POST)
    if form.is_valid():
        try:
            actions.create_product(details=form.details, actor=request.user, at=clock.now())
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_products")
    return _product_page(request, form, None)


@require_safe
@policy.staff
def staff_product(request: HttpRequest, pk: int) -> HttpResponse:
    product = _product(request, pk)
    fields = ("name", "slug", "tagline", "weekday", "hour", "cadence_weeks", "is_main")
    form = ProductForm(initial={field: getattr(product, field) for field in fields})
    return _product_page(request, form, product)


@require_POST
@policy.admins
@limited("staff_write")
def staff_product_details(request: FanRequest, pk: int) -> HttpResponse:
    product = _product(request, pk)
    form = ProductForm(request.POST)
    if form.is_valid():
        try:
            actions.change_product(
                product=product, details=form.details, actor=request.user, at=clock.now()
            )
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_products")
    return _product_page(request, form, product)


@require_POST
@policy.admins
@limited("staff_write")
def staff_product_retirement(request: FanRequest, pk: int) -> HttpResponse:
    product = _product(request, pk)
    if actions.retire_product(product=product, actor=request.user, at=clock.now()):
        messages.success(
            request,
            _("“%(name)s” is retired. What was said of it stays.") % {"name": product},
            extra_tags=f"undo:/staff/products/{pk}/retirement/withdrawal/",
        )
    return redirect("staff_products")


@require_POST
@policy.admins
@limited("staff_write")
def staff_product_retirement_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    product = _product(request, pk)
    if actions.resume_product(product=product, actor=request.user, at=clock.now()):
        messages.success(request, _("“%(name)s” is made again.") % {"name": product})
    return redirect("staff_products")


@require_safe
@policy.staff
def staff_product_users(request: HttpRequest, pk: int) -> HttpResponse:
    return _users_page(request, _product(request, pk))


@require_POST
@policy.staff
@limited("staff_write")
def staff_product_users_counts(request: FanRequest, pk: int) -> HttpResponse:
    """One dimension, whole."""
    product, dimension, at = _product(request, pk), _dimension(request), clock.now()
    if not dimension:
        return redirect("staff_product_users", pk)
    form = UsersForm(dimension, platform_date(at), request.POST)
    if not form.is_valid():
        return _users_page(request, product, form)
    if actions.enter_users(product=product, counts=form.details, actor=request.user, at=at):
        messages.success(request, _("Saved. Voices are measured against these numbers."))
    return redirect("staff_product_users", pk)


@require_POST
@policy.staff
@limited("staff_write")
def staff_product_users_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    product, dimension = _product(request, pk), _dimension(request)
    if dimension and actions.withdraw_users(
        product=product, dimension=dimension, actor=request.user, at=clock.now()
    ):
        messages.success(request, _("Taken out. Voices are measured against the fans again."))
    return redirect("staff_product_users", pk)


@require_safe
@policy.staff
def staff_team_new(request: HttpRequest) -> HttpResponse:
    return _team_page(request, TeamForm(), None)


@require_POST
@policy.admins
@limited("staff_write")
def staff_team_creation(request: FanRequest) -> HttpResponse:
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            team = actions.create_team(details=form.details, actor=request.user, at=clock.now())
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("Saved. Now say who belongs to the team."))
            return redirect("staff_team", team.pk)
    return _team_page(request, form, None)


@require_safe
@policy.staff
def staff_team(request: HttpRequest, pk: int) -> HttpResponse:
    team = _team(request, pk)
    return _team_page(request, TeamForm(initial={"name": team.name, "slug": team.slug}), team)


@require_POST
@policy.admins
@limited("staff_write")
def staff_team_details(request: FanRequest, pk: int) -> HttpResponse:
    team = _team(request, pk)
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            actions.change_team(team=team, details=form.details, actor=request.user, at=clock.now())
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_products")
    return _team_page(request, form, team)


@require_POST
@policy.admins
@limited("staff_write")
def staff_team_members(request: FanRequest, pk: int) -> HttpResponse:
    """Add somebody by handle."""
    team = _team(request, pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        people = Fan.objects.visible_to(request.user)
        fan = people.filter(handle__iexact=form.cleaned_data["handle"]).first()
        try:
            if fan is None:
                raise actions.NotStaff
            actions.join_team(team=team, fan=fan, actor=request.user, at=clock.now())
        except actions.NotStaff:
            form.add_error("handle", _("No member of staff has this handle."))
        else:
            return redirect("staff_team", pk)
    team_form = TeamForm(initial={"name": team.name, "slug": team.slug})
    return _team_page(request, team_form, team, form)


@require_POST
@policy.admins
@limited("staff_write")
def staff_team_member_removal(request: FanRequest, pk: int, member: int) -> HttpResponse:
    team = _team(request, pk)
    fan = get_object_or_404(Fan.objects.visible_to(request.user), pk=member)
    if actions.leave_team(team=team, fan=fan, actor=request.user, at=clock.now()):
        messages.success(request, _("%(name)s has left the team.") % {"name": fan})
    return redirect("staff_team", pk)


@require_safe
@policy.staff
def staff_tags(request: HttpRequest) -> HttpResponse:
    return _tags_page(request, TagForm())


@require_POST
@policy.staff
@limited("staff_write")
def staff_tag_creation(request: FanRequest) -> HttpResponse:
    form = TagForm(request.POST)
    if form.is_valid():
        try:
            actions.create_tag(details=form.details, actor=request.user, at=clock.now())
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_tags")
    return _tags_page(request, form)


@require_safe
@policy.staff
def staff_tag(request: HttpRequest, pk: int) -> HttpResponse:
    tag = _tag(request, pk)
    fields = ("name", "name_zh_hans", "name_zh_hant", "slug")
    return _tag_page(request, TagForm(initial={name: getattr(tag, name) for name in fields}), tag)


@require_POST
@policy.staff
@limited("staff_write")
def staff_tag_details(request: FanRequest, pk: int) -> HttpResponse:
    tag, form = _tag(request, pk), TagForm(request.POST)
    if form.is_valid():
        try:
            actions.change_tag(tag=tag, details=form.details, actor=request.user, at=clock.now())
        except actions.SlugTaken:
            form.refuse_slug()
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_tags")
    return _tag_page(request, form, tag)


@require_POST
@policy.staff
@limited("staff_write")
def staff_tag_retirement(request: FanRequest, pk: int) -> HttpResponse:
    tag = _tag(request, pk)
    if actions.retire_tag(tag=tag, actor=request.user, at=clock.now()):
        messages.success(
            request,
            _("“%(name)s” is retired: it is offered and shown nowhere.") % {"name": tag},
            extra_tags=f"undo:/staff/tags/{pk}/retirement/withdrawal/",
        )
    return redirect("staff_tags")


@require_POST
@policy.staff
@limited("staff_write")
def staff_tag_retirement_withdrawal(request: FanRequest, pk: int) -> HttpResponse:
    tag = _tag(request, pk)
    if actions.resume_tag(tag=tag, actor=request.user, at=clock.now()):
        messages.success(
            request, _("“%(name)s” is back on every wish that had it.") % {"name": tag}
        )
    return redirect("staff_tags")


def _product(request: HttpRequest, pk: int) -> Product:
    return get_object_or_404(Product.objects.visible_to(request.user), pk=pk)


def _team(request: HttpRequest, pk: int) -> Team:
    return get_object_or_404(Team.objects.visible_to(request.user), pk=pk)


def _product_page(request: HttpRequest, form: ProductForm, product: Product | None) -> HttpResponse:
    context = {"form": form, "product": product}
    status = 422 if form.errors else 200
    return render(request, "products/desk/product.html", context, status=status)


def _dimension(request: HttpRequest) -> str:
    """Which of the four a form on the page is about; empty for what none of them sent."""
    dimension = request.POST.get("dimension", "")
    return dimension if dimension in SEGMENTS else ""


def _users_page(
    request: HttpRequest, product: Product, form: UsersForm | None = None
) -> HttpResponse:
    known = counts_of(product)
    parts = [
        {
            "title": DIMENSION_WORDS[each.dimension],
            "form": form if form and form.dimension == each.dimension else each,
            "rows": known[each.dimension],
        }
        for each in users_forms(known, platform_date(clock.now()))
    ]
    status = 422 if form and form.errors else 200
    context = {"product": product, "parts": parts}
    return render(request, "products/desk/users.html", context, status=status)


def _team_page(
    request: HttpRequest,
    form: TeamForm,
    team: Team | None,
    member_form: MemberForm | None = None,
) -> HttpResponse:
    member_form = member_form or MemberForm()
    members = team.members.select_related("avatar").order_by("handle", "pk") if team else []
    context = {"form": form, "team": team, "members": members, "member_form": member_form}
    status = 422 if form.errors or member_form.errors else 200
    return render(request, "products/desk/team.html", context, status=status)


def _tag(request: HttpRequest, pk: int) -> Tag:
    return get_object_or_404(Tag.objects.visible_to(request.user), pk=pk)


def _tags_page(request: HttpRequest, form: TagForm) -> HttpResponse:
    context = {"tags": Tag.objects.visible_to(request.user).in_order(), "form": form}
    status = 422 if form.errors else 200
    return render(request, "products/desk/tags.html", context, status=status)


def _tag_page(request: HttpRequest, form: TagForm, tag: Tag) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "products/desk/tag.html", {"form": form, "tag": tag}, status=status)
