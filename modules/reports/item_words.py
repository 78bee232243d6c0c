"""What the numbers of an item mean, in words: for pages and files alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from modules.reports.items import FormReport, ItemLine
from modules.reports.tables import Column, Kind, Table
from quizzes.form_answers import FormLine
from quizzes.form_table import MIXED
from quizzes.item_statistics import HIDE, Flag, FormNumbers, PartNumbers
from quizzes.labels import short
from quizzes.measures import limits
from quizzes.models.attempts import UNKNOWN

Words = Mapping[str, str | Promise]

KIND_WORDS: Final[Words] = {
    "highlight": gettext_lazy("Mark the signs"),
    "verdict": gettext_lazy("Concern or not"),
    "refresher": gettext_lazy("Concern or not"),
    "contrast_pair": gettext_lazy("Two cases side by side"),
    "evidence": gettext_lazy("Concern, and which lines"),
    "choice": gettext_lazy("Choose the answer"),
    "next_step": gettext_lazy("Choose the next step"),
    "rate_actions": gettext_lazy("Rate the actions"),
    "sequence": gettext_lazy("Put in order"),
    "match": gettext_lazy("Match"),
    "triage": gettext_lazy("Sort by urgency"),
    "dialogue": gettext_lazy("Conversation"),
}
SEPARATES_WORDS: Final[Words] = {
    "very_good": gettext_lazy("very well"),
    "good": gettext_lazy("well"),
    "marginal": gettext_lazy("a little"),
    "poor": gettext_lazy("hardly"),
    "negative": gettext_lazy("the wrong way round"),
}
FLAG_WORDS: Final[Words] = {
    Flag.VERY_HARD: gettext_lazy("Very hard, or the key is wrong."),
    Flag.ALREADY_KNOWN: gettext_lazy("Everybody already knows this before the course."),
    Flag.CHECK_KEY: gettext_lazy(
        "Those who do well elsewhere do worse here: check the key or the wording."
    ),
    Flag.WEAK: gettext_lazy("It hardly tells apart who knows and who does not."),
}
TRUST_WORDS: Final[Words] = {
    "none": gettext_lazy("It cannot be computed: the totals do not differ."),
    "unusable": gettext_lazy(
        "Not usable: the cases contradict each other. Look at those flagged below first."
    ),
    "persons_never": gettext_lazy("Too low to say anything about a single person."),
    "profile": gettext_lazy(
        "Enough for a rough profile of a group, not for a decision about a person."
    ),
    "decisions": gettext_lazy("Good enough for a decision on the whole course."),
}
SAID_WORDS: Final[Words] = {
    "yes": gettext_lazy("Saw a concern"),
    "no": gettext_lazy("Left it alone"),
    "none": gettext_lazy("No concern"),
    "note": gettext_lazy("Note it"),
    "refer": gettext_lazy("Refer"),
    "urgent": gettext_lazy("Urgent"),
}
TICK_WORDS: Final[Words] = {"yes": gettext_lazy("Ticked"), "no": gettext_lazy("Not ticked")}


def findings(line: ItemLine) -> list[str]:
    """What to look at, each in one sentence."""
    found = [str(FLAG_WORDS[flag]) for flag in line.flags]
    found += option_findings(line.options, line.names)
    if line.harder:
        found.append(language_finding(line.harder))
    return found


def option_findings(part: PartNumbers | None, names: Mapping[str, str]) -> list[str]:
    """The same about the options of one question."""
    return [] if part is None else list(_options(part, names))


def _options(part: PartNumbers, names: Mapping[str, str]) -> Iterator[str]:
    preferred = part.preferred
    if preferred is not None:
        yield _("Strong learners prefer “%(option)s”: check the key or the wording.") % {
            "option": short(names.get(preferred.option, preferred.option))
        }
    for one in part.idle:
        option = {"option": short(names.get(one.option, one.option))}
        if one.count:
            yield _("Nearly nobody picks “%(option)s”: replace it.") % option
        else:
            yield _("Nobody picks “%(option)s”: replace it.") % option


def language_finding(harder: str) -> str:
    """Which translation to check."""
    if harder == "second":
        return _("The Malay version seems harder: check the translation.")
    return _("The English version seems harder: check the translation.")


def right_words(line: ItemLine) -> str:
    """How hard it is, as people say it."""
    facility = line.numbers.facility
    if line.numbers.is_partial:
        return _("%(share)s of 100 points on average, %(people)s people") % {
            "share": round(100 * (facility.p or 0.0)),
            "people": facility.n,
        }
    return _("%(right)s of %(people)s got it right") % {
        "right": facility.right,
        "people": facility.n,
    }


def separates_words(line: ItemLine) -> str:
    """How well it tells people apart; "" below its gate or without a number."""
    word = line.numbers.word if line.numbers.gate != HIDE else None
    return str(SEPARATES_WORDS[word]) if word else ""


def about_form(report: FormReport, cohort_name: str) -> tuple[str, ...]:
    """The sentences above the numbers: who is in, and who is not."""
    answers, numbers = report.answers, report.numbers
    whom = (
        ngettext(
            "First attempts of %(people)s learner of %(cohort)s.",
            "First attempts of %(people)s learners of %(cohort)s.",
            answers.people,
        )
        if cohort_name
        else ngettext(
            "First attempts of %(people)s learner.",
            "First attempts of %(people)s learners.",
            answers.people,
        )
    )
    said = [whom % {"people": answers.people, "cohort": cohort_name}]
    if answers.left_out:
        said.append(
            ngettext(
                "%(people)s more is left out: another wording, or cases met before.",
                "%(people)s more are left out: another wording, or cases met before.",
                answers.left_out,
            )
            % {"people": answers.left_out}
        )
    if answers.is_cut:
        said.append(_("There are more; the newest %(people)s count.") % {"people": answers.people})
    gaps = answers.people - numbers.n
    if gaps:
        said.append(
            ngettext(
                "%(people)s stepped over a case, and is not in what needs the whole form.",
                "%(people)s stepped over a case, and are not in what needs the whole form.",
                gaps,
            )
            % {"people": gaps}
        )
    if report.again:
        said.append(
            ngettext(
                "%(people)s person had taken another form of this test before, so this form is not "
                "to be compared with one that people take first.",
                "%(people)s people had taken another form of this test before, so this form is not "
                "to be compared with one that people take first.",
                report.again,
            )
            % {"people": report.again}
        )
    said.append(_("A question left open counts as not right. Keys count as corrected now."))
    return tuple(said)


def about_languages(report: FormReport) -> tuple[str, ...]:
    """Who is left out where the languages are compared, and why; nothing for nobody."""
    languages, said = report.answers.languages, []
    if mixed := languages.count(MIXED):
        said.append(
            ngettext(
                "%(people)s person answered in both languages and is not compared.",
                "%(people)s people answered in both languages and are not compared.",
                mixed,
            )
            % {"people": mixed}
        )
    if unknown := languages.count(UNKNOWN):
        said.append(
            ngettext(
                "%(people)s person is not compared: the language is not known, because the "
                "answers came on paper or from before it was kept.",
                "%(people)s people are not compared: the language is not known, because the "
                "answers came on paper or from before it was kept.",
                unknown,
            )
            % {"people": unknown}
        )
    return tuple(said)


def about_list(report: FormReport, cohort_name: str) -> tuple[str, ...]:
    """The sentences above all the questions: a finding may be about their languages."""
    compares = any(line.languages is not None for line in report.lines)
    return about_form(report, cohort_name) + (about_languages(report) if compares else ())


def trust_words(numbers: FormNumbers) -> str:
    """What the reliability of a form is good for."""
    return str(TRUST_WORDS[numbers.trust])


def _hundredths(value: float | None, gate: str) -> int | None:
    return None if value is None or gate == HIDE else round(100 * value)


def _shared(value: float | None, gate: str) -> float | None:
    return None if gate == HIDE else value


def _index(line: ItemLine) -> int | None:
    return _hundredths(line.numbers.index, line.numbers.gate)


ITEM_COLUMNS: Final[tuple[Column, ...]] = (
    Column("item", gettext_lazy("Item"), Kind.TEXT, lambda line: line.key),
    Column("version", gettext_lazy("Wording"), Kind.NUMBER, lambda line: line.number),
    Column("label", gettext_lazy("Begins with"), Kind.TEXT, lambda line: line.label),
    Column(
        "kind",
        gettext_lazy("Kind of question"),
        Kind.TEXT,
        lambda line: str(KIND_WORDS[line.document.kind]),
    ),
    Column("stage", gettext_lazy("Stage"), Kind.TEXT, lambda line: line.document.stage or ""),
    Column("people", gettext_lazy("People"), Kind.NUMBER, lambda line: line.numbers.facility.n),
    Column(
        "right",
        gettext_lazy("Share right"),
        Kind.SHARE,
        lambda line: _shared(line.numbers.facility.p, line.numbers.facility.gate),
    ),
    Column(
        "right_low",
        gettext_lazy("Likely from"),
        Kind.SHARE,
        lambda line: _shared(line.numbers.facility.low, line.numbers.facility.gate),
    ),
    Column(
        "right_high",
        gettext_lazy("Likely to"),
        Kind.SHARE,
        lambda line: _shared(line.numbers.facility.high, line.numbers.facility.gate),
    ),
    Column(
        "separates",
        gettext_lazy("Separates (r × 100)"),
        Kind.NUMBER,
        lambda line: _hundredths(line.numbers.separates.r, line.numbers.gate),
    ),
    Column(
        "best_minus_weakest", gettext_lazy("Best minus weakest 27 % (× 100)"), Kind.NUMBER, _index
    ),
    Column(
        "findings",
        gettext_lazy("What to look at"),
        Kind.TEXT,
        lambda line: " ".join(findings(line)) if line.numbers.facility.gate != HIDE else "",
    ),
)


def item_table(report: FormReport, title: str, cohort_name: str) -> Table:
    """The items of a form for files; what is below its gate is an empty cell."""
    return Table("items", title, about_list(report, cohort_name), ITEM_COLUMNS, report.lines)


def form_words(line: FormLine, language: Any) -> str:
    """A form to choose: its title, its letter, which wording of it, and how many took it."""
    quiz = line.quiz
    title = quiz.title[language]
    if quiz.form:
        title = _("%(title)s (form %(form)s)") % {"title": title, "form": quiz.form.upper()}
    people = ngettext("%(people)s person", "%(people)s people", line.people) % {
        "people": line.people
    }
    if line.number > 1:
        return _("%(title)s, wording %(number)s: %(people)s") % {
            "title": title,
            "number": line.number,
            "people": people,
        }
    return f"{title}: {people}"


def people_needed(metric: str) -> int:
    """From how many people a number is shown."""
    bounds: Any = limits.GATES[metric].provisional
    return int(bounds[0])
