"""Tags for templates: only what the form templates cannot say themselves."""
