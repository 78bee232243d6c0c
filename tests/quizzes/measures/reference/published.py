"""Published data sets for item analysis: two Moodle fixtures and LSAT 6, with their figures."""

from __future__ import annotations

from typing import Any

from tests.quizzes.measures.reference.rows import Row

# Moodle 2.x, mod/quiz/report/statistics/tests/fixtures: results00.csv, qstats00.csv and the
# expectations of stats_from_steps_walkthrough_test.php. 25 people, seven questions of one mark.
THIRD = 0.3333333
MOODLE_MARKS = [
    [1, 1, 1, 1, 1, 0, 1],
    [1, 1, 1, 1, 0.5, 1, 0],
    [1, 1, 1, 1, 0.5, 0, 1],
    [0, 0, 1, 1, 1, 0, 0],
    [1, 0, 1, 0, 0, 1, 0.5],
    [1, 1, 1, 1, 0.5, 0, 0.5],
    [0, 1, 1, 1, 0.5, 1, 0.5],
    [1, 1, 1, 0, 0.5, 1, 0.5],
    [1, 0, 1, 1, 1, 1, 1],
    [0, 1, 1, 0, 0.5, 1, 0.5],
    [0.8, 0, 1, 1, 0.5, 1, 0.5],
    [1, 1, 1, 0, 0.5, 1, 1],
    [1, 0, 1, 1, 0.5, 1, 0.5],
    [1, 0, 1, 1, 1, 0, 0.5],
    [0, 0, 1, 1, 0, 1, 1],
    [1, 0, 1, 0, 0.5, 1, 1],
    [0.8, 0, 1, 1, 0.5, 0, 1],
    [1, 0, 1, 1, 0, 1, 0.5],
    [1, 0, 1, 1, 0.5, 0, 0.5],
    [0, 1, 1, 0, 0.5, 1, 0],
    [1, 1, THIRD, 1, 0.5, 0, 0.5],
    [1, 1, 1, 0, 0.5, 0, 0.5],
    [1, 1, 1, 1, 0, 1, 0.5],
    [0, 0, 1, 0, 0.5, 1, 1],
    [0, 0, 1, 1, 1, 1, 1],
]
MOODLE_FIELDS = (
    "facility",
    "sd",
    "effective_weight",
    "covariance",
    "mark_variance",
    "other_mark_variance",
    "discrimination_index",
    "covariance_max",
    "discriminative_efficiency",
)
MOODLE_QUESTIONS = [
    (0.704, 0.4513682901, 21.2922742344, -0.022555556, 0.2037333333, 0.5002777794, -7.0650767526,
     0.2385555565, -9.4550536967),
    (0.48, 0.5099019514, 18.8979800309, -0.1172777785, 0.26, 0.6334555578, -28.8982125772,
     0.318833334, -36.7834118938),
    (0.973333332, 0.13333334, 4.443012573, -0.0098888894, 0.0177777796, 0.6609, -9.1230674268,
     0.045666669, -21.6545012165),
    (0.68, 0.4760952286, 18.9347251357, -0.0833888893, 0.2266666667, 0.5990111128, -22.6306444113,
     0.2652222232, -31.4411395613),
    (0.52, 0.3055050463, 11.1450138688, -0.0436944444, 0.0933333333, 0.6529555563, -17.6997047674,
     0.2063055556, -21.1794802584),
    (0.64, 0.4898979486, 9.8081339177, -0.2015555547, 0.24, 0.8220111101, -45.3785178421,
     0.3539999995, -56.9365974439),
    (0.62, 0.331662479, 15.4788602394, -0.0142499998, 0.11, 0.5774000005, -5.6543166602,
     0.2190833335, -6.5043742058),
]  # fmt: skip

# The older fixture, mdl_question_states.csv, with the expectations of statistics_test.php: 22
# people; four questions nobody got right, three pages without marks, then these thirteen.
MOODLE_OLD_MARKS = """\
5.5 .3 .9 1 .3 1 0 0 1 1 0 0 1
1 .9 .9 .3 .3 1 0 0 1 0 1 0 1
2.5 1 .9 .3 1 0 0 1 1 1 1 1 1
4 .3 .9 1 .3 0 0 0 0 1 0 0 1
3 .9 .3 .9 1 0 1 0 0 1 1 1 0
4.5 .9 1 1 .9 0 1 1 1 0 0 0 0
3 .3 .3 .3 .3 1 0 1 1 1 1 1 1
6 .9 .9 1 .3 0 1 1 1 1 0 0 1
.5 .9 1 .9 .3 0 1 1 0 1 1 0 1
5.5 .9 1 .9 .3 1 1 0 0 1 0 0 0
2.5 .9 1 1 .9 0 1 0 0 1 0 0 1
4 .9 .3 .9 1 0 1 1 1 1 1 0 1
4 .9 .3 .3 1 1 1 1 0 0 1 1 0
3 1 1 .3 1 0 1 0 1 1 1 1 0
1 1 .9 .3 .3 1 0 1 0 0 0 0 0
1 .3 .3 .3 .9 0 0 0 1 0 0 0 1
1.5 1 .3 .9 1 1 1 0 1 1 0 0 0
4 .9 1 .9 1 0 1 1 1 0 1 0 0
2 .9 .9 .3 .9 0 1 0 0 0 0 0 0
1 1 .3 .3 .3 0 1 1 0 1 0 0 0
6 .9 1 1 .9 0 0 0 1 0 0 1 1
7 .9 .3 .3 .3 1 0 1 1 1 1 0 0"""
MOODLE_OLD = {
    "facility": [41.19318182, 81.36363636, 71.36363636, 65.45454545, 65.90909091, 36.36363636,
                 59.09090909, 50, 59.09090909, 63.63636364, 45.45454545, 27.27272727, 50],
    "sd": [1912.733589, 251.2738111, 322.6312277, 333.4199022, 337.5811591, 492.3659639,
           503.2362797, 511.7663157, 503.2362797, 492.3659639, 509.6471914, 455.8423058,
           511.7663157],
    "effective_weight": [26.58464457, 3.368456046, 3.253955259, 7.584083694, 3.79658376,
                         3.183278505, 4.532356904, 7.78856243, 10.08351572, 8.381139345,
                         8.727645713, 7.946277111, 4.769500946],
    "discrimination_index": [25.88327077, 1.170256965, -4.207816809, 28.16930644, -2.513606859,
                             -12.99017581, -8.900638238, 8.670004606, 29.63337745, 15.18945843,
                             16.21079629, 15.52451404, -8.396734802],
    "discriminative_efficiency": [27.23492723, 1.382386552, -4.691171307, 31.12404354,
                                  -2.877487579, -17.5074184, -10.27568922, 10.86956522,
                                  34.58997279, 17.4790556, 20.14359793, 22.06477733, -10],
}  # fmt: skip
UNIT = {"facility": 100, "sd": 1000}

# Law School Admission Test, section 6: Bock & Lieberman 1970, all 1 000 answer patterns.
LSAT6 = """\
00000:3 00001:6 00010:2 00011:11 00100:1 00101:1 00110:3 00111:4 01000:1 01001:8 01011:16 01101:3
01110:2 01111:15 10000:10 10001:29 10010:14 10011:81 10100:3 10101:28 10110:15 10111:80 11000:16
11001:56 11010:21 11011:173 11100:11 11101:61 11110:28 11111:298"""


# 4 000 people as a model expects them: slope 1.2 and difficulties -.5 and .5; then slopes 1, 1.5
# and 2 with difficulties -.5, 0 and .25. Rounded to whole people.
TWO_ITEMS = "00:1145 01:396 10:1314 11:1145"
THREE_ITEMS = "000:833 001:179 010:323 011:257 100:650 101:338 110:495 111:925"


def people(patterns: str) -> list[list[int]]:
    """`pattern:times` as a row of marks for each person."""
    rows: list[list[int]] = []
    for part in patterns.split():
        pattern, times = part.split(":")
        rows += [[int(mark) for mark in pattern]] * int(times)
    return rows


def lsat6() -> list[list[int]]:
    return people(LSAT6)


def old_moodle_row() -> Row:
    marks = [[0.0] * 7 + [float(m) for m in line.split()] for line in MOODLE_OLD_MARKS.split("\n")]
    constant = {
        "sd": 0.0,
        "effective_weight": 0.0,
        "discrimination_index": None,
        "discriminative_efficiency": None,
    }
    items: list[dict[str, Any]] = [{"facility": 0.0, **constant}] * 4
    items += [{"facility": None, **constant}] * 3
    for i in range(13):
        items.append({name: v[i] / UNIT.get(name, 1) for name, v in MOODLE_OLD.items()})
    return Row(
        "moodle_statistics",
        {"marks": marks, "max_marks": [1, 1, 1, 1, 0, 0, 0, 8] + [1] * 12},
        {"items": items},
        "Moodle, statistics_test.php",
        tolerance=1e-7,
    )
