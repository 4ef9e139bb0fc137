"""The example organisation: Pwani Traders, whose departments grew apart.

`make_workspace` writes its definitions and its departments' files, `play` shows what Ghala makes of
them. Not here: anything that a real workspace would need; no other part of Ghala knows this one.
"""

from __future__ import annotations

from ghala.testing.demo.story import RefusedMonth, Summary, play
from ghala.testing.demo.workspace import break_month, make_workspace, repair_month

__all__ = ["RefusedMonth", "Summary", "break_month", "make_workspace", "play", "repair_month"]
