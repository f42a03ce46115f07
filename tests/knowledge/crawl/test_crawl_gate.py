"""Only public addresses are reached, and exactly those that were checked."""

import ipaddress
import socket

import pytest

from knowledge.crawl.errors import AddressRefused, Busy
from knowledge.crawl.fetch import Fetcher, Limits
from knowledge.crawl.gate import Gate, is_public
from tests.knowledge.crawl.local_site import HERE, page


def resolver(*answers):
    """A name service that gives these addresses, one list after the other, the last for ever."""
    queue = list(answers)

    def resolve(host, port, **_):
        numbers = queue.pop(0) if len(queue) > 1 else queue[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    return resolve


@pytest.mark.parametrize("number", """
    127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 240.0.0.1 255.255.255.255
    192.0.2.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fd12:3456::1 fec0::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1
    2002:7f00:1:: 2002:808:808:: 2001:0:53aa:64c:0:0:0:1 64:ff9b::7f00:1 64:ff9b::a00:1
    """.split())
def test_addresses_that_are_not_public(number):
    """Private, loopback, link-local, multicast, reserved, and IPv6 addresses that hide an IPv4 one."""
    assert not is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", ["8.8.8.8", "106.11.250.1", "2400:3200::1", "64:ff9b::808:808"])
def test_addresses_that_are_public(number):
    """Public ones pass, also through the NAT64 of a network that only speaks IPv6."""
    assert is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached_under_any_name(site, host):
    """However the loopback address is written, no request arrives."""
    site.pages["/"] = page()
    with pytest.raises((AddressRefused, Busy)):
        Fetcher().get(f"http://{host}:{site.url.rpartition(':')[2]}/")
    assert site.asked == []


def test_one_private_address_among_public_ones_is_enough():
    """A name with a public and a private address is refused whole."""
    gate = Gate(resolve=resolver(["8.8.8.8", "10.0.0.7"]))
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.7"):
        gate.addresses("mixed.example", 80)


def test_a_zone_does_not_hide_a_link_local_address():
    """fe80::1%eth0 is link-local, whatever follows the percent sign."""
    with pytest.raises(AddressRefused):
        Gate(resolve=resolver(["fe80::1%eth0"])).addresses("zone.example", 80)


def test_the_connection_goes_to_the_address_that_was_checked(site):
    """A name that answers differently the second time (DNS rebinding) is asked once a connection; the Host header stays."""
    site.pages["/"] = page()
    port = site.url.rpartition(":")[2]
    asked = []

    def once(host, number, **kinds):
        asked.append(host)
        return resolver(["127.0.0.1"])(host, number, **kinds)

    assert Fetcher(Gate(HERE, once)).get(f"http://rebinding.example:{port}/").status == 200
    assert asked == ["rebinding.example"]
    assert site.headers[0]["Host"] == f"rebinding.example:{port}"


def test_every_connection_is_checked_anew(site):
    """A name that was public and turns private is refused at its next connection."""
    site.pages["/"] = page()
    here = ipaddress.ip_network("127.0.0.1/32")
    fetcher = Fetcher(Gate((here,), resolver(["127.0.0.1"], ["127.0.0.2"])))
    url = f"http://turning.example:{site.url.rpartition(':')[2]}/"
    assert fetcher.get(url).status == 200
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.2"):
        fetcher.get(url)
    assert len(site.asked) == 1


def test_the_next_address_is_tried_where_the_first_is_down(site):
    """A host with two addresses is reached by the one that answers."""
    site.pages["/"] = page()
    fetcher = Fetcher(Gate(HERE, resolver(["127.9.9.9", "127.0.0.1"])), Limits(connect_seconds=1))
    assert fetcher.get(f"http://two.example:{site.url.rpartition(':')[2]}/").status == 200


def test_a_name_without_an_address_is_worth_another_try():
    """An unresolved name is a passing failure, in our own words."""
    def nowhere(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Busy, match="connection failed"):
        Fetcher(Gate(resolve=nowhere)).get("http://nowhere.example/")
