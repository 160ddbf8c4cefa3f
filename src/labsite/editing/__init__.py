"""Edit a bibliography in its own style, with small changes."""
