"""Report what a change of a site's files means to its visitors."""
