"""Output files: an existing file is replaced only with --force, and only by a complete one."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from lineage_graph.errors import AlreadyExists, NotFound

STDOUT = Path("-")
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace the file where it exists.")]


def check_free(file: Path, force: bool) -> None:
    """Refuse to write where the folder is missing, or the file exists and ``force`` is off.

    Raises:
        AlreadyExists: there is a file.
        NotFound: there is no folder to write it in.
    """
    if not file.absolute().parent.is_dir():
        raise NotFound(f"There is no folder {file.parent}.", hint="Make it first.")
    if file != STDOUT and file.is_file() and not force:
        raise AlreadyExists(f"The file {file} exists.", hint="Use --force to replace it.")


@contextmanager
def destination(file: Path) -> Iterator[IO[bytes]]:
    """Yield the stream to write to; a file appears under its name only when it is complete."""
    if file == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if file.exists() and not file.is_file():  # a pipe or a device, which is written directly
        with file.open("wb") as stream:
            yield stream
        return
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, temporary)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
