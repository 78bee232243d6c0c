"""Pure: made-up learners who answer any item, for the demo, for bulk data and for benchmarks.

A learner here is two numbers, how often a sign is seen and how often something ordinary is taken
for one, and a third for what is no such trial. Nothing of this touches a real person's answers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Final

from quizzes.kinds import Item

Json = dict[str, Any]
LEVELS: Final = ("none", "note", "refer", "urgent")
CONFIDENCES: Final = (50, 65, 80, 95)


@dataclass
class SimulatedLearner:
    """Answers like somebody with these rates (0..1); `chance` makes it repeatable by its seed."""

    hit_rate: float
    false_alarm_rate: float
    skill: float
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 -- a game

    def answer(self, item: Item) -> Json:
        """An answer that `kinds.validate` takes. Raises KeyError for a kind that is not known."""
        return _ANSWERS[item.kind](self, item)

    def flags(self, part: Any) -> bool:
        """Whether this part would be taken for a sign."""
        rate = self.hit_rate if part.kind == "signal" else self.false_alarm_rate
        return self.chance.random() < rate

    def knows(self) -> bool:
        """Whether something else would be got right."""
        return self.chance.random() < self.skill

    def sure(self) -> int:
        """One of the four levels, higher for the more skilled."""
        weights = [1 - self.skill, 1, 1 + self.skill, 2 * self.skill]
        return self.chance.choices(CONFIDENCES, weights)[0]


def _verdict(who: SimulatedLearner, item: Any) -> Json:
    return {"concern": who.flags(item.vignette), "confidence": who.sure()}


def _highlight(who: SimulatedLearner, item: Any) -> Json:
    return {"marked": [name for name, part in item.scored() if who.flags(part)]}


def _evidence(who: SimulatedLearner, item: Any) -> Json:
    concern = who.flags(item.verdict)
    cited = [name for name, part in item.lines() if who.flags(part)] if concern else []
    if concern and not cited:  # whoever is concerned points at something
        cited = [who.chance.choice([name for name, _part in item.lines()])]
    return {"concern": concern, "cited": cited, "confidence": who.sure()}


def _pair(who: SimulatedLearner, item: Any) -> Json:
    return {
        "answers": {
            half.id: {"concern": who.flags(half), "confidence": who.sure()}
            for half in item.vignettes
        }
    }


def _choice(who: SimulatedLearner, item: Any) -> Json:
    if item.choose == "one":
        right = who.knows()
        fitting = [option.id for option in item.options if option.right == right]
        return {"chosen": [who.chance.choice(fitting)]}
    return {"chosen": [option.id for option in item.options if option.right == who.knows()]}


def _next_step(who: SimulatedLearner, item: Any) -> Json:
    is_best = who.knows()
    fitting = [option.id for option in item.options if (option.grade == "best") == is_best]
    return {"chosen": who.chance.choice(fitting)}


def _ratings(who: SimulatedLearner, item: Any) -> Json:
    def rate(keyed: int) -> int:
        off = 0 if who.knows() else who.chance.choice((-1, 1))
        return min(5, max(1, keyed + off))

    return {"ratings": {one.id: rate(one.rating) for one in item.actions}}


def _order(who: SimulatedLearner, item: Any) -> Json:
    ordered = [event.id for event in sorted(item.events, key=lambda event: event.rank)]
    if not who.knows():
        place = who.chance.randrange(len(ordered) - 1)
        ordered[place], ordered[place + 1] = ordered[place + 1], ordered[place]
    return {"order": ordered}


def _matches(who: SimulatedLearner, item: Any) -> Json:
    targets = [target.id for target in item.targets]
    return {
        "matches": {
            sign.id: sign.target if who.knows() else who.chance.choice(targets)
            for sign in item.signs
        }
    }


def _levels(who: SimulatedLearner, item: Any) -> Json:
    return {
        "levels": {
            report.id: report.level if who.knows() else who.chance.choice(LEVELS)
            for report in item.reports
        }
    }


def _path(who: SimulatedLearner, item: Any) -> Json:
    """The best reply at each turn; or, once, another that leads back to the same moment first."""
    path, at = [], item.nodes[0].id
    while at != "end":
        node = item.node(at)
        if not who.knows():
            detours = [reply for reply in node.replies if reply.grade == "harmful"]
            path += [{"node": at, "reply": reply.id} for reply in detours[:1]]
        best = next(reply for reply in node.replies if reply.grade == "best")
        path.append({"node": at, "reply": best.id})
        at = best.next
    return {"path": path}


_ANSWERS: Final = {
    "verdict": _verdict,
    "refresher": _verdict,
    "highlight": _highlight,
    "evidence": _evidence,
    "contrast_pair": _pair,
    "choice": _choice,
    "next_step": _next_step,
    "rate_actions": _ratings,
    "sequence": _order,
    "match": _matches,
    "triage": _levels,
    "dialogue": _path,
}
