"""Keys of pages that open by link alone: what a link holds, and what is stored of it."""

import base64
import hashlib
import uuid

from django.utils.crypto import salted_hmac


def key_for(purpose: str, nonce: uuid.UUID) -> str:
    """The key (256 bits) of the link that belongs to a row's nonce.

    Letters and pages can tell the link again though only the key's hash is stored: without the portal's
    secret the nonce in the row opens nothing. `purpose` keeps the links of one model from opening another's.
    """
    digest = salted_hmac(purpose, nonce.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(key: str) -> str:
    """What is stored of a key; rows are looked up by it, so that no answer's time tells of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
