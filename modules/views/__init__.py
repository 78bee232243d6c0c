"""Pages of the top floor. A view is access, form, service, redirect."""
