"""Rules about what items name: sources, look-alikes, stages, pools, twins, people. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quizzes.kinds.common import Way
from quizzes.kinds.match import MatchItem
from quizzes.kinds.verdict import VerdictItem
from quizzes.lint.base import Context, Found, item_problem, parts_of, quiz_problem
from quizzes.schema import ACROSS_FORMS, names_in

REFRESHER_POOL = "refresher"
TELLING_KEYS = frozenset(
    {"sign", "signal", "lure", "noise", "real", "fake", "yes", "no", "true", "false"}
    | {"guilty", "innocent", "trafficking", "safe", "danger"}
)


def _lists(value: Any, name: str, way: Way = ()) -> Iterator[tuple[str, Way]]:
    """Every key in a list (or text) called `name`, anywhere inside `value`."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _lists(inner, name, (*way, index))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != name:
                yield from _lists(inner, name, (*way, key))
            elif isinstance(inner, list):
                yield from ((one, (*way, key, index)) for index, one in enumerate(inner))
            elif inner is not None:
                yield inner, (*way, key)


def known_keys(context: Context) -> Found:
    """Every source, look-alike and response that is named exists."""
    framework = context.framework
    fields: dict[str, tuple[Mapping[str, object], str]] = {
        "sources": (framework.sources, "unknown-source"),
        "confounder": (framework.confounders, "unknown-key-used"),
        "confounders": (framework.confounders, "unknown-key-used"),
        "responses": (framework.responses, "unknown-key-used"),
    }
    for item in context.bank.items.values():
        document = item.model_dump(mode="json")
        for name, (known, rule) in fields.items():
            for key, way in _lists(document, name):
                if key not in known:
                    yield item_problem(
                        context,
                        item,
                        rule,
                        f"“{key}” does not exist.",
                        f"Use a key of the framework's {name} file; check the spelling.",
                        at=way,
                    )


def stages_fit(context: Context) -> Found:
    """A stage exists, and everything scored in an item of a stage belongs to it."""
    for item in context.bank.items.values():
        if item.stage is None:
            continue
        if item.stage not in context.framework.stages:
            yield item_problem(
                context,
                item,
                "unknown-key-used",
                f"the stage “{item.stage}” does not exist.",
                "Use acquisition, movement, control or null.",
                at=("stage",),
            )
            continue
        for field, name, way in names_in(item):
            place = item.places[name]
            if field not in {"indicator", "imitates"} or place.stage == item.stage:
                continue
            yield item_problem(
                context,
                item,
                "stage-mismatch",
                f"“{name}” belongs to {place.stage}, but the item is for {item.stage}.",
                "Choose a sign of the item's stage, or give the item stage: null.",
                at=way,
            )


def pools_known(context: Context) -> Found:
    """Every pool is drawn by a quiz, and micro items stand in the refresher pool only."""
    pools = {pool for quiz in context.bank.quizzes.values() for pool in quiz.pools}
    for item in context.bank.items.values():
        is_micro = item.kind == "refresher"
        if is_micro != (item.pool == REFRESHER_POOL) or not (is_micro or item.pool in pools):
            yield item_problem(
                context,
                item,
                "unknown-pool",
                f"a {item.kind} item cannot stand in the pool “{item.pool}”.",
                "Use a pool of quizzes.yaml; “refresher” is for kind refresher, and only for it.",
                at=("pool",),
            )


def draws_fit(context: Context) -> Found:
    """The stages of draws and balances exist."""
    stages = context.framework.stages
    for quiz in context.bank.quizzes.values():
        named = {draw.stage for draw in quiz.draws if draw.stage} | set(quiz.balance)
        for stage in sorted(named - set(stages)):
            yield quiz_problem(
                context,
                quiz,
                "unknown-key-used",
                f"the stage “{stage}” does not exist.",
                "Use acquisition, movement or control.",
            )


# What the schedule chooses, and how much of it: (kind of item, at most).
SCHEDULED_DRAWS = {"refresher": ("refresher", 6), "check-up": ("verdict", 3)}


def scheduled_fit(context: Context) -> Found:
    """What the schedule begins holds single cases, few enough for its minutes."""
    for quiz in context.bank.quizzes.values():
        if quiz.kind not in SCHEDULED_DRAWS:
            continue
        kind, most = SCHEDULED_DRAWS[quiz.kind]
        total = sum(draw.take for draw in quiz.draws)
        if total > most or any(draw.kind != kind for draw in quiz.draws):
            yield quiz_problem(
                context,
                quiz,
                "scheduled-draw",
                f"a {quiz.kind} has at most {most} items, all of kind {kind}.",
                "Draw fewer, and of that kind only.",
            )


def twins_fit(context: Context) -> Found:
    """Twins name each other, have different answers, and never meet in one form."""
    # These may draw from every form; which items they draw is decided when they are drawn.
    quizzes = context.bank.quizzes.values()
    sittings = [quiz.pools for quiz in quizzes if quiz.kind not in ACROSS_FORMS]
    for item in context.bank.items.values():
        if not isinstance(item, VerdictItem) or item.twin is None:
            continue
        twin = context.bank.items.get(item.twin)
        if (
            not isinstance(twin, VerdictItem)
            or twin.twin != item.key
            or twin.vignette.kind == item.vignette.kind
            or twin.person != item.person
            or any({item.pool, twin.pool} <= pools for pools in sittings)
            or twin.pool == item.pool
        ):
            yield item_problem(
                context,
                item,
                "twin",
                f"“{item.twin}” is no twin of this item.",
                "Twins are two verdicts that name each other, with the same person, one signal and "
                "one noise, in pools that no form draws together.",
                at=("twin",),
            )


def tactics_fit(context: Context) -> Found:
    """A match leads to the tactic of the sign, and one target is left over."""
    for item in context.bank.items.values():
        if not isinstance(item, MatchItem):
            continue
        tactics = {target.id: target.tactic for target in item.targets}
        for index, sign in enumerate(item.signs):
            if item.places[sign.indicator].tactic != tactics[sign.target]:
                yield item_problem(
                    context,
                    item,
                    "wrong-tactic",
                    f"“{sign.indicator}” belongs to {item.places[sign.indicator].tactic}.",
                    "Let the sign lead to the target of its own tactic.",
                    at=("signs", index, "target"),
                )
        if {sign.target for sign in item.signs} == set(tactics):
            yield item_problem(
                context,
                item,
                "no-spare-target",
                "every target is used, so the last pair gives itself away.",
                "Add one target that belongs to no sign.",
                at=("targets",),
            )


def keys_tell_nothing(context: Context) -> Found:
    """Keys appear in exports and addresses; they must not give an answer away."""
    for item in context.bank.items.values():
        if TELLING_KEYS & set(item.key.split("-")):
            yield item_problem(
                context,
                item,
                "telling-key",
                "the key of the item hints at the answer.",
                "Name it after its scene.",
                at=("key",),
            )


def people_fit(context: Context) -> Found:
    """Judged people are described, and of unclear age only where age doubt is the point."""
    for item in context.bank.items.values():
        is_judged = any(part.is_scored for _, part, _ in parts_of(item))
        if is_judged and item.person is None and getattr(item, "material", "") != "advert":
            yield item_problem(
                context,
                item,
                "no-person",
                "nobody says whom the item is about.",
                "Add person: {gender, origin, job, age}; only adverts may have none.",
            )
        if item.person is None or item.person.age != "unclear":
            continue
        if item.exploitation == "sexual" or "age-doubt-at-intake" not in item.places:
            yield item_problem(
                context,
                item,
                "unclear-age",
                "the age of the person is unclear.",
                "Make the person an adult; unclear is for items about age doubt, and never beside "
                "sexual exploitation.",
                at=("person", "age"),
            )
