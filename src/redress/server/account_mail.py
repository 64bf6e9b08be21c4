"""How do messages about accounts go out? The same way as letters, so that a demonstration's stay on the machine."""

from collections.abc import Sequence
from email.policy import SMTP

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from redress.correspondence import mailing


class Outgoing(BaseEmailBackend):
    """Django's outgoing mail, handed to whoever carries this installation's letters."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hand over the messages and return how many; a carrier that refuses raises, as Django expects."""
        carrier = mailing.carrier()
        for message in email_messages:
            built = message.message()
            raw = built.as_bytes(policy=SMTP)
            carrier.send(raw, message.from_email, message.recipients(), str(built["Message-ID"]))
        return len(email_messages)
