"""A micro item of a refresher: a verdict on one or two sentences, 20 to 40 seconds. Pure.

Its card is (tactic, sign or lure): every review of a card draws another item, so that people
practise the category and not the wording.
"""

from __future__ import annotations

from typing import Literal

from quizzes.kinds.verdict import VignetteItem, VignetteKind


class RefresherItem(VignetteItem):
    """A snippet of a note, chat or advert."""

    kind: Literal["refresher"]

    @property
    def role(self) -> str:
        """A micro item is shorter than a vignette."""
        return "micro"

    @property
    def card(self) -> tuple[str, Literal["signal", "noise"]]:
        """The refresher card this item belongs to; the tactic is empty when it is not known."""
        sign = self.vignette.indicator or self.vignette.imitates
        place = self.place_of(sign)
        return (place.tactic if place else "", self.vignette.kind)


class RefresherKind(VignetteKind[RefresherItem]):
    """Answered and scored like a verdict."""

    name = "refresher"
    model = RefresherItem
