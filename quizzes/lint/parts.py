"""Rules about the parts of items: how many, with feedback, reachable, keyed honestly. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course.framework.problems import Problem
from quizzes import measures
from quizzes.kinds.choice import ChoiceItem
from quizzes.kinds.common import Item, Panel
from quizzes.kinds.dialogue import DialogueItem
from quizzes.kinds.evidence import EvidenceItem
from quizzes.kinds.highlight import HighlightItem
from quizzes.kinds.match import MatchItem
from quizzes.kinds.next_step import Graded, NextStepItem
from quizzes.kinds.rate_actions import RateActionsItem
from quizzes.kinds.triage import TriageItem
from quizzes.lint.base import Context, Found, item_problem, parts_of

NEEDED = {"signal": ("hit", "miss"), "noise": ("false_alarm",), "neutral": (), "context": ()}
ALLOWED = {"signal": {"hit", "miss"}, "noise": {"false_alarm", "left"}, "neutral": {"discuss"}}
MOST_SCORED = measures.limits.MAX_SEGMENTS_PER_TEXT
PANEL_OF_ACTIONS = 7  # judges for next steps, ratings and conversations (measurement design 6.1)
BEST_SHARE = 0.60  # of the votes, for the best option (6.1)


def has_feedback(context: Context) -> Found:
    """Every scored part explains every way of answering it, and nothing else."""
    for item in context.bank.items.values():
        for name, part, way in parts_of(item):
            missing = [key for key in NEEDED[part.kind] if key not in part.feedback]
            extra = set(part.feedback) - ALLOWED.get(part.kind, set())
            if missing or extra:
                yield item_problem(
                    context,
                    item,
                    "missing-feedback" if missing else "feedback-for-nothing",
                    f"{name} is {part.kind}: {', '.join(missing or sorted(extra))} "
                    f"{'is missing' if missing else 'does not belong here'}.",
                    "A signal has hit and miss, noise has false_alarm (and left), neutral discuss.",
                    at=way,
                )


def weak_signs_have_company(context: Context) -> Found:
    """A weak sign alone is no concern, so it is a signal only beside a stronger one."""
    weights = {key: sign.course_weight for key, sign in context.framework.indicators.items()}
    for item in context.bank.items.values():
        signals = [(part, way) for _, part, way in parts_of(item) if part.kind == "signal"]
        together = item.kind in {"highlight", "evidence"}
        for part, way in signals:
            company = [*part.also, str(part.indicator)]
            if together:
                company += [str(other.indicator) for other, _ in signals]
            if all(weights.get(key) == "weak" for key in company):
                yield item_problem(
                    context,
                    item,
                    "weak-alone",
                    f"“{part.indicator}” is a weak sign and stands alone.",
                    "Put a stronger sign beside it (another segment, or also: […]), or make it "
                    "neutral or a look-alike.",
                    at=way,
                )


def _count_problem(context: Context, item: Item, message: str, fix: str) -> Problem:
    return item_problem(context, item, "part-count", message, fix)


def segment_counts(context: Context) -> Found:
    """Texts have two to four signals and three to five look-alikes, or none and six to seven."""
    for item in context.bank.items.values():
        if not isinstance(item, HighlightItem | EvidenceItem):
            continue
        kinds = [segment.kind for segment in item.segments]
        signal, noise = kinds.count("signal"), kinds.count("noise")
        usual = 2 <= signal <= 4 and 3 <= noise <= 5 and signal + noise <= MOST_SCORED
        sign_free = signal == 0 and 6 <= noise <= 7
        if not (usual or sign_free):
            yield _count_problem(
                context,
                item,
                f"it has {signal} signals and {noise} noise.",
                "Write 2-4 and 3-5 (at most 8 together), or no signal and 6-7 noise.",
            )
        if kinds.count("neutral") > 2 or kinds.count("context") > 3:
            yield _count_problem(
                context,
                item,
                "it has too many parts that are not scored.",
                "At most 2 neutral and 3 context segments.",
            )


def option_counts(context: Context) -> Found:
    """Questions have as many options as the design says; every action item has a harmful one."""
    for item in context.bank.items.values():
        if isinstance(item, ChoiceItem):
            right = len(item.options) == 3 if item.choose == "one" else len(item.options) >= 4
            fix = "Three options for choose: one, at least four for several."
        elif isinstance(item, NextStepItem):
            right = len(item.options) == 4 and _has_harmful(item.options)
            fix = "Four options, at least one of them harmful."
        elif isinstance(item, RateActionsItem):
            right = len(item.actions) >= 4 and any(action.harmful for action in item.actions)
            fix = "At least four actions, at least one of them harmful."
        elif isinstance(item, MatchItem):
            right = 6 <= len(item.signs) <= 8 and 4 <= len(item.targets) <= 5
            fix = "Six to eight signs and four or five targets."
        elif isinstance(item, TriageItem):
            urgent = sum(report.level == "urgent" for report in item.reports)
            right = 6 <= len(item.reports) <= 8 and 1 <= urgent <= 2
            fix = "Six to eight reports, one or two of them urgent."
        elif isinstance(item, DialogueItem):
            right = 4 <= len(item.nodes) <= 6 and all(len(n.replies) == 3 for n in item.nodes)
            right = right and any(_has_harmful(node.replies) for node in item.nodes)
            fix = "Four to six nodes with three replies each, at least one of them harmful."
        else:
            continue
        if not right:
            yield _count_problem(context, item, "its parts are not as many as they should be.", fix)


def _has_harmful(options: Sequence[Graded]) -> bool:
    return any(option.grade == "harmful" for option in options)


def reachable(context: Context) -> Found:
    """Every moment of a conversation can be reached."""
    for item in context.bank.items.values():
        if not isinstance(item, DialogueItem):
            continue
        reached = item.reachable()
        for index, node in enumerate(item.nodes):
            if node.id not in reached:
                yield item_problem(
                    context,
                    item,
                    "unreachable",
                    f"no reply leads to “{node.id}”.",
                    "Let a reply of an earlier node lead there, or remove it.",
                    at=("nodes", index),
                )


def honest_status(context: Context) -> Found:
    """A translation is a draft until a named person reviewed it on a day that has come."""
    for file, languages in context.bank.languages.items():
        for language, status in languages.items():
            reviewed = status.reviewed_by and status.reviewed_on
            early = status.reviewed_on is not None and status.reviewed_on > context.today
            unproved = status.status == "reviewed" and (not reviewed or early)
            wordless = status.status == "draft" and "review" not in status.note
            if unproved or wordless:
                line = context.bank.documents[file].line_of(("languages", language))
                yield Problem(
                    file,
                    line,
                    "language-status",
                    f"{language}: the status “{status.status}” is not backed up.",
                    "For reviewed give reviewed_by and reviewed_on; for draft say in the note what "
                    "review it awaits.",
                )


def honest_panel(context: Context) -> Found:
    """Where a panel is named, enough judges voted, on a day that has come, as the key says."""
    for item in context.bank.items.values():
        if item.panel is None:
            continue
        reasons = list(_panel_faults(item, item.panel))
        if item.panel.held_on > context.today:
            reasons.append("its day has not come yet")
        for reason in reasons:
            yield item_problem(
                context,
                item,
                "panel",
                f"the panel does not carry the key: {reason}.",
                "Enter the votes as they were given, and key the item as they say; without a panel "
                "leave panel: out.",
                at=("panel",),
            )


def _panel_faults(item: Item, panel: Panel) -> Iterator[str]:
    actions = isinstance(item, NextStepItem | RateActionsItem | DialogueItem)
    least = PANEL_OF_ACTIONS if actions else measures.limits.KEYING_MIN_EXPERTS
    if panel.judges < least:
        yield f"at least {least} judges are needed"
    if isinstance(item, NextStepItem):
        yield from _vote_faults(panel, item.options, "")
    elif isinstance(item, DialogueItem):
        for node in item.nodes:
            yield from _vote_faults(panel, node.replies, f"{node.id}/")
    elif isinstance(item, RateActionsItem | TriageItem):
        ids = (
            [action.id for action in item.actions]
            if isinstance(item, RateActionsItem)
            else [report.id for report in item.reports]
        )
        for name in ids:
            given = panel.votes.get(name)
            if not isinstance(given, tuple) or len(given) != panel.judges:
                yield f"“{name}” needs one rating of every judge"
    else:
        yield from _segment_faults(item, panel)


def _vote_faults(panel: Panel, options: Sequence[Graded], prefix: str) -> Iterator[str]:
    votes = {option.id: panel.votes.get(f"{prefix}{option.id}") for option in options}
    counts = {name: count for name, count in votes.items() if isinstance(count, int)}
    if len(counts) < len(options) or sum(counts.values()) != panel.judges:
        yield f"the votes for {prefix or 'the options'} do not add up to the judges"
        return
    best = next(option.id for option in options if option.grade == "best")
    if counts[best] < max(counts.values()) or counts[best] < BEST_SHARE * panel.judges:
        yield f"“{prefix}{best}” did not get most votes and {BEST_SHARE:.0%} of them"


_LABELS = {"signal": {"key"}, "noise": {"nonkey"}, "neutral": {"neutral", "key", "nonkey"}}


def _segment_faults(item: Item, panel: Panel) -> Iterator[str]:
    for name, part, _ in parts_of(item):
        if part.kind == "context":
            continue
        yes = panel.votes.get(name)
        if not isinstance(yes, int) or not 0 <= yes <= panel.judges:
            yield f"“{name}” needs the number of judges who said “concern”"
            continue
        label = measures.segment_keying(signal=yes, not_signal=panel.judges - yes)["label"]
        if label not in _LABELS[part.kind] and label != "insufficient_panel":
            yield f"{yes} of {panel.judges} said “concern” about “{name}”, which is {part.kind}"
