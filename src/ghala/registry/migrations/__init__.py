"""Alembic's environment and the migrations, one file each, oldest first; never edited after a release."""
