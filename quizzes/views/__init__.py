"""Pages of the middle floor. A view is access, form, service, redirect."""
