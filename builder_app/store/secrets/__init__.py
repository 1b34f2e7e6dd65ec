"""Sensitive values at rest: sealed with AES-256-GCM under a data key, which the OS keyring or a passphrase wraps.

In: a value and the place where it stands.  Out: a token, which opens at that very place only.
Not here: which values are sensitive, and where flows hold them; the session knows.
"""

from builder_app.store.secrets.cipher import Owner, SecretUnreadable
from builder_app.store.secrets.keeping import Keeping
from builder_app.store.secrets.key_file import key_file_of
from builder_app.store.secrets.keyrings import Keyring, KeyringFailed, system_keyring
from builder_app.store.secrets.vault import Vault

__all__ = ["Keeping", "Keyring", "KeyringFailed", "Owner", "SecretUnreadable", "Vault", "key_file_of", "system_keyring"]
