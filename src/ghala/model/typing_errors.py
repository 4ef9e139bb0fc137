"""How many typing errors lie between two words, and the trigrams by which near words are looked up."""

from __future__ import annotations

_TWO_ERRORS_FROM = 8
_ONE_ERROR_FROM = 4


def tolerated(word: str) -> int:
    """Return how many typing errors a word may have: none in short ones, where every error makes another word.

    >>> [tolerated(word) for word in ("eur", "order", "customers")]
    [0, 1, 2]
    """
    return (len(word) >= _ONE_ERROR_FROM) + (len(word) >= _TWO_ERRORS_FROM)


def trigrams(word: str) -> frozenset[str]:
    """Return every three characters in a row, with the word's ends marked.

    >>> sorted(trigrams("sale"))
    ['$sa', 'ale', 'le$', 'sal']
    """
    marked = f"${word}$"
    return frozenset(marked[at : at + 3] for at in range(len(marked) - 2))


def least_shared(word: str, errors: int) -> int:
    """Return how many trigrams a word surely shares with one that is `errors` away, or that begins so.

    An error breaks three trigrams, two neighbours that changed places four, and the word's end may be open. Of words
    with two errors those are left out in which neighbours changed places twice and hardly anything else is left.
    """
    broken = 4 if errors == 1 else 3 * errors
    return max(1, len(word) - 1 - broken)


def errors_between(typed: str, word: str, most: int) -> tuple[int, int]:
    """Return the errors (wrong, missing, superfluous or swapped characters) to a word, and to its nearest beginning.

    A number greater than `most` says no more than that.

    >>> errors_between("custmoer", "customer", 2), errors_between("custmer", "customers", 2)
    ((1, 1), (2, 1))
    >>> errors_between("orders", "shipments", 2)[0] > 2
    True
    """
    far = most + 1
    width = len(word)
    older: list[int] = []
    above = [min(column, far) for column in range(width + 1)]
    for line, typed_character in enumerate(typed, 1):
        row = [min(line, far), *[far] * width]
        # Further from the diagonal than `most` there is nothing to find.
        for column in range(max(1, line - most), min(width, line + most) + 1):
            character = word[column - 1]
            cost = min(
                above[column - 1] + (typed_character != character),
                above[column] + 1,
                row[column - 1] + 1,
            )
            is_swapped = (
                line > 1
                and column > 1
                and typed_character == word[column - 2]
                and typed[line - 2] == character
            )
            row[column] = min(cost, older[column - 2] + 1, far) if is_swapped else min(cost, far)
        if line > 1 and min(row) > most and min(above) > most:
            return far, far
        older, above = above, row
    return above[width], min(above)
