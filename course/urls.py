"""The root of all addresses. Each floor brings its own; this file knows them only as strings."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from course.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("course.site_urls")),
    path("", include("quizzes.urls")),
    path("", include("modules.urls")),
]

if settings.KENALI_ADMIN:
    from django.contrib import admin

    urlpatterns.append(path("administration/", admin.site.urls))

handler400 = "django.views.defaults.bad_request"
handler403 = "django.views.defaults.permission_denied"
handler404 = "django.views.defaults.page_not_found"
handler500 = "course.failures.broken"
