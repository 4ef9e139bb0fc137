"""What all tables share."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData()

# SQLite numbers rows by itself only for the exact type INTEGER.
serial = BigInteger().with_variant(Integer, "sqlite")
