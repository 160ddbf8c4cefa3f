"""The records of one site: settings, loading, queries, views."""
