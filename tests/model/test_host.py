"""Which addresses are public: none that leads back to this machine or its network, in whatever form it comes."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghala.model.host import host_fault, is_public, split_port

PRIVATE_4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
]  # fmt: skip
PRIVATE_6 = [
    "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10",
    "fec0::/10", "ff00::/8",
]  # fmt: skip


def within(network):
    """Return a strategy for the addresses of a network."""
    first, last = int(network[0]), int(network[-1])
    kind = IPv4Address if network.version == 4 else IPv6Address
    return st.integers(first, last).map(kind)


private_4 = st.sampled_from(PRIVATE_4).map(ip_network).flatmap(within)
private_6 = st.sampled_from(PRIVATE_6).map(ip_network).flatmap(within)


@given(private_4)
def test_no_private_address_is_public_in_any_form(address):
    number = int(address)
    assert not is_public(str(address))
    assert not is_public(f"::ffff:{address}")
    assert not is_public(str(IPv6Address((0x64FF9B << 96) | number)))
    assert not is_public(str(IPv6Address((0x2002 << 112) | (number << 80))))
    assert not is_public(str(IPv6Address(number)))


@given(private_6)
def test_no_private_newer_address_is_public(address):
    assert not is_public(str(address))
    assert not is_public(f"{address}%eth0")


@given(st.integers(0, 2**32 - 1))
def test_a_number_that_is_no_address_is_not_public(number):
    octal = ".".join(f"0{part:o}" for part in number.to_bytes(4, "big"))
    for form in (
        str(number),
        hex(number),
        f"0{number:o}",
        octal,
        f"{number >> 24}.{number & 0xFFFFFF}",
    ):
        assert not is_public(form)


@given(st.text(max_size=40))
def test_a_text_is_not_public(text):
    assert not is_public(text) or text.replace(".", "").replace(":", "").isalnum()


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"],
)
def test_what_clouds_tell_their_machines_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"],
)
def test_public_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "a b",
        "",
        "-a",
        "a:0",
        "a:65536",
        "0x7f000001",
        "2130706433",
        "127.1",
        "a/b",
        "10.0.0.0/33",
    ],
)
def test_what_names_no_host_is_said(text):
    assert host_fault(text)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("a.example", "a.example", None), ("10.0.0.0/8:25", "10.0.0.0/8", 25), ("[::1]", "::1", None)],
)
def test_a_port_is_told_from_its_host(text, host, port):
    assert host_fault(text) is None
    assert split_port(text) == (host, port)
