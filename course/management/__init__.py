"""The ground floor's commands; `docs/reference/commands.md` lists them all."""
