"""Faults in the shape of module and lesson files, each with the rule that must find it."""

from __future__ import annotations

from typing import Any

from tests.course.framework.planting import Fault

CONTENT = "modules/content"
JOURNEY = "03-movement/lessons/01-journey.en.md"
PERJALANAN = "03-movement/lessons/01-journey.ms.md"
MOVEMENT = "03-movement/module.yaml"
CARE = "07-care/module.yaml"
DANGER = "06-responding/lessons/04-danger-now.en.md"
REST = "04-control/lessons/05-work-and-rest.en.md"

ASKED = "Is it so now? "  # four words in a sentence that needs no source
DIFFERS = ("languages-differ",)  # what changes one language only is also told by this rule


def fault(rule: str, file: str, after: str, old: str, new: str | None, **where: Any) -> Fault:
    """A fault in a file of modules/content."""
    return Fault(rule, f"{CONTENT}/{file}", after, old, new, **where)


FOUND_BY_READING = [
    fault("front-matter", JOURNEY, "---", "---", "--", line=1),
    fault("missing-key", JOURNEY, "key:", "minutes: 9", None, line=2),
    fault("unknown-key", JOURNEY, "key:", "minutes:", "colour: red\nminutes:"),
    fault("wrong-value", JOURNEY, "key:", "minutes: 9", "minutes: 11"),
    fault("wrong-value", PERJALANAN, "key:", "draft, awaiting", "finished, awaiting"),
    fault("yaml-duplicate-key", JOURNEY, "key:", "tactics:", "key: x\ntactics:"),
    fault("wrong-value", MOVEMENT, "format:", "module/1", "module/2"),
    fault("yaml-syntax", MOVEMENT, "format:", "order: 3", "order: [3", at="stage:"),
    fault("before-first-step", JOURNEY, "## Water", "## Water", "Text?\n## Water"),
    fault("block-attribute", JOURNEY, "::: contrast", "::: contrast", '::: contrast title="x"'),
    fault("block-line", JOURNEY, "Both come", "Both", "=== part\nBoth"),
]
FILES = [
    fault(
        "file-name", CARE, "format:", "order: 7", "order: 8", at="key:", by="named_after_content"
    ),
    fault(
        "module-twice",
        MOVEMENT,
        "format:",
        "order: 3",
        "order: 2",
        also=("file-name",),
        by="unique_modules",
    ),
    fault("lesson-without-file", CARE, "lessons:", "[how", "[ghost, how", by="existing_lessons"),
    fault("lesson-listed-twice", CARE, "lessons:", "[", "[your-team, ", by="existing_lessons"),
    fault(
        "unknown-key-used",
        MOVEMENT,
        "format:",
        "stage: movement",
        "stage: moving",
        by="known_stages",
    ),
    fault(
        "broken-link",
        REST,
        "## ",
        "lesson:care/how-it",
        "lesson:care/what-it",
        by="links_lead_somewhere",
    ),
    fault(
        "link-elsewhere",
        REST,
        "## ",
        "lesson:care/how-it",
        "/care/how-it",
        by="links_lead_somewhere",
    ),
]
BLOCKS = [
    fault(
        "step-count",
        JOURNEY,
        "::: key",
        "Tomorrow,",
        "## A\nHow?\n## B\nHow?\n## C\nTomorrow,",
        at="## C",
        also=DIFFERS,
        by="steps_of_a_phone",
    ),
    fault(
        "empty-step", JOURNEY, "## Moving", "## Moving people", "##", line=42, by="steps_of_a_phone"
    ),
    fault(
        "long-step",
        JOURNEY,
        "## Moving",
        "Both come",
        f"{(ASKED * 15 + chr(10) * 2) * 4}Both",
        at="## Moving",
        by="short_steps",
    ),
    fault(
        "long-paragraph",
        JOURNEY,
        "## Moving",
        "Both come",
        f"{ASKED * 19}\n\nBoth come",
        by="short_paragraphs",
    ),
    fault(
        "unknown-block", PERJALANAN, "::: think", "think", "fikir", also=DIFFERS, by="known_blocks"
    ),
    fault(
        "block-attribute", JOURNEY, "::: think", "think", 'think title="x"', by="right_attributes"
    ),
    fault(
        "block-attribute",
        JOURNEY,
        "::: case",
        ' title="Six people at the jetty"',
        "",
        by="right_attributes",
    ),
    fault(
        "block-attribute",
        DANGER,
        "::: heavy",
        "fiction=yes",
        "fiction=no",
        also=("languages-differ", *["uncited-statement"] * 3),
        by="right_attributes",
    ),
    fault(
        "block-body",
        JOURNEY,
        "::: tactic",
        "key=handover",
        "key=handover\nIs it?",
        by="right_parts",
    ),
    fault(
        "block-parts",
        JOURNEY,
        "::: contrast",
        "=== difference",
        "=== What differs",
        by="right_parts",
    ),
    fault(
        "block-parts", JOURNEY, "::: case", "=== What is ordinary here?", "===", by="right_parts"
    ),
    fault(
        "block-parts",
        JOURNEY,
        "::: contrast",
        "=== A: The temple trip",
        "The temple trip",
        at="::: contrast",
        also=("uncited-statement", "block-body", *DIFFERS),
        by="right_parts",
    ),
    fault(
        "check-options",
        JOURNEY,
        "::: check",
        "[x]",
        "[ ]",
        at="::: check",
        also=DIFFERS,
        by="fair_checks",
    ),
    fault(
        "check-options",
        JOURNEY,
        "::: check",
        "=== [x] Let",
        "=== Let",
        also=DIFFERS,
        by="fair_checks",
    ),
    fault(
        "long-explanation",
        JOURNEY,
        "You are not an officer",
        "He may",
        f"{ASKED * 12}He may",
        line=35,
        by="fair_checks",
    ),
    fault(
        "contrast-not-marked",
        JOURNEY,
        "=== A: The temple",
        "**She laughs and calls her "
        "daughter to ask.** **When a young man wants to stay behind, Mr Rajan gives him his "
        "ticket back.**",
        "She laughs.",
        at="=== A:",
        by="told_apart",
    ),
    fault(
        "case-without-facts",
        PERJALANAN,
        "::: case",
        "::: facts",
        "::: key",
        at="::: case",
        also=("languages-differ", "long-key"),
        by="closed_cases",
    ),
    fault(
        "long-key",
        JOURNEY,
        "::: key",
        "Look at",
        "Look. Wait. Look at",
        at="::: key",
        by="short_keys",
    ),
    fault(
        "facts-no-list",
        JOURNEY,
        "::: facts",
        "- In the ILO",
        "In the ILO",
        at="::: facts",
        by="short_keys",
    ),
    fault(
        "unknown-key-used",
        JOURNEY,
        "key:",
        "[do-not-confront]",
        "[confront]",
        also=DIFFERS,
        by="known_keys",
    ),
    fault(
        "unknown-key-used",
        JOURNEY,
        "::: explain",
        "met-by-stranger",
        "met-by",
        also=DIFFERS,
        by="known_keys",
    ),
    fault(
        "unknown-key-used",
        JOURNEY,
        "::: referral",
        ",tenaganita",
        ",nobody",
        also=DIFFERS,
        by="known_keys",
    ),
]
FOUND_IN_SHAPE = [*FILES, *BLOCKS]
