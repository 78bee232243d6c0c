"""The parts of the frame that are the same for many pages: drawn once per process and kept.

Every page has them, and they depend on very little: the language, what the person may do and which
tab is current. Drawing them anew took a third of the time of a lesson page.
"""

from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from course.roles import Ability

register = template.Library()

# What the address must hold for a tab to be current. The first one that fits.
_TABS: Final = (
    ("look_up", "/reference/"),
    ("quizzes", "/quizzes/"),
    ("reports", "/reports/"),
    ("reports", "/progress/"),
    ("team", "/team/"),
    ("people", "/organisation/"),
    ("account", "/account/"),
    ("sign_in", "/sign-in/"),
)


def current_tab(path: str) -> tuple[str, str]:
    """Name of the current tab and the value of its aria-current; two empty words when none is."""
    if path == "/":
        return "home", "page"
    for name, part in _TABS:
        if part in path:
            return name, "page" if path == part else "true"
    return "", ""


@register.simple_tag(takes_context=True)
def main_tabs(context: dict[str, Any]) -> SafeString:
    """The main way about. Error pages are drawn without a request and have the way of a visitor."""
    request = context.get("request")
    kenali = getattr(request, "kenali", None)
    known = kenali is not None and kenali.user is not None
    abilities = kenali.abilities if kenali is not None else frozenset()
    tab, current = current_tab(request.path) if request is not None else ("", "")
    membership = kenali.membership if kenali is not None else None
    leads = membership is not None and membership.leads
    return _tabs(get_language() or "en", known, leads, abilities, tab, current)


@lru_cache(maxsize=256)
def _tabs(
    _language: str,
    known: bool,  # noqa: FBT001 -- a key of the cache
    leads: bool,  # noqa: FBT001 -- the same
    abilities: frozenset[Ability],
    tab: str,
    current: str,
) -> SafeString:
    shown = {
        "known": known,
        "leads": leads,
        "abilities": abilities,
        "tab": tab,
        "current": current,
    }
    return render_to_string("kenali/parts/nav.html", shown)


@register.simple_tag
def page_assets() -> SafeString:
    """Style sheet, icon and script, under names that change with their contents."""
    return _part("kenali/parts/assets.html", "")


@register.simple_tag
def quick_exit() -> SafeString:
    """The way out of every page."""
    return _part("kenali/parts/exit.html", get_language() or "en")


@register.simple_tag
def page_foot() -> SafeString:
    """The last lines of every page."""
    return _part("kenali/parts/foot.html", get_language() or "en")


@register.simple_tag
def other_languages() -> SafeString:
    """The buttons of the other languages."""
    return _part("kenali/parts/languages_buttons.html", get_language() or "en")


@lru_cache(maxsize=64)
def _part(name: str, _language: str) -> SafeString:
    return render_to_string(name)
