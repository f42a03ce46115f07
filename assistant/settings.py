"""Settings: the only place that reads the environment. Every key is listed in ``.env.example``."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chains.models.catalogue import DEFAULT_MODEL
from finetune.adapters import SHIPPED
from knowledge.errors import InputError
from knowledge.servers import Servers, chroma_address, database_address, is_shared

REMEMBERED = "settings.env"


class Settings(BaseSettings):
    """What an installation can change, from the environment or a ``.env`` file."""

    model_config = SettingsConfigDict(env_prefix="FENGJING_", env_file=".env", extra="ignore")

    home: Path = Path("~/.fengjing")
    database_url: str = Field(default="", validate_default=True, repr=False)
    chroma_url: str = ""
    model: str = DEFAULT_MODEL
    engine: Literal["auto", "embedded", "transformers"] = "auto"
    adapter: str = SHIPPED
    base_url: str = ""
    api_key: str = ""
    model_name: str = ""
    server: Literal["openai", "vllm", "sglang", "dashscope"] = "openai"
    server_takes_grammar: bool = False
    weather: str = "open-meteo"
    weather_key: str = ""
    weather_host: str = ""
    threads: int = Field(default=0, ge=0)
    port: int = Field(default=8501, ge=1, le=65535)
    host: str = "127.0.0.1"
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8600, ge=1, le=65535)
    api_keys: str = ""
    api_secret: str = ""
    api_turns: int = Field(default=0, ge=0, le=256)
    api_waiting: int = Field(default=50, ge=0, le=10_000)
    api_requests_per_minute: int = Field(default=60, ge=0)
    api_turn_seconds: float = Field(default=180, gt=0)
    api_grace_seconds: int = Field(default=20, ge=1)
    api_body_kb: int = Field(default=256, ge=1)
    api_messages: int = Field(default=200, ge=1)
    api_origins: str = ""

    @field_validator("home")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str, info: ValidationInfo) -> str:
        """Where conversations are kept: as set, else a file of the home folder."""
        return database_address(value or f"sqlite:///{info.data.get('home', Path.cwd()) / 'fengjing.db'}")

    @field_validator("chroma_url")
    @classmethod
    def _chroma(cls, value: str) -> str:
        return chroma_address(value) if value else ""

    @property
    def worker_threads(self) -> int:
        """Threads to compute with: as set, else one for each core."""
        return self.threads or os.cpu_count() or 1

    @property
    def servers(self) -> Servers:
        """What knowledge is kept outside the home folder; a SQLite file elsewhere holds conversations only."""
        return Servers(self.database_url if is_shared(self.database_url) else "", self.chroma_url)


def load_settings() -> Settings:
    """The settings in force; raises `InputError` naming the key that is wrong.

    Later wins: what `fengjing model use` remembered, the ``.env`` file of the folder, the environment.
    """
    try:
        home = Settings().home
        return Settings(_env_file=(home / REMEMBERED, ".env"))
    except ValidationError as error:
        first = error.errors()[0]
        key = "FENGJING_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(f"{key} is wrong ({first['msg']}); see .env.example for what it takes") from error


def remember(home: Path, key: str, value: str) -> None:
    """Keep a choice for the next start, in a file of the home folder."""
    path = home / REMEMBERED
    home.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if not line.startswith(f"{key}=")]
    path.write_text("\n".join([*kept, f"{key}={value}"]) + "\n", encoding="utf-8")
