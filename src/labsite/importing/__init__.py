"""Import a site from another system, without changing it."""
