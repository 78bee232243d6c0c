"""What files say about themselves."""

from __future__ import annotations

from datetime import tzinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from modules.reports.exports.values import Stamp


def stamp_words(stamp: Stamp, zone: tzinfo) -> str:
    """Who took the file out and when: it stays with the file, wherever that goes."""
    local = stamp.at.astimezone(zone)
    if not stamp.by:
        return _("From %(organization)s, %(day)s.") % {
            "organization": stamp.organization,
            "day": date_format(local.date()),
        }
    return _("Taken out of %(organization)s by %(who)s on %(day)s at %(time)s (%(zone)s).") % {
        "organization": stamp.organization,
        "who": stamp.by,
        "day": date_format(local.date()),
        "time": f"{local:%H:%M}",
        "zone": zone,
    }
