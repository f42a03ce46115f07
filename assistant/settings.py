"""Settings: the only place that reads the environment. Every key is listed in ``.env.example``."""

import os
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chains.models.catalogue import DEFAULT_MODEL
from finetune.adapters import SHIPPED
from knowledge.errors import InputError

REMEMBERED = "settings.env"


class Settings(BaseSettings):
    """What an installation can change, from the environment or a ``.env`` file."""

    model_config = SettingsConfigDict(env_prefix="FENGJING_", env_file=".env", extra="ignore")

    home: Path = Path("~/.fengjing")
    model: str = DEFAULT_MODEL
    adapter: str = SHIPPED
    base_url: str = ""
    api_key: str = ""
    model_name: str = ""
    server_takes_grammar: bool = False
    weather: str = "open-meteo"
    weather_key: str = ""
    weather_host: str = ""
    threads: int = Field(default=0, ge=0)
    port: int = Field(default=8501, ge=1, le=65535)
    host: str = "127.0.0.1"

    @field_validator("home")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def worker_threads(self) -> int:
        """Threads to compute with: as set, else one for each core."""
        return self.threads or os.cpu_count() or 1

    @property
    def database_url(self) -> str:
        """Where conversations are kept."""
        return f"sqlite:///{self.home / 'fengjing.db'}"


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
