"""Begin the history of extra days with what holds on the day of the upgrade.

Earlier changes were overwritten; each row begins when it was last set. Its id serves again.
"""

from django.db import migrations

DAYS = """
INSERT INTO quizzes_extradays (organization_id, id, membership_id, days, since, until)
SELECT organization_id, id, membership_id, extra_days, set_at, NULL
FROM quizzes_accommodation
WHERE extra_days > 0
"""


class Migration(migrations.Migration):
    dependencies = [
        ("quizzes", "0006_extra_days"),
    ]

    operations = [
        migrations.RunSQL(DAYS, "DELETE FROM quizzes_extradays"),
    ]
