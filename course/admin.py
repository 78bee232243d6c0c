"""What operators may look at. Tenant tables have composite keys and cannot be shown here."""

from django.contrib import admin

from course.admin_site import LookOnlyAdmin
from course.models import Organization, User


@admin.register(Organization)
class OrganizationAdmin(LookOnlyAdmin):
    """Which organisations there are."""

    list_display = ("key", "name", "created_at")
    search_fields = ("key", "name")


@admin.register(User)
class UserAdmin(LookOnlyAdmin):
    """Who has an account, and whether it is open. Not the e-mail, nor anything secret."""

    list_display = ("username", "is_active", "is_operator", "joined_at")
    list_filter = ("is_active", "is_operator")
    search_fields = ("username",)
    fields = ("id", "username", "language", "is_active", "is_operator", "joined_at")
