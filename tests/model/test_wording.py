"""Words and typing errors, whatever people type."""

from hypothesis import given
from hypothesis import strategies as st

from ghala.model.typing_errors import errors_between, least_shared, tolerated, trigrams
from ghala.model.wording import LONGEST_WORD, placed_words, words_of

WORDS = st.text("abcd", min_size=1, max_size=9)


@given(st.text())
def test_words_stand_where_they_say_and_have_nothing_but_letters_and_digits(text):
    end = 0
    for word in placed_words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.text.isalnum()
        assert len(word.text) <= LONGEST_WORD
        end = word.end


@given(st.text("aZéß 1_-", max_size=20))
def test_case_makes_no_other_words_where_it_splits_none(text):
    lowered = text.lower()
    assert words_of(lowered) == words_of(lowered.upper().lower())


def distance(one, other):
    """Return the errors between two words, by the book: swapped neighbours count as one, and are not touched again."""
    table = {(i, -1): i + 1 for i in range(-1, len(one))} | {
        (-1, j): j + 1 for j in range(-1, len(other))
    }
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            table[i, j] = min(
                table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b)
            )
            if i and j and a == other[j - 1] and one[i - 1] == b:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one) - 1, len(other) - 1]


@given(WORDS, WORDS, st.integers(1, 2))
def test_errors_are_counted_as_by_the_book_up_to_the_most(one, other, most):
    whole, beginning = errors_between(one, other, most)
    assert min(whole, most + 1) == min(distance(one, other), most + 1)
    nearest = min(distance(one, other[:end]) for end in range(1, len(other) + 1))
    assert min(beginning, most + 1) == min(nearest, len(one), most + 1)


@given(st.text("abcdefgh", min_size=4, max_size=12), st.data())
def test_a_word_with_one_error_is_looked_up(word, data):
    at = data.draw(st.integers(0, len(word) - 2))
    kind = data.draw(st.sampled_from(["swap", "drop", "add", "change"]))
    typed = {
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "drop": word[:at] + word[at + 1 :],
        "add": word[:at] + "z" + word[at:],
        "change": word[:at] + "z" + word[at + 1 :],
    }[kind]
    if tolerated(typed):
        shared = len(trigrams(typed) & trigrams(word))
        # Only very short words can have no trigram left.
        assert shared >= least_shared(typed, 1) or len(word) < 7
