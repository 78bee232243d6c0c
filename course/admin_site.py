"""The administration pages: for the people who run the server, switched off unless KENALI_ADMIN=1.

They cross organisations, which nothing else here does, so they only show: every change is made by a
service, with its rules and its place in the record. Signing in happens at the site's own door; a
second door would be one without the brake of `course.services.throttle`.
"""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST


class LookOnlyAdmin(ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Lists and shows rows. Base for what the upper floors register."""

    actions = None
    media = Media()  # Django's scripts are for editing, and jQuery needs what our policy forbids
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may open the site may see every table on it."""
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The same for each row."""
        del obj
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        del request, obj
        return False


class OperatorSite(AdminSite):
    """Opens for operators only (`manage.py operator`); has no sign-in form of its own."""

    site_header = site_title = _("Kenali: for the people who run the server")
    index_title = _("Look, do not touch")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take look-only tables. What libraries register (groups) could be changed: left out."""
        if admin_class is not None and issubclass(admin_class, LookOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """True for active people whom the console has made operators."""
        return request.user.is_active and bool(getattr(request.user, "is_operator", False))

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Strangers go to the site's own door, people who are no operators get a 403."""
        del extra_context
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("admin:index"), reverse("course:sign_in"))
        if not self.has_permission(request):
            raise PermissionDenied(_("These pages are for the people who run the server."))
        return redirect("admin:index")

    @method_decorator(require_POST)
    def logout(  # type: ignore[override] # a redirect, not a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """End the session, as everywhere else."""
        del extra_context
        logout(request)
        return HttpResponseRedirect("/")

    def password_change(  # type: ignore[override] # a redirect, not a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The account page does this, behind the brake."""
        del request, extra_context
        return redirect("course:account")
