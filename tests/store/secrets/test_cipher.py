"""A token opens with its key, at its place, unchanged; nothing else opens anything."""

import base64
import itertools

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from builder_app.store.secrets.cipher import (
    DataKey,
    SecretUnreadable,
    Value,
    associated_data,
    key_id,
    new_key,
    seal,
    unseal,
)

KEY = new_key()
BOUND = ("user", "session", "s", "block", "feed", "password")
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
bounds = st.lists(st.text(max_size=5), max_size=5)


@given(values, bounds)
def test_a_sealed_value_opens_to_itself(value: Value, bound: list[str]) -> None:
    opened = unseal(KEY, bound, seal(KEY, bound, value))
    assert (opened, type(opened)) == (value, type(value))


@given(bounds, bounds)
def test_two_places_never_read_alike(one: list[str], other: list[str]) -> None:
    assert (associated_data(*one) == associated_data(*other)) == (one == other)


@pytest.mark.parametrize("moved", range(len(BOUND)))
def test_a_token_that_was_moved_is_refused_in_a_sentence(moved: int) -> None:
    token = seal(KEY, BOUND, "canary")
    elsewhere = [part + "2" if index == moved else part for index, part in enumerate(BOUND)]
    with pytest.raises(SecretUnreadable, match="was refused: it was moved here from another place"):
        unseal(KEY, elsewhere, token)


def test_every_flipped_byte_is_refused() -> None:
    token = seal(KEY, BOUND, "canary")
    head, id, body = token.split(".")
    octets = base64.urlsafe_b64decode(body)
    for index in range(len(octets)):
        flipped = bytearray(octets)
        flipped[index] ^= 1
        with pytest.raises(SecretUnreadable):
            unseal(KEY, BOUND, ".".join((head, id, base64.urlsafe_b64encode(bytes(flipped)).decode())))


@given(st.text())
def test_any_text_for_a_token_is_refused_and_raises_nothing_else(text: str) -> None:
    with pytest.raises(SecretUnreadable):
        unseal(KEY, BOUND, text)
    with pytest.raises(SecretUnreadable):
        unseal(KEY, BOUND, f"1.{KEY.id}.{text}")


def test_another_key_with_the_same_id_opens_nothing() -> None:
    token = seal(KEY, BOUND, "canary")
    with pytest.raises(SecretUnreadable):
        unseal(DataKey(KEY.id, new_key().octets), BOUND, token)


def test_the_key_s_id_is_bound_too() -> None:
    twin = DataKey("other", KEY.octets)
    token = seal(KEY, BOUND, "canary").replace(KEY.id, "other")
    with pytest.raises(SecretUnreadable):
        unseal(twin, BOUND, token)


def test_nonces_and_keys_do_not_repeat() -> None:
    tokens = [seal(KEY, BOUND, "canary") for _ in range(1000)]
    assert len({base64.urlsafe_b64decode(token.split(".")[2])[:12] for token in tokens}) == 1000
    keys = [new_key() for _ in range(100)]
    assert len({key.octets for key in keys}) == len({key.id for key in keys}) == 100
    assert all(len(key.octets) == 32 for key in keys)


def test_a_token_does_not_tell_how_long_a_password_is() -> None:
    lengths = {len(seal(KEY, BOUND, "x" * length)) for length in range(60)}
    assert len(lengths) == 1


def test_the_token_is_plain_aes_256_gcm_that_anyone_can_check() -> None:
    token = seal(KEY, BOUND, "canary")
    octets = base64.urlsafe_b64decode(token.split(".")[2])
    parts = ("strategy-builder", "1", KEY.id, *BOUND)
    bound = b"".join(f"{len(part)}:{part}".encode() for part in parts)
    assert AESGCM(KEY.octets).decrypt(octets[:12], octets[12:], bound).strip() == b'"canary"'


def test_no_part_of_a_long_value_stands_in_its_token() -> None:
    value = "".join(itertools.islice(itertools.cycle("canary-7f3a9 "), 500))
    token = seal(KEY, BOUND, value)
    octets = base64.urlsafe_b64decode(token.split(".")[2])
    assert not any(value[index : index + 6].encode() in octets for index in range(len(value) - 6))


def test_a_key_does_not_print_itself() -> None:
    assert repr(KEY) == f"DataKey({KEY.id})"
    assert key_id(seal(KEY, BOUND, 1)) == KEY.id
