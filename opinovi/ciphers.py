"""What must not rest in plain text is encrypted, so that a copy of the database tells nothing of it."""

import base64
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def cipher(purpose: str) -> MultiFernet:
    """Encrypts with a key of SECRET_KEY's for the purpose, and reads what its predecessors have encrypted."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in secrets])


def _key(secret: str, purpose: str) -> bytes:
    drawn = HKDF(SHA256(), length=32, salt=None, info=f"opinovi {purpose}".encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(drawn)
