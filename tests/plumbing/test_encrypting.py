"""What was encrypted comes back as it was, and nothing else does."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from redress.plumbing import encrypting
from redress.plumbing.encrypting import PIECE, CantDecrypt, Writer

KEY, OTHER = bytes(range(1, 33)), bytes(range(2, 34))


def encrypted(file: Path, *parts: bytes, about: str = "a file") -> Path:
    with file.open("wb") as out:
        writer = Writer(out, KEY, about=about)
        for part in parts:
            writer.write(part)
        writer.close()
    return file


def back(file: Path, key: bytes = KEY, about: str = "a file") -> bytes:
    return b"".join(encrypting.read(file, key, about=about))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7])
def test_any_length_comes_back(size: int, tmp_path: Path) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    file = encrypted(tmp_path / "x", content)
    assert back(file) == content
    assert encrypting.is_encrypted(file)
    if size > 16:
        assert content[:16] not in file.read_bytes()


@settings(max_examples=50, deadline=None)
@given(parts=some.lists(some.binary(max_size=300)))
def test_it_does_not_matter_how_it_was_written(parts: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    assert back(encrypted(tmp_path_factory.mktemp("e") / "x", *parts)) == b"".join(parts)


def test_the_same_content_never_gives_the_same_bytes(tmp_path: Path) -> None:
    assert encrypted(tmp_path / "a", b"x").read_bytes() != encrypted(tmp_path / "b", b"x").read_bytes()


def test_another_key_or_another_use_opens_nothing(tmp_path: Path) -> None:
    file = encrypted(tmp_path / "x", b"in confidence")
    for key, about in ((OTHER, "a file"), (KEY, "another file")):
        with pytest.raises(CantDecrypt, match="another key, or was altered"):
            back(file, key, about)


@pytest.mark.parametrize("harm", ["cut", "cut at a piece", "altered", "swapped", "longer", "no header"])
def test_what_was_harmed_is_refused(harm: str, tmp_path: Path) -> None:
    file = encrypted(tmp_path / "x", b"a" * (3 * PIECE))
    whole = file.read_bytes()
    head, sealed = len(encrypting.MAGIC) + 32, PIECE + 16
    pieces = [whole[head + i * sealed : head + (i + 1) * sealed] for i in range(3)]
    file.write_bytes(
        {
            "cut": whole[:-1],
            "cut at a piece": whole[: head + 2 * sealed],
            "altered": whole[:-100] + b"!" + whole[-99:],
            "swapped": whole[:head] + pieces[1] + pieces[0] + pieces[2],
            "longer": whole + b"more",
            "no header": whole[3:],
        }[harm]
    )
    with pytest.raises(CantDecrypt):
        back(file)
