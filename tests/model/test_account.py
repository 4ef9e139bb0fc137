import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.model.account import RESERVED_NAMES, AccountId, account_name_fault
from ghala.model.principal import PrincipalKind

names = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_]{0,62}\Z").filter(
    lambda name: name.lower() not in RESERVED_NAMES
)


@given(names, st.sampled_from(["user", "service", "agent", "team"]))
def test_an_id_is_the_same_in_any_case(name, kind):
    written = AccountId.parse(f"{kind}:{name}")
    assert (
        str(written)
        == str(AccountId.parse(f"{kind}:{name.swapcase()}"))
        == f"{kind}:{name.lower()}"
    )
    assert AccountId.parse(str(written)).kind is PrincipalKind(kind)


@given(st.text())
def test_what_is_taken_for_a_name_is_plain_text_for_every_database(text):
    if account_name_fault(text) is None:
        assert text.isascii()
        assert text.isprintable()
        assert 1 <= len(text) <= 63
        assert ":" not in text


@pytest.mark.parametrize("name", sorted(RESERVED_NAMES))
def test_reserved_names_are_reserved_in_any_case(name):
    assert "reserved" in account_name_fault(name)
    assert "reserved" in account_name_fault(name.title())


@pytest.mark.parametrize("text", ["owner:local", "product:a", ":a", "USER:a", "a:b:c", "user:"])
def test_other_kinds_have_no_accounts(text):
    with pytest.raises(ValueError, match=r"write|use"):
        AccountId.parse(text)
