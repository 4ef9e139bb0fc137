"""How a token is written: what was issued is read, what was mistyped is told, and nothing shows the secret."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.model.token import ALPHABET, PREFIX, TokenText

letters = st.sampled_from(ALPHABET)
tokens = st.builds(
    TokenText,
    st.text(letters, min_size=12, max_size=12),
    st.text(letters, min_size=43, max_size=43),
)
SCANNED = re.compile(r"\bghala_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b")


@given(tokens)
def test_what_was_written_is_read(token):
    text = token.written()
    assert TokenText.parse(text) == token
    # The pattern that docs/guides/users-and-tokens.md gives to secret scanners.
    assert SCANNED.search(f"token = '{text}'")


@given(tokens, st.integers(0, 67), letters)
def test_one_wrong_character_is_noticed(token, position, letter):
    text = token.written()
    assert len(text) == 68
    wrong = text[:position] + letter + text[position + 1 :]
    if wrong != text:
        with pytest.raises(ValueError, match="token"):
            TokenText.parse(wrong)


@given(tokens, st.integers(0, 66))
def test_two_neighbours_that_changed_places_are_noticed(token, position):
    text = token.written()
    wrong = text[:position] + text[position + 1] + text[position] + text[position + 2 :]
    if wrong != text:
        with pytest.raises(ValueError, match="token"):
            TokenText.parse(wrong)


@given(tokens, st.integers(0, 67))
def test_a_piece_is_noticed(token, length):
    for piece in (token.written()[:length], token.written()[length + 1 :]):
        with pytest.raises(ValueError, match="token"):
            TokenText.parse(piece)


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_other_text_is_refused_without_repeating_it(text):
    with pytest.raises(ValueError, match="token") as caught:
        TokenText.parse(PREFIX + text)
    assert len(text) < 5 or text not in str(caught.value)


@given(tokens)
def test_a_token_does_not_show_its_secret(token):
    assert token.secret not in repr(token)
