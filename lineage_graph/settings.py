"""One place for every setting: its name, default, meaning and environment variable."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lineage_graph.errors import InvalidArgument


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _also(name: str, *others: str) -> Any:
    """Return a setting's aliases: our environment variable first, then those of other tools."""
    return AliasChoices(name, f"LINEAGE_GRAPH_{name.upper()}", *others)


def _data_folder() -> Path:
    return user_data_path("lineage-graph", appauthor=False)


class Settings(BaseSettings):
    """Settings of a process, from arguments first, then ``LINEAGE_GRAPH_<NAME>``, then the default."""

    model_config = SettingsConfigDict(
        env_prefix="LINEAGE_GRAPH_", frozen=True, extra="forbid", populate_by_name=True
    )

    uri: str | None = Field(
        default=None,
        validation_alias=_also("uri", "NEO4J_URI"),
        description="address of a Neo4j server (neo4j://, neo4j+s://, bolt://); unset: the embedded engine",
    )
    username: str = Field(
        default="neo4j",
        validation_alias=_also("username", "NEO4J_USERNAME"),
        description="user on the Neo4j server",
    )
    password: SecretStr | None = Field(
        default=None,
        validation_alias=_also("password", "NEO4J_PASSWORD"),
        description="password on the Neo4j server; unset: no authentication",
    )
    database: str = Field(
        default="neo4j",
        validation_alias=_also("database", "NEO4J_DATABASE"),
        description="database on the Neo4j server",
    )
    connect_timeout: float = Field(
        default=10.0, gt=0, description="seconds to wait for the Neo4j server to answer at first"
    )
    folder: Path = Field(
        default_factory=_data_folder,
        validate_default=True,
        description="folder of the embedded engine's files",
    )
    engine_memory: int = Field(
        default=1024, ge=256, description="Java heap of the embedded engine, in MB"
    )
    engine_linger: float = Field(
        default=5.0, ge=0, description="seconds the embedded engine waits after its last user left"
    )
    engine_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Bolt port of the embedded engine, on loopback, for other tools; 0: any free one",
    )
    query_timeout: float = Field(
        default=10.0, gt=0, description="seconds a question or a console statement may take"
    )
    write_timeout: float = Field(
        default=120.0, gt=0, description="seconds one put may take, retries not counted"
    )
    row_limit: int = Field(
        default=1000, ge=1, description="rows a question or a console statement returns at most"
    )
    host: str = Field(default="127.0.0.1", description="address the web server listens on")
    port: int = Field(
        default=8765, ge=0, le=65535, description="port of the web server; 0: any free one"
    )
    access_token: SecretStr | None = Field(
        default=None,
        description="when set, every request to the servers needs it, but gRPC with client certificates; "
        "required off loopback",
    )
    rpc_host: str = Field(default="127.0.0.1", description="address the gRPC server listens on")
    rpc_port: int = Field(
        default=8080, ge=0, le=65535, description="port of the gRPC server; 0: any free one"
    )
    rpc_certificate: Path | None = Field(
        default=None, description="file of the gRPC server's certificate (PEM); set: TLS only"
    )
    rpc_key: Path | None = Field(
        default=None, description="file of the key of the gRPC server's certificate (PEM)"
    )
    rpc_client_authority: Path | None = Field(
        default=None,
        description="file of the authority whose certificates gRPC clients must have (PEM)",
    )
    rpc_open: bool = Field(
        default=False,
        description="let everybody who reaches the gRPC server call it, also without the token",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="further names the web server answers to (the Host header), separated by commas",
    )
    files: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(),
        description="folders whose files the pages of artifacts show, separated by commas; everybody "
        "who may see the pages sees them",
    )
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="sites whose pages may frame the pages under /embed (https://wiki.example), separated by commas",
    )
    spool: Path | None = Field(
        default=None, description="file for records of a recorder whose store is down"
    )

    @field_validator("folder", mode="before")
    @classmethod
    def _given_folder(cls, value: Any) -> Any:
        return value if str(value).strip() else _data_folder()

    @field_validator("folder")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """Make the folder absolute: the engine's process has another working directory."""
        try:
            return value.expanduser().absolute()
        except RuntimeError as error:  # ~ of an unknown user
            raise ValueError(f"{value}: {error}") from None
        except OSError:
            raise ValueError(
                f"{value} is below the working directory, which is gone; write the whole path"
            ) from None

    @field_validator("allowed_hosts", "embed_origins", "files", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("embed_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", origin):
                raise ValueError(f"{origin!r} is no origin; write https://wiki.example")
        return value


def check_token(settings: Settings) -> None:
    """Refuse an access token that can be guessed.

    Raises:
        InvalidArgument: it has fewer than eight characters.
    """
    if settings.access_token is not None and len(settings.access_token.get_secret_value()) < 8:
        raise InvalidArgument(
            "The access token is too short.", hint="Take eight characters or more."
        )
