"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with OWASP's 19 MiB, two passes, one lane, instead of Django's 100 MiB and eight.

    A small server that signs in a whole class at once would run out of memory with Django's
    values. Hashes made with other values are still read, and renewed at the next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
