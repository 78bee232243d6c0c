"""One short case and one question: should this raise a concern? With optional confidence. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Literal, TypeVar

from course.framework.schema import Key, Language, Strict
from quizzes.kinds.common import (
    Confidence,
    Feedback,
    InvalidResponse,
    Item,
    Kind,
    Material,
    Outcome,
    Response,
    Scored,
    Told,
    Vignette,
    feedback_of,
    head_shown,
    scored_texts,
    shaped,
    summed,
    trial_of,
)

WHOLE = "case"  # the part id of the one vignette


class VignetteItem(Item):
    """An item with one vignette."""

    material: Material = "note"
    vignette: Vignette

    @property
    def role(self) -> str:
        """The role of its text, which has its own limits."""
        return "message" if self.material == "message" else "vignette"

    def scored(self) -> Iterator[tuple[str, Scored]]:
        """The vignette."""
        yield WHOLE, self.vignette

    def texts(self) -> Iterator[Told]:
        """The vignette and its feedback."""
        yield from scored_texts(("vignette",), self.vignette, self.role)


class VerdictItem(VignetteItem):
    """A vignette; its twin is the same scene with the deciding fact changed."""

    kind: Literal["verdict"]
    twin: Key | None = None


class Verdict(Strict):
    """Yes, no or no answer, and how sure."""

    concern: bool | None
    confidence: Confidence | None = None


V = TypeVar("V", bound=VignetteItem)


class VignetteKind(Kind[V], Generic[V]):
    """Answer: `{"concern": true | false | null, "confidence": 50 | 65 | 80 | 95 | null}`.

    `concern` null is a skip: it is no answer for the counts, and wrong for the credit.
    """

    def validate(self, item: V, response: object) -> Response | InvalidResponse:
        """Confidence without an answer says nothing and is dropped."""
        del item  # every vignette is answered alike
        answer = shaped(Verdict, response)
        if isinstance(answer, InvalidResponse):
            return answer
        return verdict_response(answer)

    def score(self, item: V, response: Response | None) -> Outcome:
        """1 for the right answer, 0 for a wrong one and for none."""
        concern = response["concern"] if response else None
        confidence = response["confidence"] if response else None
        right = concern is not None and concern == (item.vignette.kind == "signal")
        return Outcome(
            credit=float(right),
            trials=(trial_of(item, WHOLE, item.vignette, flagged=concern, confidence=confidence),),
            answered=concern is not None,
        )

    def feedback(self, item: V, response: Response | None) -> Feedback:
        """One part: the vignette."""
        concern = response["concern"] if response else None
        part = feedback_of(item, WHOLE, item.vignette, flagged=concern)
        return summed([part], signs=int(item.vignette.kind == "signal"))

    def shown(
        self,
        item: V,
        language: Language,
        *,
        seed: str = "",  # noqa: ARG002 - nothing to shuffle
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """The text of the vignette."""
        return head_shown(item, language, material=item.material, text=item.vignette.text[language])


def verdict_response(answer: Verdict) -> Response:
    """The normal form of one yes/no answer."""
    return {
        "concern": answer.concern,
        "confidence": None if answer.concern is None else answer.confidence,
    }


class VerdictKind(VignetteKind[VerdictItem]):
    """Yes/no vignettes."""

    name = "verdict"
    model = VerdictItem
