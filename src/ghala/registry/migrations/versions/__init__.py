"""The migrations themselves; each file says in its first line what it changes."""
