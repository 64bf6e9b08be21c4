"""A small file is fetched from an address: not for ever, not without end, and not from anywhere else."""

import socket
import threading
import time

import pytest

from redress.plumbing import fetching


class Slow:
    """A server that answers byte by byte, or not at all."""

    def __init__(self, answer: bytes, pause: float) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.answer, self.pause = answer, pause
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}/list.json"

    def serve(self) -> None:
        try:
            with self.listening.accept()[0] as caller:
                caller.recv(4096)
                for one in self.answer:
                    caller.sendall(bytes([one]))
                    time.sleep(self.pause)
        except OSError:
            return


def test_what_lies_at_an_address_is_given_as_it_is() -> None:
    server = Slow(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\n", 0)
    assert fetching.get(server.address, seconds=5) == b"{}\n"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"])
def test_an_answer_that_trickles_is_not_waited_for(head: bytes) -> None:
    """Each byte comes within the limit of one wait, and the whole never would."""
    server = Slow(head + b" " * 500 if head else b"H" * 500, 0.02 if head else 0.2)
    began = time.monotonic()
    with pytest.raises(fetching.NotFetched, match="did not answer within 1 seconds"):
        fetching.get(server.address, seconds=1)
    assert time.monotonic() - began < 5


def test_an_address_of_https_is_fetched_by_https() -> None:
    with pytest.raises(fetching.NotFetched, match="127"):
        fetching.get(Slow(b"HTTP/1.1 200 OK\r\n\r\n", 0).address.replace("http:", "https:"), seconds=2)


def test_what_is_no_web_server_is_told() -> None:
    with pytest.raises(fetching.NotFetched, match=r"127\.0\.0\.1 broke off"):
        fetching.get(Slow(b"220 mail.example ESMTP\r\n", 0).address, seconds=2)


def test_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(fetching.NotFetched, match="can’t be reached"):
        fetching.get(f"http://127.0.0.1:{port}/", seconds=2)


def test_more_than_is_wanted_is_not_taken() -> None:
    server = Slow(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + b"x" * 50, 0)
    with pytest.raises(fetching.NotFetched, match="more than 20 bytes"):
        fetching.get(server.address, seconds=5, most=20)


def test_an_address_on_this_machine_is_told_from_one_outside() -> None:
    assert fetching.is_here("http://127.0.0.1:8000/x")
    assert fetching.is_here("http://localhost/x")
    assert fetching.is_here("http://[::1]:80/x")
    assert not fetching.is_here("https://www.gov.uk/bank-holidays.json")
    assert not fetching.is_here("http://127.0.0.1.example/")
