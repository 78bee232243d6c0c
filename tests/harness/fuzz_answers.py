"""Throw random and spoilt answers at every kind of item, and compare with an oracle of its own.

`python -m tests.harness.fuzz_answers --posts 100000` (or `make fuzz`) is the long form; the suite
runs 2,000 posts. After each post exactly one of two things must be true: it was refused with a 4xx
and no row was written, or it was taken and one row holds the normal form of what was sent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

Json = Any
WORDS = ("a", "b", "s1", "s3", "case", "yes", "no", "true", "", "null", "n1/a", "urgent", "refer")
ODD = ("\x00", "\ud800", "💥" * 40, "../../etc", "<script>", "9" * 5000, "-1", "1e9", "NaN", "٣")
NAMES = ("marked", "cited", "chosen", "concern", "confidence", "reply", "answers", "ratings")
MORE_NAMES = ("order", "matches", "levels", "path", "wants", "x", "__proto__", "key", "answer")


def noise(rng: random.Random, depth: int = 0) -> Json:
    """Any JSON value at all."""
    simple = [None, True, False, 0, -1, 50, 80, 3.5, 10**40, rng.choice(WORDS), rng.choice(ODD)]
    if depth > 3 or rng.random() < 0.5:
        return rng.choice(simple)
    if rng.random() < 0.5:
        return [noise(rng, depth + 1) for _ in range(rng.randint(0, 5))]
    names = rng.choices(NAMES + MORE_NAMES + WORDS, k=rng.randint(0, 4))
    return {name: noise(rng, depth + 1) for name in names}


def spoilt(rng: random.Random, answer: Json) -> Json:
    """A good answer with one place changed, taken away or doubled; sometimes left as it is."""
    if rng.random() < 0.15:
        return answer
    changed = json.loads(json.dumps(answer))
    at: Json = changed
    while True:
        places = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not places:
            return changed
        place = rng.choice(places)
        inner = at[place]
        if isinstance(inner, dict | list) and inner and rng.random() < 0.6:
            at = inner
            continue
        way = rng.random()
        if way < 0.5:
            at[place] = noise(rng, 2)
        elif way < 0.75:
            del at[place]
        elif isinstance(at, list):
            at.append(inner)
        else:
            at[rng.choice(NAMES + WORDS)] = inner
        return changed


def form_body(rng: random.Random, fields: Json) -> bytes:
    """The fields of a good form, spoilt; characters that no text may hold are percent-encoded."""
    pairs = [
        (name, str(value))
        for name, values in fields.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    for _ in range(rng.randint(0, 3)):
        name = rng.choice(NAMES + MORE_NAMES + tuple(name for name, _ in pairs))
        pairs.append((name, str(rng.choice(WORDS + ODD))))
    if pairs and rng.random() < 0.4:
        pairs.pop(rng.randrange(len(pairs)))
    return urlencode(pairs, errors="surrogatepass").encode()


def key_of(rng: random.Random) -> str:
    """A fresh key, made from the seed, so that a run can be repeated."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def posts_of(rng: random.Random, item: Json, fields_of: Json, good: Json) -> Iterator[Json]:
    """(body, type of content, key) for ever; `good`: right and wrong answers to this item."""
    while True:
        key, way, answer = key_of(rng), rng.random(), rng.choice(good)
        if way < 0.15:
            yield json.dumps({"key": key, "answer": noise(rng)}).encode(), "application/json", key
        elif way < 0.2:
            yield json.dumps(noise(rng)).encode(), "application/json", None
        elif way < 0.25:
            cut = json.dumps({"key": key, "answer": answer}).encode()
            yield cut[: rng.randrange(len(cut))], "application/json", None
        elif way < 0.65:
            body = {"key": key, "answer": spoilt(rng, answer)}
            yield json.dumps(body).encode(), "application/json", key
        else:
            fields = {"key": key, **fields_of(answer)}
            if rng.random() < 0.05:
                fields = {"wants": "skip", "key": key}
            yield form_body(rng, fields), "application/x-www-form-urlencoded", None


class Broken(AssertionError):
    """What went wrong, with the post that did it."""


def judge(attempt: Json, position: int, item: Json, got: Json, post: Json, before: int) -> str:
    """Compare what was answered with what was written. Raises Broken; else a word for the tally."""
    from quizzes import kinds
    from quizzes.models import Response

    body, content_type, key = post
    rows = Response.objects.of_attempt(attempt)
    added = rows.count() - before
    status = got.status_code
    problem = f"{item.kind}: {status}, {added} rows after {content_type} {body[:400]!r}"
    if 400 <= status < 500:
        if added:
            raise Broken(problem)
        return f"refused {status}"
    if status not in {200, 303} or added not in {0, 1}:
        raise Broken(problem)
    if not added:
        raise Broken(f"nothing kept: {problem}")
    row = rows.get(position=position, sequence=before + 1)
    if row.skipped or kinds.validate(item, row.answer) != row.answer:
        raise Broken(f"not in normal form: {problem}")
    if key is not None and kinds.validate(item, json.loads(body)["answer"]) != row.answer:
        raise Broken(f"another answer was kept: {problem}")
    return "taken"


def fuzz(
    *, posts: int, seed: int, client: Json, attempts: Json, told_every: int = 0
) -> Counter[str]:
    """Send `posts` posts, kind by kind in turn. `attempts`: kind -> open attempt of the client.

    `told_every`: print how far it is after so many posts; 0: be silent. Returns how
    often each kind was taken and refused. Raises Broken at the first fault.
    """
    from django.db import transaction

    from quizzes.models import Response
    from quizzes.published import item_version
    from quizzes.services.attempting import items_of
    from tests.quizzes.sampled import answer_to, fields_of

    rng = random.Random(seed)  # noqa: S311 -- a repeatable run, no secret
    tally: Counter[str] = Counter()
    streams = []
    for kind, attempt in attempts.items():
        drawn = items_of(attempt).first()
        item = item_version(drawn.item_version_id)
        good = [answer_to(item, right=True), answer_to(item, right=False)]
        if kind == "dialogue":  # a page sends one reply at a time, so short ways are good as well
            good += [{"path": one["path"][:1]} for one in good]
        streams.append((kind, attempt, item, posts_of(rng, item, fields_of, good)))
    for number in range(posts):
        if told_every and number % told_every == 0:
            print(f"{number} of {posts}", file=sys.stderr, flush=True)
        kind, attempt, item, stream = streams[number % len(streams)]
        post = next(stream)
        before = Response.objects.of_attempt(attempt).count()
        # Taken back each time, so that every post meets the same attempt.
        with transaction.atomic():
            target = f"/quizzes/attempt/{attempt.id}/1/"
            got = client.post(target, data=post[0], content_type=post[1])
            tally[f"{kind} {judge(attempt, 1, item, got, post, before)}"] += 1
            transaction.set_rollback(True)
    return tally


def prepare() -> tuple[Json, Json]:
    """(client, kind -> attempt): the sample items in the database at hand, for one learner."""
    from quizzes.services.attempting import start_attempt
    from tests.personas import AT, LEARNER, make_world
    from tests.quizzes.sampled import KIND_NAMES, kind_quiz, publish_samples

    world = make_world()
    quizzes = {kind: kind_quiz(kind, "after-form") for kind in KIND_NAMES}
    published = publish_samples(*quizzes.values())
    membership = world.harbour.learner
    attempts = {
        kind: start_attempt(membership=membership, quiz=published[one.key], at=AT)
        for kind, one in quizzes.items()
    }
    return world.client(LEARNER), attempts


def main() -> None:
    """The long form, in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20261124)
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    import logging

    from django.conf import settings
    from django.db import connections
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment()
    for alias in connections:
        settings.DATABASES[alias]["TEST"]["NAME"] = ":memory:"
    setup_databases(verbosity=0, interactive=False)
    logging.disable(logging.CRITICAL)
    client, attempts = prepare()
    started = time.monotonic()
    tally = fuzz(
        posts=chosen.posts, seed=chosen.seed, client=client, attempts=attempts, told_every=5_000
    )
    for name, times in sorted(tally.items()):
        print(f"{times:8} {name}")
    seconds = time.monotonic() - started
    print(f"{chosen.posts} posts, seed {chosen.seed}: no fault in {seconds:.0f} s")


if __name__ == "__main__":
    main()
