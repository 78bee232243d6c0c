"""Faults in sources, words, languages and coverage, each with the rule that must find it."""

from __future__ import annotations

from tests.course.framework.planting import FRAMEWORK, Fault
from tests.modules.faults import CARE, DIFFERS, JOURNEY, MOVEMENT, PERJALANAN, fault

CITATIONS = [
    fault(
        "uncited-statement",
        JOURNEY,
        "## Moving",
        "Both come",
        "Many move.\n\nBoth come",
        by="cited_statements",
    ),
    fault(
        "uncited-statement",
        JOURNEY,
        "Tomorrow,",
        " [@who-2003]",
        "",
        at="- Find",
        also=("uncited-statement", "uncited-statement", "sources-differ"),
        by="cited_statements",
    ),
    fault(
        "cited-fiction",
        JOURNEY,
        "::: case",
        "Your group",
        "Your [@course] group",
        by="uncited_fiction",
    ),
    fault(
        "unknown-source",
        JOURNEY,
        "Both come",
        "@wiki-seed",
        "@wiki-weed",
        also=("sources-differ",),
        by="known_sources",
    ),
    fault(
        "citation-shape",
        JOURNEY,
        "Both come",
        "[@wiki-seed]",
        "[@Wiki] [@wiki-seed]",
        by="well_formed_citations",
    ),
    fault(
        "own-judgement",
        JOURNEY,
        "Tomorrow,",
        "Tomorrow,",
        "So it is. [@kenali-judgement]\n\n" * 12 + "Tomorrow,",
        line=1,
        also=("sources-differ",),
        by="little_judgement",
    ),
    fault(
        "too-many-signposts",
        JOURNEY,
        "Tomorrow,",
        "Tomorrow,",
        "So we go on. [@course]\n\n" * 9 + "Tomorrow,",
        line=1,
        by="little_judgement",
    ),
]
WORDS = [
    fault(
        "long-sentence", JOURNEY, "Both come", "Both", f"Is it{' so' * 29}?\n\nBoth", by="readable"
    ),
    fault(
        "long-sentence",
        PERJALANAN,
        "key:",
        "summary: ",
        f"summary: Jadi{' itu' * 32}. ",
        by="readable",
    ),
    fault(
        "long-sentence",
        MOVEMENT,
        "summary:",
        "en: ",
        f"en: It is{' so' * 29}. ",
        by="readable_modules",
    ),
    fault(
        "forbidden-wording",
        MOVEMENT,
        "outcomes:",
        "- Explain",
        "- Meet hookers and explain",
        by="safe_wording",
    ),
    fault(
        "forbidden-wording", JOURNEY, "Six adults", "Six adults", "Six illegals", by="safe_wording"
    ),
    fault(
        "forbidden-wording",
        JOURNEY,
        "## Moving",
        "Moving people",
        "How to smuggle",
        by="safe_wording",
    ),
    fault("minor-in-scene", JOURNEY, "Six adults", "Dara, 27,", "Dara, 17,", by="adults_only"),
    fault("minor-in-scene", PERJALANAN, "Enam orang", "Dara, 27.", "Dara, 15.", by="adults_only"),
    fault(
        "number-to-call",
        JOURNEY,
        "Ask Dara",
        "One number",
        "One number (15999)",
        by="no_numbers_to_call",
    ),
    fault(
        "number-to-call",
        JOURNEY,
        "Ask Dara",
        "One number",
        "One number, 03-2615 8697,",
        by="no_numbers_to_call",
    ),
    *(
        fault("not-in-lessons", JOURNEY, "Both come", "Both", f"{text} Both", by="plain_markdown")
        for text in ("<b>x</b>", "`x`", "https://x.example", "www.x.example")
    ),
    *(
        fault(
            "not-in-lessons", JOURNEY, "Both come", "Both", f"{text}\n\nBoth", by="plain_markdown"
        )
        for text in ("|Why| How?", "#### Why?", "# Why?", "##Why?", "![x] Why?")
    ),
]
LANGUAGES = [
    fault(
        "missing-language",
        CARE,
        "title:",
        "  ms: Menjaga diri",
        None,
        at="title:",
        by="complete_languages",
    ),
    fault(
        "uneven-languages",
        CARE,
        "outcomes:",
        "  - Menjaga had yang",
        None,
        at="outcomes:",
        by="complete_languages",
    ),
    fault(
        "translation-line",
        PERJALANAN,
        "key:",
        "draft, awaiting review by a native speaker",
        "original",
        by="honest_translation",
    ),
    fault("languages-differ", PERJALANAN, "key:", "minutes: 9", "minutes: 8", by="same_front"),
    fault(
        "languages-differ",
        PERJALANAN,
        "key:",
        "[managed-travel, handover]",
        "[handover, managed-travel]",
        by="same_front",
    ),
    fault(
        "languages-differ",
        PERJALANAN,
        "::: claim",
        "key=transit-three-countries",
        "key=journey-tactics",
        by="same_blocks",
    ),
    fault(
        "languages-differ",
        PERJALANAN,
        "::: claim",
        "::: claim key=transit-three-countries",
        "::: claim key=journey-tactics\n:::\n::: claim key=transit-three-countries",
        by="same_blocks",
    ),
    fault(
        "languages-differ",
        PERJALANAN,
        "::: case",
        "=== Apa yang biasa di sini?",
        "",
        at="::: case",
        by="same_blocks",
    ),
    fault(
        "languages-differ",
        PERJALANAN,
        "::: check",
        "=== [ ] Minta",
        "=== [x] Minta",
        by="same_blocks",
    ),
    fault(
        "languages-differ",
        PERJALANAN,
        "Tanya Dara",
        "::: key",
        "## Kunci\n::: key",
        at="## Kunci",
        by="same_blocks",
    ),
    fault(
        "sources-differ",
        PERJALANAN,
        "## Memindahkan",
        "@wiki-seed",
        "@tip-2018",
        at="## Memindahkan",
        by="same_sources",
    ),
    fault(
        "not-translated",
        PERJALANAN,
        "Tanya Dara",
        "Tanya Dara apa yang selamat untuk dibawa. "
        "Satu nombor yang dihafal mungkin lebih selamat daripada kad.",
        "Ask Dara what is safe to carry. One number learned by heart may be safer than a card.",
        by="translated",
    ),
    fault(
        "languages-differ",
        PERJALANAN,
        "Esok, buat",
        "::: think",
        "::: think\nMengapa?\n:::\n:::  think",
        at=":::  think",
        by="same_blocks",
    ),
]
NEW_CLAIM = (
    "  - {key: new-claim, certainty: low, statement: {en: A, ms: B}, caveat: {en: A, ms: B}, "
    "full_paper_read: false, sources: [wiki-seed]}\n  - key: three-stages"
)
COVERAGE = [
    Fault(
        "not-taught",
        f"{FRAMEWORK}/claims.yaml",
        "claims:",
        "  - key: three-stages",
        NEW_CLAIM,
        by="everything_taught",
    ),
    fault(
        "listed-not-shown",
        JOURNEY,
        "key:",
        "[mixed-couple",
        "[tattoo, mixed-couple",
        also=DIFFERS,
        by="listed_is_shown",
    ),
]
FOUND_IN_WORDS = [*CITATIONS, *WORDS, *LANGUAGES, *COVERAGE]
