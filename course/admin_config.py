"""Django's entry to the administration pages; apart, because it is read before there are models."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    """Django's administration with our site in its place."""

    default_site = "course.admin_site.OperatorSite"
