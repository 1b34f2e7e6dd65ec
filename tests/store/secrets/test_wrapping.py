"""A wrapped key opens with its wrapping key alone, and a passphrase becomes a key by Argon2id."""

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from builder_app.store.secrets.cipher import new_key
from builder_app.store.secrets.wrapping import PassphraseCost, key_of_passphrase, unwrap, wrap

CHEAP = PassphraseCost(b"0123456789abcdef", 1, 1, 8)


def test_a_wrapped_key_opens_with_its_wrapping_key_and_id_alone() -> None:
    key, wrapping_key = new_key(), new_key().octets
    wrapped = wrap(wrapping_key, key)
    assert unwrap(wrapping_key, key.id, wrapped) == key
    assert unwrap(new_key().octets, key.id, wrapped) is None
    assert unwrap(wrapping_key, "another", wrapped) is None
    assert unwrap(wrapping_key, key.id, wrapped[:-4]) is None
    assert unwrap(wrapping_key, key.id, "no base64!") is None


def test_the_passphrase_s_key_is_argon2id_of_rfc_9106_s_second_choice() -> None:
    cost = PassphraseCost(b"0123456789abcdef")
    assert (cost.iterations, cost.lanes, cost.memory_kib) == (3, 4, 65536)
    expected = Argon2id(salt=cost.salt, length=32, iterations=3, lanes=4, memory_cost=65536).derive(b"correct horse")
    assert key_of_passphrase("correct horse", cost) == expected


def test_one_letter_written_in_two_ways_is_one_letter() -> None:
    assert key_of_passphrase("größe", CHEAP) == key_of_passphrase("gro\u0308ße", CHEAP)
    assert key_of_passphrase("größe", CHEAP) != key_of_passphrase("grosse", CHEAP)


@pytest.mark.parametrize(
    "cost",
    [
        PassphraseCost(b"short"),
        PassphraseCost(b"0123456789abcdef", 10**6),
        PassphraseCost(b"0123456789abcdef", 1, 1, 2**30),
        PassphraseCost(b"0123456789abcdef", 1, 10**6, 2**20),
        PassphraseCost(b"0123456789abcdef", 0),
    ],
)
def test_a_cost_that_nobody_would_choose_is_not_obeyed(cost: PassphraseCost) -> None:
    assert not cost.is_sane
    assert CHEAP.is_sane
