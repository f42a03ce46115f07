"""Keys, pace and the names of conversations."""

import stat
from pathlib import Path

import pytest

from assistant.api.errors import Refused
from assistant.api.keys import OPEN, Keys, Pace, Signature, signature_of
from assistant.api.limits import check_address, limits_of
from assistant.settings import Settings
from knowledge.errors import InputError


class Clock:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_a_key_opens_under_a_name_that_does_not_tell_it() -> None:
    """Two keys have two names, and neither holds its key."""
    keys = Keys(("apple-tree", "pear-tree"))
    names = {keys.name_of("Bearer apple-tree"), keys.name_of("bearer pear-tree")}
    assert len(names) == keys.count == 2
    assert not any("tree" in name for name in names)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer apple", "Bearer apple-tree2", "Basic apple-tree", "apple-tree", "Bearer 钥匙"])
def test_anything_else_does_not_open(header: str) -> None:
    """No key, a beginning of one, another scheme: 401."""
    with pytest.raises(Refused) as caught:
        Keys(("apple-tree",)).name_of(header)
    assert (caught.value.status, caught.value.code) == (401, "invalid_api_key")


def test_without_keys_everybody_has_the_same_name() -> None:
    """OpenAI's client always sends some key; where none is set it does not matter."""
    assert Keys(()).name_of("Bearer whatever") == Keys(()).name_of("") == OPEN


def test_the_pace_is_counted_for_each_key() -> None:
    """After a minute's worth 429 says how long to wait; another key is not held up; time gives new requests."""
    clock = Clock()
    pace = Pace(3, clock)
    for _ in range(3):
        pace.count("a")
    with pytest.raises(Refused, match="more than 3 requests a minute") as caught:
        pace.count("a")
    assert (caught.value.status, caught.value.retry_seconds) == (429, 20)
    pace.count("b")
    clock.now += caught.value.retry_seconds
    pace.count("a")
    with pytest.raises(Refused):
        pace.count("a")


def test_waiting_long_saves_up_no_more_than_a_minute() -> None:
    """A key that was silent for an hour has one minute's requests, not sixty."""
    clock = Clock()
    pace = Pace(2, clock)
    pace.count("a")
    clock.now += 3600
    pace.count("a")
    pace.count("a")
    with pytest.raises(Refused):
        pace.count("a")


def test_a_pace_of_zero_is_none() -> None:
    """0 sets no pace."""
    pace = Pace(0)
    for _ in range(1000):
        pace.count("a")


def test_a_name_is_good_for_its_owner_alone() -> None:
    """The token of one key is nothing in another's hand, nor under another secret, nor with another number."""
    mine = Signature(b"secret")
    token = mine.token(17, "anna")
    assert mine.number(token, "anna") == 17
    for signature, given, key in ((mine, token, "bert"), (Signature(b"other"), token, "anna"), (mine, token.replace("17", "18"), "anna")):
        with pytest.raises(Refused):
            signature.number(given, key)


def test_the_secret_outlives_the_server_and_is_private(tmp_path: Path) -> None:
    """Names given out before a restart still hold; only the owner of the home folder can read the secret."""
    token = signature_of(tmp_path / "home").token(3, "anna")
    assert signature_of(tmp_path / "home").number(token, "anna") == 3
    (secret,) = (tmp_path / "home").iterdir()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert signature_of(tmp_path / "other").token(3, "anna") != token


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.org", "::", ""])  # noqa: S104 - refused
def test_other_machines_need_a_key(host: str) -> None:
    """An open API stays on this machine; the error names the setting."""
    with pytest.raises(InputError, match="FENGJING_API_KEYS"):
        check_address(host, ())
    check_address(host, ("key",))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_this_machine_needs_none(host: str) -> None:
    """Loopback addresses are open without keys."""
    check_address(host, ())


def test_the_embedded_engine_gets_one_turn_at_once() -> None:
    """Its second turn would only slow the first; a server by URL takes several, and the setting wins."""
    embedded, remote = Settings(base_url="", api_turns=0), Settings(base_url="http://x/v1", api_turns=0)
    assert limits_of(embedded).turns == 1
    assert limits_of(remote).turns > 1
    assert limits_of(Settings(api_turns=3, api_body_kb=2, api_origins="https://a.cn, https://b.cn")).turns == 3
    assert limits_of(Settings(api_body_kb=2)).body_bytes == 2048
    assert limits_of(Settings(api_origins="https://a.cn, https://b.cn,")).origins == ("https://a.cn", "https://b.cn")
