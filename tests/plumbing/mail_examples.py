"""Messages of our own, each with one of the difficulties of real mail, so that the tests stand without ../shared."""

from __future__ import annotations

import base64

PLAIN = (
    b"From: Dev Patel <dev@example.org>\r\nTo: complaints@northmere.example\r\nSubject: Missed bins\r\n"
    b"Date: Mon, 23 Nov 2026 09:15:00 +0000\r\nMessage-ID: <plain@example.org>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe bins were missed again.\r\n\r\nDev\r\n"
)

NO_DATE = PLAIN.replace(b"Date: Mon, 23 Nov 2026 09:15:00 +0000\r\n", b"")
BAD_DATE = PLAIN.replace(b"Mon, 23 Nov 2026 09:15:00 +0000", b"yesterday, or Thursday")
NO_CHARSET = PLAIN.replace(b"; charset=utf-8", b"").replace(b"again", b"ag\xc3\xa4in")
WRONG_CHARSET = PLAIN.replace(b"charset=utf-8", b"charset=iso-8859-1").replace(b"again", b"ag\xc3\xa4in")
LATIN_AS_UTF8 = PLAIN.replace(b"again", b"caf\xe9")
UNKNOWN_CHARSET = PLAIN.replace(b"charset=utf-8", b"charset=x-no-such").replace(b"again", b"ag\xe4in")
NO_BODY = PLAIN.split(b"\r\n\r\n")[0] + b"\r\n\r\n"
NO_HEADERS = b"The bins were missed again.\n\nDear council: I want to complain.\n"
NUL = PLAIN.replace(b"again", b"ag\x00ain").replace(b"Missed bins", b"Missed\x00 bins")
RIGHT_TO_LEFT = PLAIN.replace(b"Dev Patel", b"=?utf-8?b?" + base64.b64encode("محمد عبد الله".encode()) + b"?=")
LONG_NAME = PLAIN.replace(b"Dev Patel", b'"' + b"Wolfe+585, Sr. " * 5 + b'Patel"')

HTML_ONLY = PLAIN.replace(
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe bins were missed again.\r\n\r\nDev\r\n",
    b'Content-Type: text/html; charset="utf-8"\r\n\r\n<html><head><style>p{color:red}</style><title>x</title></head>'
    b"<body><p>The bins &amp; boxes were <b>missed</b>.</p><script>alert(1)</script>"
    b'<p>See <a href="https://example.org/photo">this photo</a><img src="https://tracker.example/p.gif"></p>'
    b"<ul><li>brown bin<li>green bin</ul></body></html>\r\n",
)

ALTERNATIVE = (
    b"From: dev@example.org\r\nSubject: Both\r\nDate: Mon, 23 Nov 2026 09:15:00 +0000\r\n"
    b"Message-ID: <both@example.org>\r\n"
    b'Content-Type: multipart/alternative; boundary="cut here"\r\n\r\nfor old programs\r\n'
    b"--cut here\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nthe plain words\r\n"
    b"--cut here\r\nContent-Type: text/html\r\n\r\n<p>the rich words</p>\r\n--cut here--\r\nafter the end\r\n"
)


def with_attachment(data: bytes, *, name: bytes = b'filename="photo.jpg"', kind: bytes = b"image/jpeg") -> bytes:
    """Give a message with one attachment; ``name`` is the parameter as it stands in the header."""
    return (
        b"From: dev@example.org\r\nSubject: Photo\r\nDate: Mon, 23 Nov 2026 09:15:00 +0000\r\n"
        b"Message-ID: <photo@example.org>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nSee the photo.\r\n"
        b"--b\r\nContent-Type: " + kind + b"\r\nContent-Disposition: attachment; " + name + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n") + b"--b--\r\n"
    )  # fmt: skip


FORWARDED_WHOLE = (
    b"From: Councillor <cllr@northmere.example>\r\nSubject: For you\r\nMessage-ID: <fw@northmere.example>\r\n"
    b"Date: Mon, 23 Nov 2026 09:15:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nPlease deal with this.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + PLAIN + b"\r\n--b--\r\n"
)

BOUNCE = (
    b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\nTo: complaints@northmere.example\r\n"
    b"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <b1@mx.example>\r\n"
    b"Date: Mon, 23 Nov 2026 09:15:00 +0000\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    b"--b\r\n\r\nYour message could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    b"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; dev@example.org\r\nAction: failed\r\n"
    b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
    b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <%s>\r\nSubject: Your complaint\r\n--b--\r\n"
)

OUT_OF_OFFICE = (
    b"From: Ben <ben@supplier.example>\r\nTo: complaints@northmere.example\r\nSubject: Automatic reply: your letter\r\n"
    b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nIn-Reply-To: <x@northmere.example>\r\n"
    b"Date: Mon, 23 Nov 2026 09:15:00 +0000\r\nMessage-ID: <ooo@supplier.example>\r\n\r\nI am away until Monday.\r\n"
)

REPLY = PLAIN.replace(
    b"Subject: Missed bins", b"Subject: Re: Your complaint NMR-2026-0437\r\nIn-Reply-To: <other@elsewhere>"
)

SEEDS = [
    PLAIN, NO_DATE, BAD_DATE, NO_CHARSET, WRONG_CHARSET, LATIN_AS_UTF8, UNKNOWN_CHARSET, NO_BODY, NO_HEADERS, NUL,
    RIGHT_TO_LEFT, LONG_NAME, HTML_ONLY, ALTERNATIVE, with_attachment(b"\xff\xd8\xff" + b"x" * 300), FORWARDED_WHOLE,
    BOUNCE % b"x@y", OUT_OF_OFFICE, REPLY,
]  # fmt: skip
