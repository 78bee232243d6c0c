"""Lessons as they are published: one self-contained document per language. Pure.

A published lesson shows framework texts (tactics, signs, contacts, sources …). They are copied into
its document here, so that a version says for ever what it said on its day, and a changed contact
makes a new version of just those lessons that show it. Markdown stays Markdown: how it is drawn may
improve without a new version. Shapes are described in docs/reference/published-lessons.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from course.framework.schema import (
    LANGUAGES,
    Confounder,
    Contact,
    Framework,
    Indicator,
    Palermo,
    Response,
    Stage,
    Tactic,
)
from modules.markup import SIGNPOST, Block, Part, Step, cited_in
from modules.schema import LessonText, ModuleContent

T = TypeVar("T")
Json = dict[str, Any]
NO_NOTE = "none"
PALERMO_PARTS = ("act", "means", "purpose")


def in_language(text: Mapping[Any, T], language: str) -> T:
    """The text in `language`, else in the first language it has: a reader is never left alone."""
    if language in text:
        return text[language]
    return next(text[one] for one in LANGUAGES if one in text)


def compile_module(content: ModuleContent) -> Json:
    """What the outline says of a module: its texts by language, and its lessons in order."""
    module = content.module
    return {
        "key": module.key,
        "stage": module.stage or "",
        "title": dict(module.title),
        "summary": dict(module.summary),
        "outcomes": {language: list(lines) for language, lines in module.outcomes.items()},
        "lessons": [_outline_of(content, key) for key in module.lessons],
    }


def _outline_of(content: ModuleContent, key: str) -> Json:
    texts = content.lessons[key]
    return {
        "key": key,
        "minutes": max(text.front.minutes for text in texts.values()),
        "steps": max(len(text.steps) for text in texts.values()),
        "title": {language: text.front.title for language, text in texts.items()},
        "summary": {language: text.front.summary for language, text in texts.items()},
    }


def compile_lesson(framework: Framework, texts: Mapping[str, LessonText]) -> Json:
    """One lesson in all its languages."""
    front = next(iter(texts.values())).front
    return {
        "key": front.key,
        "minutes": max(text.front.minutes for text in texts.values()),
        "teaches": {
            "tactics": list(front.tactics),
            "indicators": list(front.indicators),
            "confounders": list(front.confounders),
            "responses": list(front.responses),
        },
        "texts": {
            language: Compiler(framework, language).lesson(text) for language, text in texts.items()
        },
    }


class Compiler:
    """Writes one lesson in one language, and remembers which sources it has cited so far."""

    def __init__(self, framework: Framework, language: str) -> None:
        self.framework = framework
        self.language = language
        self.cited: list[str] = []

    def lesson(self, text: LessonText) -> Json:
        """A whole lesson in this language."""
        front = text.front
        steps = [self.step(step) for step in text.steps]
        return {
            "title": front.title,
            "summary": front.summary,
            "content_note": "" if front.content_note == NO_NOTE else front.content_note,
            "translation": front.translation,
            "steps": steps,
            "sources": [self.source(key) for key in self.cited],
        }

    def step(self, step: Step) -> Json:
        """One screen."""
        blocks = [self.block(block) for block in step.blocks]
        return {"title": step.title, "blocks": blocks}

    def block(self, block: Block) -> Json:
        """The block's own texts, then what it shows of the framework."""
        self.cite(block.body, *(part.body for part in block.parts))
        made = {"kind": block.kind, "text": block.body}
        return made | _SHAPES[block.kind](self, block)

    # --- citations ------------------------------------------------------------------------------

    def cite(self, *texts: str) -> None:
        """Remember the sources that these texts cite."""
        for text in texts:
            self.sources(cited_in(text))

    def sources(self, keys: Iterable[str]) -> list[str]:
        """Remember that these are cited, in order of first appearance."""
        kept = [key for key in keys if key != SIGNPOST]
        self.cited += [key for key in dict.fromkeys(kept) if key not in self.cited]
        return kept

    def source(self, key: str) -> Json:
        """What the list of sources prints of one."""
        source = self.framework.sources[key]
        return {
            "key": key,
            "title": source.title,
            "authors": source.authors,
            "year": source.year,
            "kind": source.kind,
            "url": source.url,
            "read": source.read,
            "extent": source.extent,
            "supports": self.say(source.supports),
        }

    # --- framework texts ------------------------------------------------------------------------

    def say(self, text: Mapping[Any, T] | None) -> T | str:
        """The text in this language; "" for none."""
        return in_language(text, self.language) if text else ""

    def label(self, group: str, key: str) -> str:
        """The vocabulary's word for a code."""
        term = self.framework.vocabulary.get(f"{group}/{key}")
        return str(self.say(term.label)) if term else key

    def palermo(self, palermo: Palermo) -> dict[str, list[str]]:
        """Act, means and purpose in words."""
        return {
            part: [self.label(f"palermo-{part}", key) for key in getattr(palermo, part)]
            for part in PALERMO_PARTS
        }

    def stage(self, stage: Stage) -> Json:
        """A stage."""
        return {
            "key": stage.key,
            "name": self.say(stage.name),
            "short_name": self.say(stage.short_name),
            "summary": self.say(stage.summary),
            "worker_lens": self.say(stage.worker_lens),
            "palermo": self.palermo(stage.palermo),
            "sources": self.sources(stage.sources),
        }

    def stages(self) -> list[Json]:
        """All stages in order."""
        ordered = sorted(self.framework.stages.values(), key=lambda stage: stage.order)
        return [self.stage(stage) for stage in ordered]

    def tactic(self, tactic: Tactic) -> Json:
        """A tactic."""
        return {
            "key": tactic.key,
            "name": self.say(tactic.name),
            "stage": tactic.stage,
            "stage_name": self.say(self.framework.stages[tactic.stage].short_name),
            "worker_may_see": self.say(tactic.worker_may_see),
            "why_it_works": self.say(tactic.why_it_works),
            "sources": self.sources(tactic.sources),
        }

    def sign(self, sign: Indicator) -> Json:
        """A sign with its published strength and its weight in the course."""
        palermo = self.palermo(sign.palermo)
        return {
            "key": sign.key,
            "text": self.say(sign.text),
            "strength": sign.strength,
            "strength_label": self.label("strength", sign.strength),
            "weight": sign.course_weight,
            "weight_label": self.label("strength", sign.course_weight),
            "dimension_label": self.label("ilo-dimension", sign.ilo_dimension),
            "how_known_label": self.label("how-known", sign.how_known),
            "seen_in": [self.label("setting", key) for key in sign.observed_in],
            "palermo": [term for part in PALERMO_PARTS for term in palermo[part]],
            "explanations": list(self.say(sign.innocent_explanations)),
            "sources": self.sources(sign.sources),
        }

    def signs_of(self, tactic: str) -> list[Json]:
        """Every sign of one tactic."""
        signs = self.framework.indicators.values()
        return [self.sign(sign) for sign in signs if sign.tactic == tactic]

    def myth(self, myth: Confounder) -> Json:
        """A belief or look-alike."""
        return {
            "key": myth.key,
            "kind": myth.kind,
            "sign_or_myth": self.say(myth.sign_or_myth),
            "why_people_believe_it": self.say(myth.why_people_believe_it),
            "what_is_so": self.say(myth.what_is_so),
            "sources": self.sources(myth.sources),
        }

    def claim(self, key: str) -> Json:
        """A statement with its certainty."""
        claim = self.framework.claims[key]
        return {
            "key": key,
            "statement": self.say(claim.statement),
            "certainty": claim.certainty,
            "certainty_label": self.label("certainty", claim.certainty),
            "caveat": self.say(claim.caveat),
            "full_paper_read": claim.full_paper_read,
            "sources": self.sources(claim.sources),
        }

    def response(self, response: Response) -> Json:
        """What to do and what not to do."""
        return {
            "key": response.key,
            "title": self.say(response.title),
            "when": self.say(response.when),
            "steps": [{"who": self.say(s.who), "what": self.say(s.what)} for s in response.steps],
            "do": list(self.say(response.do)),
            "do_not": list(self.say(response.do_not)),
            "status": response.status,
            "sources": self.sources(response.sources),
        }

    def contact(self, contact: Contact) -> Json:
        """A contact, with when it was checked."""
        return {
            "key": contact.key,
            "name": self.say(contact.name),
            "number": contact.number,
            "other": contact.other,
            "hours": self.say(contact.hours),
            "use_for": self.say(contact.use_for),
            "kind": contact.kind,
            "is_enforcement_body": contact.is_enforcement_body,
            "needs_consent": contact.needs_consent,
            "date_of_source": contact.date_of_source,
            "date_checked": contact.date_checked.isoformat(),
            "tested_by_calling": contact.tested_by_calling,
            "unsourced_reason": self.say(contact.unsourced_reason),
            "sources": self.sources(contact.sources),
        }


# --- the shape of each block --------------------------------------------------------------------


def _part(part: Part) -> Json:
    return {"label": part.label, "text": part.body}


def _plain(_compiler: Compiler, _block: Block) -> Json:
    return {}


def _case(_compiler: Compiler, block: Block) -> Json:
    title = block.attributes.get("title", "")
    return {"title": title, "parts": [_part(part) for part in block.parts]}


def _contrast(_compiler: Compiler, block: Block) -> Json:
    first, second, difference = block.parts
    return {
        "title": block.attributes.get("title", ""),
        "a": _side(first),
        "b": _side(second),
        "difference": {"text": difference.body},
    }


def _side(part: Part) -> Json:
    """`=== A: Sari` is shown as “Sari”."""
    return {"label": part.label.partition(":")[2].strip() or part.label, "text": part.body}


def _check(_compiler: Compiler, block: Block) -> Json:
    return {"options": [_part(part) | {"right": bool(part.right)} for part in block.parts]}


def _explain(compiler: Compiler, block: Block) -> Json:
    return {"sign": compiler.sign(compiler.framework.indicators[block.attributes["sign"]])}


def _heavy(_compiler: Compiler, block: Block) -> Json:
    return {
        "note": block.attributes.get("note", ""),
        "fiction": block.attributes.get("fiction") == "yes",
        "softer": {"text": block.parts[0].body},
    }


def _stagemap(compiler: Compiler, block: Block) -> Json:
    return {"focus": block.attributes.get("focus", ""), "stages": compiler.stages()}


def _crosswalk(compiler: Compiler, _block: Block) -> Json:
    return {"stages": compiler.stages()}


def _tactic(compiler: Compiler, block: Block) -> Json:
    return {"tactic": compiler.tactic(compiler.framework.tactics[block.attributes["key"]])}


def _signs(compiler: Compiler, block: Block) -> Json:
    key = block.attributes["tactic"]
    name = compiler.say(compiler.framework.tactics[key].name)
    return {"tactic": {"key": key, "name": name}, "signs": compiler.signs_of(key)}


def _sign(compiler: Compiler, block: Block) -> Json:
    return {"sign": compiler.sign(compiler.framework.indicators[block.attributes["key"]])}


def _myth(compiler: Compiler, block: Block) -> Json:
    return {"myth": compiler.myth(compiler.framework.confounders[block.attributes["key"]])}


def _claim(compiler: Compiler, block: Block) -> Json:
    return {"claim": compiler.claim(block.attributes["key"])}


def _response(compiler: Compiler, block: Block) -> Json:
    return {"response": compiler.response(compiler.framework.responses[block.attributes["key"]])}


def _referral(compiler: Compiler, block: Block) -> Json:
    keys = block.attributes["contacts"].split(",")
    return {
        "response": compiler.response(compiler.framework.responses[block.attributes["topic"]]),
        "contacts": [compiler.contact(compiler.framework.contacts[key.strip()]) for key in keys],
    }


_SHAPES: dict[str, Callable[[Compiler, Block], Json]] = {
    "prose": _plain,
    "facts": _plain,
    "key": _plain,
    "think": _plain,
    "case": _case,
    "contrast": _contrast,
    "check": _check,
    "explain": _explain,
    "heavy": _heavy,
    "stagemap": _stagemap,
    "crosswalk": _crosswalk,
    "tactic": _tactic,
    "signs": _signs,
    "sign": _sign,
    "myth": _myth,
    "claim": _claim,
    "response": _response,
    "referral": _referral,
}
