"""What came in, what went out, and how far has it got?

``arrivals`` holds what was received; ``letters`` holds what we write.
"""

from redress.correspondence.models.arrivals import (
    Attachment,
    AutomaticAcknowledgement,
    FormDraft,
    Message,
    Receipt,
    ReceiptOf,
    ReplyToken,
)
from redress.correspondence.models.letters import Letter, LetterTemplate, OldDate, Response, ResponsePoint
from redress.correspondence.models.portal import LinkAsk, PortalMail

__all__ = [
    "Attachment",
    "AutomaticAcknowledgement",
    "FormDraft",
    "Letter",
    "LetterTemplate",
    "LinkAsk",
    "Message",
    "OldDate",
    "PortalMail",
    "Receipt",
    "ReceiptOf",
    "ReplyToken",
    "Response",
    "ResponsePoint",
]
