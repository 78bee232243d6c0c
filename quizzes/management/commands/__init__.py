"""One file a command; docs/reference/commands.md describes each."""
