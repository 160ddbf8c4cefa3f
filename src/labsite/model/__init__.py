"""Records and functions that all other packages share."""
