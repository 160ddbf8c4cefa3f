"""Make incremental builds equal to clean ones."""
