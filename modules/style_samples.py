"""Made-up content for the style page: one sample of every lesson block, and of every form control.

Shapes are those that `modules.showing` makes of a published lesson. The texts are close to the
course, so that the samples break where it would break: long words, two lines, lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms

from course.forms import PageForm
from modules.style_entries import (
    CONTACTS,
    RESPONSE,
    SIGN,
    SOURCES,
    STAGES,
    TACTIC,
    Json,
    cited,
    cites,
)

__all__ = ["BLOCKS", "COLOURS", "ICONS", "SOURCES", "SampleForm", "WrongForm"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A block as it comes into its template, and one sentence on when to use it."""

    kind: str
    use: str
    block: Json

    @property
    def template(self) -> str:
        """The template that draws this kind of block."""
        return f"modules/blocks/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Token:
    """A name of the style sheet and what it is for."""

    name: str
    use: str


COLOURS: Final = (
    Token("paper", "behind everything"),
    Token("card", "what lies on the paper"),
    Token("sunk", "quiet labels"),
    Token("line", "edges that only decorate"),
    Token("edge", "edges that must be seen: fields"),
    Token("ink", "text, and the way out"),
    Token("soft", "second-rank text"),
    Token("accent", "links, buttons, what is done"),
    Token("tint", "behind accent"),
    Token("warm", "take care"),
    Token("warm-tint", "behind warm"),
    Token("mend", "mistakes in forms, nothing else"),
    Token("stage-1", "acquisition"),
    Token("stage-2", "movement"),
    Token("stage-3", "control"),
    Token("hero", "the one next thing"),
)

ICONS: Final = (
    "book",
    "card",
    "chart",
    "check",
    "eye",
    "heart",
    "hold",
    "home",
    "key",
    "leaf",
    "leave",
    "list",
    "moon",
    "people",
    "person",
    "phone",
    "print",
    "question",
    "route",
    "shield",
    "talk",
    "two",
)


class SampleForm(PageForm):
    """One of each control."""

    name = forms.CharField(label="A line of text", help_text="What it is for, in one sentence.")
    number = forms.IntegerField(label="A number", min_value=1, initial=3)
    choice = forms.ChoiceField(
        label="One of a long list", choices=[("1", "Monday group"), ("2", "Evening group")]
    )
    few = forms.ChoiceField(
        label="One of few",
        choices=[("learner", "Learner"), ("trainer", "Trainer")],
        widget=forms.RadioSelect,
        initial="learner",
    )
    several = forms.MultipleChoiceField(
        label="Several",
        choices=[("a", "Morning"), ("b", "Afternoon"), ("c", "Evening")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    box = forms.BooleanField(
        label="A box to tick", help_text="The help of a box stands below it.", required=False
    )


class WrongForm(PageForm):
    """A form that comes back with something to mend."""

    code = forms.CharField(label="Your code")


_SAMPLES: Final[tuple[tuple[str, str, Json], ...]] = (
    (
        "prose",
        "Plain text with its sources. The default.",
        {
            "html": cited(
                "A debt says little. A debt that <strong>holds the door shut</strong> says a lot.",
                "ilo-11-2012",
                "kenali-judgement",
            )
            + "<ul><li>Does it grow?</li><li>Was it shown?</li><li>Does it hold them?</li></ul>"
        },
    ),
    (
        "case",
        "A made-up person. It opens bit by bit, so that the reader decides before the text does.",
        {
            "title": "Payday that did not come",
            "html": "<p>Ganesan, 45, washes dishes. “Three months, no proper pay,” he says.</p>",
            "parts": [
                {"label": "What could worry you?", "html": "<p>Late wages and no cash.</p>"},
                {"label": "He talks on. What is new?", "html": "<p>Two workmates left freely.</p>"},
            ],
        },
    ),
    (
        "facts",
        "The plain facts after a case, each with its source.",
        {
            "html": "<ul><li>Debt and papers kept by others are both on the list of the ILO.</li>"
            "<li>Early signs often look like ordinary life.</li></ul>"
        },
    ),
    (
        "contrast",
        "Two scenes that differ only in what matters. Telling words are marked.",
        {
            "title": "Four thousand ringgit",
            "html": "",
            "a": {
                "label": "Lan",
                "html": "<p>Lan owes the owner. <strong>She has a page with every payment on "
                "it.</strong></p>",
            },
            "b": {
                "label": "Zul",
                "html": "<p>Zul owes the owner. <strong>He asked to see the account and was told "
                "“not your business”.</strong></p>",
            },
            "difference": {"html": cited("One has a written account and a door.", "ilo-11-2012")},
        },
    ),
    (
        "check",
        "To try oneself. Never marked, nothing is sent; every choice explains itself.",
        {
            "html": "<p>Wati tells you her story over tea. What is your task now?</p>",
            "options": [
                {
                    "label": "Find out if it is really so",
                    "right": False,
                    "html": cited("That is not yours to decide.", "who-2003"),
                },
                {
                    "label": "Listen in private and ask what help she would like",
                    "right": True,
                    "html": cited("Yes. She knows her own risk best.", "who-2003"),
                },
            ],
        },
    ),
    (
        "explain",
        "A sign, then the ordinary things that might explain it. Comes before any weight.",
        {"sign": SIGN, "html": cited("Ask what happens when the person says “I am leaving”.")},
    ),
    (
        "heavy",
        "Something hard to read. The note comes first; nothing is open; skipping costs nothing.",
        {
            "note": "Talks about threats to a family. Nothing graphic.",
            "fiction": True,
            "html": "<p>The boss says he knows where her mother lives.</p>",
            "softer": {"html": "<p>She is afraid for people she loves.</p>"},
        },
    ),
    (
        "key",
        "The one thing to take away. One to a lesson.",
        {"html": cited("Reached, moved, kept.")},
    ),
    (
        "think",
        "A quiet question at the end. No field, on purpose.",
        {"html": "<p>Who listens to you?</p>"},
    ),
    (
        "stagemap",
        "The picture of the course. Each stage can be opened; one may be open.",
        {"focus": "movement", "stages": STAGES},
    ),
    ("crosswalk", "Our stages beside the words of the law.", {"stages": STAGES}),
    ("tactic", "What a worker may see, and why it works on people.", {"tactic": TACTIC}),
    ("sign", "One sign, with both weights and its ordinary explanations.", {"sign": SIGN}),
    (
        "signs",
        "All signs of a tactic.",
        {
            "tactic": {"key": "debt-control", "name": "A debt that holds the door shut"},
            "signs": [
                SIGN,
                SIGN
                | {
                    "key": "no-cash-of-own",
                    "text": "No cash of one's own",
                    "strength": "unrated",
                    "strength_label": "not rated in a published list",
                    "weight": "weak",
                    "weight_label": "weak",
                    "palermo": [],
                },
            ],
        },
    ),
    (
        "myth",
        "A belief, or a look-alike, that leads astray. Tap to see what is so.",
        {
            "myth": {
                "key": "sample",
                "kind": "myth",
                "sign_or_myth": "Without a locked door it cannot be",
                "why_people_believe_it": "Films show chains.",
                "what_is_so": "Most people are kept by debt, fear or papers.",
                "sources": cites("ilo-11-2012"),
            }
        },
    ),
    (
        "claim",
        "A statement the course grew from, and honestly how sure we are.",
        {
            "claim": {
                "key": "sample",
                "statement": "It can be seen as three stages.",
                "certainty": "low",
                "certainty_label": "Low: one source, or not traced to where it began",
                "caveat": "We read the summary only. Use it to sort what you notice.",
                "full_paper_read": False,
                "sources": cites("kenali-judgement"),
            }
        },
    ),
    ("response", "What to do and what not to do.", {"response": RESPONSE}),
    (
        "referral",
        "The card to keep. Says what is not sure: untested numbers, authorities, consent.",
        {
            "response": RESPONSE,
            "contacts": CONTACTS,
            "html": cited("With an adult, ask first.", "who-2003"),
        },
    ),
    ("contacts", "Contacts alone, in the look-up.", {"contacts": CONTACTS}),
)

BLOCKS: Final = tuple(
    Sample(kind, use, {"html": "", **content, "kind": kind, "id": f"b{number}"})
    for number, (kind, use, content) in enumerate(_SAMPLES, 1)
)
