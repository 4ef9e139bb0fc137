import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.governance.common_passwords import COMMON_PASSWORDS
from ghala.governance.passwords import Passwords, password_fault
from ghala.testing.people import PASSWORD, cheap_passwords


@pytest.mark.parametrize(
    "password",
    ["", "elevenchars", "a" * 1001, "AMINA loves boats", "password1234", "Pass word-1234!", "aaaabbbbcccc",
     "ﬀﬀﬀ"],
)  # fmt: skip
def test_weak_passwords_are_refused(password):
    assert password_fault(password, "amina") is not None


@pytest.mark.parametrize(
    "password", [PASSWORD, "größte Schiffe", "🚢 🛳 ⛵ 🚤 🛥 ⚓ 🌊", "x9$kQ2!vLm4#"]
)
def test_good_passwords_of_any_script_are_taken(password):
    assert password_fault(password, "amina") is None


def test_every_common_password_is_refused_in_any_case():
    assert len(COMMON_PASSWORDS) > 150
    for common in COMMON_PASSWORDS:
        assert len(common) >= 10
        assert password_fault(common.title(), "somebody") is not None


def test_a_password_fits_its_own_hash_only():
    passwords = cheap_passwords()
    hashed = passwords.hashed(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert passwords.hashed(PASSWORD) != hashed
    assert passwords.fits(PASSWORD, hashed)
    assert not passwords.fits("Tall ships sail", hashed)
    assert not passwords.fits(PASSWORD, None)
    assert not passwords.fits(PASSWORD, "no hash at all")


def test_the_same_keys_are_the_same_password_however_a_system_writes_accents():
    passwords = cheap_passwords()
    assert passwords.fits("gro\u0308\u00dfte Schiffe", passwords.hashed("gr\u00f6\u00dfte Schiffe"))


def test_a_hash_of_other_parameters_is_outdated():
    hashed = cheap_passwords().hashed(PASSWORD)
    assert not cheap_passwords().is_outdated(hashed)
    assert Passwords(memory_kib=16, passes=1, lanes=1).is_outdated(hashed)


def test_the_default_is_what_owasp_names():
    assert "$m=19456,t=2,p=1$" in Passwords().hashed(PASSWORD)


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_no_text_breaks_the_check(text):
    password_fault(text, "amina")
    assert cheap_passwords().fits(text, None) is False
