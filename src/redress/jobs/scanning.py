"""Asks the virus scanner about files that came from outside; until it found one clean, nobody can open it.

A file that could not be scanned stays held, and is tried again every few minutes, also after days without a scanner.
"""

from __future__ import annotations

from collections.abc import Iterator

from redress.access.actor import Actor
from redress.casework import documents
from redress.documents.store import store
from redress.plumbing import later, malware, malware_setting, moment
from redress.plumbing.storage import Altered, Missing

_PIECE = 1 << 20


@later.job(documents.SCAN, tries=4, wait=30)
def scan_document(*, document_id: int) -> None:
    """Scan one document and write down what was said; a document that was judged before is left alone."""
    document = documents.document_of(document_id)
    if document is None:
        return
    before = documents.newest_scan(document)
    if before is not None and before.result in ("clean", "infected"):
        return
    address = malware_setting.scanner_address()
    if address is None:
        if before is None:
            _record(document_id, "not-scanned", "This installation has no virus scanner.")
        return
    try:
        said = malware.scan(_pieces(document.council.code, document.sha256), address)
    except (Missing, Altered) as fault:
        said = malware.Scan("not-scanned", reason=fault.sentence)
    if said.result == "not-scanned" and before is not None and before.detail == said.reason[:300]:
        return  # the same fault as last time need not be written down again every few minutes
    _record(document_id, said.result, said.name or said.reason)


@later.job("scan_again", every="*/5 * * * *")
def scan_again() -> None:
    """Queue the scan of everything that is still held."""
    if malware_setting.scanner_address() is None:
        return
    for document_id in documents.not_scanned_yet():
        later.queue(documents.SCAN, key=f"scan:{document_id}", document_id=document_id)


def _pieces(council_code: str, sha256: str) -> Iterator[bytes]:
    with store().open(council_code, sha256) as file:
        while piece := file.read(_PIECE):
            yield piece


def _record(document_id: int, result: str, detail: str) -> None:
    document = documents.document_of(document_id)
    if document is not None:
        documents.record_scan(document=document, result=result, detail=detail, by=Actor.timetable(), at=moment.now())
