"""The framework to look things up in: pages made like lessons, from the same blocks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from course.framework.schema import Framework
from modules.compiling import Compiler

Json = dict[str, Any]


def compile_shelf(framework: Framework, kind: str, language: str) -> Json:
    """One page in one language: `steps` with blocks, and the sources they cite, as in a lesson."""
    compiler = Compiler(framework, language)
    steps = SHELVES[kind](compiler)
    return {"steps": steps, "sources": [compiler.source(key) for key in compiler.cited]}


def _block(kind: str, **content: Any) -> Json:
    return {"kind": kind, "text": "", **content}


def _signs(compiler: Compiler) -> list[Json]:
    """A step for each stage, in it each tactic with its signs."""
    steps = []
    for stage in sorted(compiler.framework.stages.values(), key=lambda one: one.order):
        blocks = []
        for tactic in compiler.framework.tactics.values():
            if tactic.stage == stage.key:
                shown = compiler.tactic(tactic)
                signs = compiler.signs_of(tactic.key)
                blocks.append(_block("tactic", tactic=shown))
                blocks.append(_block("signs", tactic=shown, signs=signs))
        steps.append({"title": compiler.say(stage.name), "blocks": blocks})
    return steps


def _beliefs(compiler: Compiler) -> list[Json]:
    myths = compiler.framework.confounders.values()
    return [{"title": "", "blocks": [_block("myth", myth=compiler.myth(one)) for one in myths]}]


def _steps(compiler: Compiler) -> list[Json]:
    responses = compiler.framework.responses.values()
    blocks = [_block("response", response=compiler.response(one)) for one in responses]
    return [{"title": "", "blocks": blocks}]


def _contacts(compiler: Compiler) -> list[Json]:
    contacts = [compiler.contact(one) for one in compiler.framework.contacts.values()]
    return [{"title": "", "blocks": [_block("contacts", contacts=contacts)]}]


def _certainty(compiler: Compiler) -> list[Json]:
    claims = compiler.framework.claims
    return [{"title": "", "blocks": [_block("claim", claim=compiler.claim(key)) for key in claims]}]


def _sources(compiler: Compiler) -> list[Json]:
    compiler.sources(compiler.framework.sources)
    return [{"title": "", "blocks": []}]


SHELVES: Mapping[str, Callable[[Compiler], list[Json]]] = {
    "signs": _signs,
    "beliefs": _beliefs,
    "steps": _steps,
    "contacts": _contacts,
    "certainty": _certainty,
    "sources": _sources,
}
