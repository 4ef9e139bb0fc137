"""Whether a statement gives the same rows over the same data, whenever it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ghala.sql.dialect import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokenizer_core import Token

_CLOCK = """
age ago current_date current_localtime current_localtimestamp current_time current_timestamp
get_current_time get_current_timestamp localtime localtimestamp now today transaction_timestamp
"""
_CHANCE = """
approx_quantile gen_random_uuid random reservoir_quantile sample tablesample uuid uuidv4 uuidv7
"""
CHANGING = frozenset((_CLOCK + _CHANCE).split())
"""Words with which a statement looks at the clock or draws by chance; some could be names of columns as well."""


def is_repeatable(text: str, tokens: Sequence[Token] | None = None) -> bool:
    """Return whether no word of a statement can make its rows differ from one time to the next.

    `tokens` are those of the text, if known.

    >>> is_repeatable("SELECT max(id) FROM sales.orders"), is_repeatable('SELECT "NOW"() FROM sales.orders')
    (True, False)
    """
    found = tokens_of(text) if tokens is None else tokens
    return not any(token.text.lower() in CHANGING for token in found)
