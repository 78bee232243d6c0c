"""The taught framework: its documents, rules and wording. Pure."""
