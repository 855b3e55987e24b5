"""The password of the user for other tools, in a file of the engine's folder that only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

TOOLS_USER = "readonly"
"""The user of the embedded engine for other tools: it only reads."""
PASSWORD_FILE = "readonly.password"


def tools_password(folder: Path) -> str:
    """Return the password; made where there is none yet. It stays when the engine starts anew."""
    try:
        found = (folder / PASSWORD_FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        found = ""
    return found or new_password(folder)


def new_password(folder: Path) -> str:
    """Make another password, and write it at once and whole, mode 0600 from its first moment."""
    password = secrets.token_hex(20)  # none that begins with a hyphen, as an option does
    temporary = folder / f"{PASSWORD_FILE}.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{password}\n")
    temporary.replace(folder / PASSWORD_FILE)
    return password
