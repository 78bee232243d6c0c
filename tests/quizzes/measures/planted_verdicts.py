"""More wrong implementations, of credit, gain, verdicts and schedule; see `planted`."""

from __future__ import annotations

from tests.quizzes.measures.planted import Planted

VERDICTS = [
    # --- credit
    Planted(
        "highlight credit without the false alarms",
        "highlight",
        "points = max(0, hits - false_alarms) if n_key else int(false_alarms == 0)",
        "points = hits if n_key else int(false_alarms == 0)",
    ),
    Planted(
        "highlight credit without its floor",
        "highlight",
        "points = max(0, hits - false_alarms) if n_key",
        "points = hits - false_alarms if n_key",
    ),
    Planted(
        "touching a segment marks it",
        "highlight",
        "covered >= limits.MARKED_FROM_SHARE * (end - start)",
        "covered > 0",
    ),
    Planted(
        "overlapping drags count twice",
        "highlight",
        "    stretches = _union(selections, len(text))\n",
        "    stretches = [(min(s), max(s)) for s in selections]\n",
    ),
    Planted(
        "the panel's votes excuse a harmful choice",
        "credit",
        "if choice is not None and choice in harmful:",
        "if choice is not None and choice in harmful and not votes.get(choice):",
    ),
    Planted(
        "the midpoint counts as agreeing",
        "credit",
        "_side(rating, midpoint) == side",
        "_side(rating, midpoint) in (side, 0)",
    ),
    Planted(
        "tau counts every pair twice",
        "credit",
        "for first, second in combinations(sorted(key_rank, key=lambda e: key_rank[e]), 2):",
        "for first, second in [*combinations(sorted(key_rank, key=lambda e: key_rank[e]), 2)] * 2:",
    ),
    Planted(
        "tau over tied pairs too",
        "credit",
        "        if key_rank[first] == key_rank[second]:\n            continue\n",
        "",
    ),
    Planted(
        "urgent reports cost the same either way",
        "limits",
        "TRIAGE_UNDER_WEIGHT: Final = 2",
        "TRIAGE_UNDER_WEIGHT: Final = 1",
    ),
    Planted(
        "weighted kappa without its chance term",
        "credit",
        "return None if by_chance == 0 else 1 - observed / by_chance",
        "return None if by_chance == 0 else 1 - observed / (9 * n * n)",
    ),
    # --- gain
    Planted(
        "Hake's g as mean of personal gains",
        "gain",
        "hake_g=_hake(mean_pre, mean_post)",
        "hake_g=mean([(b - a) / (100 - a) for a, b in zip(before, after) if a < 100])",
    ),
    Planted(
        "normal in place of t interval",
        "gain",
        "half = special.t_quantile(0.975, n - 1) * spread / math.sqrt(n)",
        "half = limits.Z95 * spread / math.sqrt(n)",
    ),
    Planted(
        "one-sided t",
        "gain",
        "special.t_quantile(0.975, n - 1)",
        "special.t_quantile(0.95, n - 1)",
    ),
    Planted(
        "d_av with the spread of the gains",
        "gain",
        "cohen_dav=ratio(gained, average_sd)",
        "cohen_dav=ratio(gained, sample_sd(gains) or 0.0)",
    ),
    Planted(
        "a loss measured by what could be gained",
        "gain",
        "possible = PERCENT - first if second > first else first",
        "possible = PERCENT - first",
    ),
    Planted(
        "reliable change without √2",
        "gain",
        "ratio(change, error * math.sqrt(2.0))",
        "ratio(change, error)",
    ),
    # --- mastery
    Planted(
        "the posterior without its prior",
        "mastery",
        "above_floor = special.beta_sf(floor, 1 + successes, 1 + n - successes)",
        "above_floor = special.beta_sf(floor, successes or 1, n - successes or 1)",
    ),
    Planted(
        "mastery by the observed share alone",
        "mastery",
        "if successes / n >= cut and above_floor >= wanted:",
        "if successes / n >= cut:",
    ),
    Planted(
        "mastery by the posterior alone",
        "mastery",
        "if successes / n >= cut and above_floor >= wanted:",
        "if above_floor >= wanted:",
    ),
    Planted(
        "false alarms do not matter to a stage",
        "mastery",
        "    both = {found, left_alone}\n",
        "    both = {found}\n",
    ),
    Planted(
        "the certificate averages the stages' misses away",
        "mastery",
        '        *(f"stage:{name}" for name, state in verdicts.items() if state == NOT_YET),\n',
        "",
    ),
    Planted(
        "no critical error is forgiven",
        "limits",
        "CERTIFICATE_MAX_CRITICAL_ERRORS: Final = 1",
        "CERTIFICATE_MAX_CRITICAL_ERRORS: Final = 0",
    ),
    Planted(
        "judges' error divided by n and not by √n",
        "mastery",
        "se=None if spread is None else spread / math.sqrt(len(rows))",
        "se=None if spread is None else spread / len(rows)",
    ),
    # --- keys
    Planted(
        "Fleiss' kappa without its chance term",
        "keys",
        "ratio(agreement - by_chance, 1 - by_chance)",
        "agreement",
    ),
    Planted(
        "chance as for equally popular categories",
        "keys",
        "by_chance = math.fsum(share * share for share in shares)",
        "by_chance = 1 / len(shares)",
    ),
    Planted(
        "predictive value without the base rate",
        "keys",
        "true_alarms, false_alarms = se * base, (1 - sp) * (1 - base)",
        "true_alarms, false_alarms = se, 1 - sp",
    ),
    Planted(
        "an even panel makes a key",
        "limits",
        "KEY_FROM: Final = 0.80",
        "KEY_FROM: Final = 0.50",
    ),
    # --- gates, words, schedule
    Planted(
        "one of two counts is enough",
        "gates",
        "return all(count >= bound",
        "return any(count >= bound",
    ),
    Planted(
        "completion of four people is shown",
        "limits",
        '"completion_rate": Gate(("n",), (5,), (20,))',
        '"completion_rate": Gate(("n",), (4,), (20,))',
    ),
    Planted(
        "the remainder of a filter betrays a person",
        "gates",
        "if state == HIDE or 0 < left_out < limits.SMALL_GROUP_BELOW:",
        "if state == HIDE:",
    ),
    Planted(
        "who is still on the course is taken as finished",
        "gates",
        "tally.setdefault(day, [0, 0])[1 - done] += 1",
        "tally.setdefault(day, [0, 0])[0] += 1",
    ),
    Planted(
        "who left today is not at risk today",
        "gates",
        "share *= (at_risk - done) / at_risk",
        "share *= (at_risk - censored - done) / (at_risk - censored)",
    ),
    Planted(
        "39 of 40 is called 10 of 10",
        "wording",
        '        return _lay("per10", num=9, qualifier="more_than")\n',
        '        return _lay("per10", num=10, qualifier="about")\n',
    ),
    Planted(
        "an easy answer sends a tactic away",
        "schedule",
        'return RefresherRating(rating="good" if fluent else "hard")',
        'good = "easy" if credit == 1 else "good"\n'
        '    return RefresherRating(rating=good if fluent else "hard")',
    ),
    Planted(
        "intervals beyond four months",
        "limits",
        "FSRS_MAX_INTERVAL_DAYS: Final = 120",
        "FSRS_MAX_INTERVAL_DAYS: Final = 36500",
    ),
    Planted(
        "a late review is scheduled as if it had been on time",
        "schedule",
        "card, line = _reviewed(scheduler, card, rating, card.due + late)",
        "card, line = _reviewed(scheduler, card, rating, card.due)",
    ),
    Planted(
        "the library's learning steps stay on",
        "schedule",
        '    "learning_steps_seconds": (),\n    "relearning',
        '    "learning_steps_seconds": (60, 600),\n    "relearning',
    ),
    # --- item response theory
    Planted(
        "every item its own slope in the Rasch model",
        "irt",
        "_fit(patterns, [range(len(model.slopes))], model)",
        "_fit(patterns, [[i] for i in range(len(model.slopes))], model)",
    ),
    Planted(
        "easiness in place of difficulty",
        "irt",
        "difficulty=[-d / a for a, d in zip(*model, strict=True)]",
        "difficulty=[d / a for a, d in zip(*model, strict=True)]",
    ),
]
