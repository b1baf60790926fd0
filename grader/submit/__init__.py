"""Handing in: who, where to, and the receipt."""

from grader.submit.errors import DeliveryError
from grader.submit.folder import Folder
from grader.submit.identity import Identity, default_config, identity
from grader.submit.messages import MESSAGES
from grader.submit.names import safe_name
from grader.submit.receipt import Destination, Envelope, Receipt, save_receipt

__all__ = [
    "MESSAGES",
    "DeliveryError",
    "Destination",
    "Envelope",
    "Folder",
    "Identity",
    "Receipt",
    "default_config",
    "identity",
    "safe_name",
    "save_receipt",
]
