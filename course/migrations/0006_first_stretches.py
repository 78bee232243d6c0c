"""Begin the history of places with how things are on the day of the upgrade.

Earlier changes of role, pause and cohort were not kept as stretches; for days before the upgrade a
report uses the places of the upgrade day. The ids of the rows they come from serve again.
"""

from django.db import migrations

PLACES = """
INSERT INTO course_placement
    (organization_id, id, membership_id, role, is_active, office_id, manager_id, since, until)
SELECT organization_id, id, id, role, is_active, office_id, manager_id, joined_at, NULL
FROM course_membership
"""
STAYS = """
INSERT INTO course_cohortstay (organization_id, id, cohort_id, membership_id, since, until)
SELECT organization_id, id, cohort_id, membership_id, joined_at, NULL
FROM course_cohortmember
"""


class Migration(migrations.Migration):
    dependencies = [
        ("course", "0005_places"),
    ]

    operations = [
        migrations.RunSQL(PLACES, "DELETE FROM course_placement"),
        migrations.RunSQL(STAYS, "DELETE FROM course_cohortstay"),
    ]
