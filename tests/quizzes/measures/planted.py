"""Wrong implementations that somebody could really write: one changed place in one module each."""

from __future__ import annotations

from typing import NamedTuple


class Planted(NamedTuple):
    """`old` occurs once in the module and is replaced by `new`."""

    fault: str
    module: str
    old: str
    new: str


PLANTED = [
    # --- signal detection
    Planted(
        "n + 1.5 in place of n + 1 (the R packages' trap)",
        "limits",
        "CORRECTION_TRIALS: Final = 1.0",
        "CORRECTION_TRIALS: Final = 1.5",
    ),
    Planted(
        "correction at the extremes only",
        "signal",
        "    return (part + limits.CORRECTION) / (whole + limits.CORRECTION_TRIALS)",
        "    if 0 < part < whole:\n        return part / whole\n"
        "    return (part + limits.CORRECTION) / (whole + limits.CORRECTION_TRIALS)",
    ),
    Planted(
        "no correction of the rates that are shown in the variance",
        "signal",
        "return rate * rest / (whole * special.normal_density(z) ** 2)",
        "return (part / whole) * (1 - part / whole) / (whole * special.normal_density(z) ** 2)",
    ),
    Planted(
        "the variance divides by n + 1",
        "signal",
        "return rate * rest / (whole * special.normal_density(z) ** 2)",
        "return rate * rest / ((whole + 1) * special.normal_density(z) ** 2)",
    ),
    Planted(
        "d' is never negative",
        "signal",
        "    error = math.sqrt(variance)\n",
        "    error = math.sqrt(variance)\n    dprime = max(0.0, dprime)\n",
    ),
    Planted(
        "c with the wrong sign",
        "signal",
        "dprime, c = z_hit - z_fa, -(z_hit + z_fa) / 2\n    variance",
        "dprime, c = z_hit - z_fa, (z_hit + z_fa) / 2\n    variance",
    ),
    Planted(
        "SE(c) as large as SE(d')",
        "signal",
        'result["se_dprime"], result["se_c"] = error, error / 2',
        'result["se_dprime"], result["se_c"] = error, error',
    ),
    Planted(
        "errors of two measurements added without squares",
        "signal",
        'math.hypot(first["se_dprime"] or 0.0, second["se_dprime"] or 0.0)',
        '(first["se_dprime"] or 0.0) + (second["se_dprime"] or 0.0)',
    ),
    Planted(
        "one-sided z in the 95 % interval",
        "limits",
        "Z95: Final = 1.959964",
        "Z95: Final = 1.644854",
    ),
    Planted(
        "95 % where the bias label wants 90 %",
        "limits",
        "Z90: Final = 1.644854",
        "Z90: Final = 1.959964",
    ),
    Planted(
        "repeated exposures are counted",
        "signal",
        'first = checks.count(trial["exposure"], "exposure") == 1',
        'first = checks.count(trial["exposure"], "exposure") >= 1',
    ),
    Planted(
        "answers with a hint are counted",
        "signal",
        'trial["flagged"] is not None and not trial["hint_used"]',
        'trial["flagged"] is not None',
    ),
    Planted(
        "no answer counts as a miss",
        "signal",
        'trial["flagged"] is not None and not trial["hint_used"]',
        'not trial["hint_used"]',
    ),
    Planted(
        "an unflagged trial is rated as if flagged",
        "signal",
        'confidence if trial["flagged"] else -confidence',
        "confidence",
    ),
    Planted(
        "ties lose in the ROC area",
        "moments",
        "doubled += ups * (2 * below + downs)",
        "doubled += ups * (2 * below)",
    ),
    # --- intervals
    Planted(
        "Wilson's centre without its shift",
        "intervals",
        "centre = (p + z * z / (2 * n)) / scale",
        "centre = p",
    ),
    Planted(
        "Wilson with a continuity correction",
        "intervals",
        "half = z / scale * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))",
        "half = z / scale * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) + 1 / (2 * n)",
    ),
    Planted(
        "one-sided critical value",
        "special",
        "return -normal_quantile((1.0 - confidence) / 2.0)",
        "return -normal_quantile(1.0 - confidence)",
    ),
    Planted(
        "Newcombe's ends paired the wrong way",
        "intervals",
        "low=p1 - p2 - math.hypot(p1 - low1, high2 - p2)",
        "low=p1 - p2 - math.hypot(high1 - p1, p2 - low2)",
    ),
    # --- items
    Planted(
        "KR-20 with mixed variances (n under pq, n - 1 under the total)",
        "items",
        "variance, average = population_variance(totals), mean(totals)",
        "variance, average = sample_variance(totals), mean(totals)",
    ),
    Planted(
        "population in place of sample standard deviation",
        "moments",
        "return math.fsum(d * d for d in _deviations(values)) / (len(values) - 1)",
        "return math.fsum(d * d for d in _deviations(values)) / len(values)",
    ),
    Planted(
        "Feldt's degrees of freedom swapped",
        "items",
        "[1 - (1 - alpha) * special.f_quantile(p, d1, d2) for p in (0.975, 0.025)]",
        "[1 - (1 - alpha) * special.f_quantile(p, d2, d1) for p in (0.975, 0.025)]",
    ),
    Planted(
        "discrimination with the item inside the total",
        "items",
        "item_rest_r=correlation(column, rest)",
        "item_rest_r=correlation(column, totals_of(columns))",
    ),
    Planted(
        "a negative alpha is cut off at 0",
        "items",
        "return k / (k - 1) * (1 - math.fsum(v or 0.0 for v in variances) / total_variance)",
        "alpha = k / (k - 1) * (1 - math.fsum(v or 0.0 for v in variances) / total_variance)\n"
        "    return max(0.0, alpha)",
    ),
    Planted(
        "excess kurtosis by moments and not by k statistics",
        "moodle",
        "return skewness, k4 / (k2 * k2)",
        "return skewness, m4 / (m2 * m2) - 3",
    ),
    Planted(
        "ties at the boundary of a group all count in full",
        "groups",
        "1.0 if t > boundary else at_boundary if t == boundary else 0.0",
        "1.0 if t >= boundary else 0.0",
    ),
    Planted(
        "whoever stands first among the tied gets the place",
        "groups",
        "    at_boundary = (size - above) / ranked.count(boundary)\n",
        "    chosen = sorted(range(len(ranked)), key=lambda i: -ranked[i])[:size]\n"
        "    return [float(i in chosen) for i in range(len(ranked))]\n",
    ),
    # --- confidence
    Planted(
        "calibration gap between whole sample and level",
        "confidence",
        'resolution=math.fsum(v["n"] * (v["accuracy"] - accuracy) ** 2',
        'resolution=math.fsum(v["n"] * (v["level"] - accuracy) ** 2',
    ),
    Planted(
        "bins are not weighted by their size",
        "confidence",
        "ece=math.fsum(n * gap for n, gap in gaps) / len(given)",
        "ece=math.fsum(gap for n, gap in gaps) / len(gaps)",
    ),
    Planted(
        "the tie of certainty goes up",
        "certainty",
        "(p > limits.CBM_LEVEL_3_ABOVE)",
        "(p + 1e-9 >= limits.CBM_LEVEL_3_ABOVE)",
    ),
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
