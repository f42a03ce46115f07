"""The compose file, read as YAML: whole, without secrets, and in the words of our own settings. No container is started."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.settings import Settings

DEPLOY = Path(__file__).parent.parent / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PINNED = re.compile(r"(postgres:\d+\.\d+|\w+:\d+\.\d+\.\d+)(-[a-z-]+)?")  # PostgreSQL's second number is its patch
EXAMPLE = [line.removeprefix("# ") for line in (DEPLOY / "example.env").read_text(encoding="utf-8").splitlines()]


def test_every_lasting_service_says_whether_it_is_well() -> None:
    """All but the job that ends have a health check, and whoever leans on another waits until it is well."""
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == ["prepare"]
    waits = {(name, other): how["condition"] for name, service in SERVICES.items() for other, how in service.get("depends_on", {}).items()}
    assert {other for _, other in waits} <= set(SERVICES)
    assert {how for (_, other), how in waits.items() if other != "prepare"} == {"service_healthy"}
    assert {how for (_, other), how in waits.items() if other == "prepare"} == {"service_completed_successfully"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name: str) -> None:
    """Passwords and keys are asked for by name, and the start is refused where one is missing."""
    for key, value in SERVICES[name].get("environment", {}).items():
        if any(word in key for word in ("PASSWORD", "KEY", "SECRET", "DATABASE_URL")):
            assert ":?" in value, key


def test_images_are_pinned() -> None:
    """Others' images are named to the patch, the base of ours too; ours carries this version, and is built wherever it is used."""
    bases = [line.removeprefix("FROM ") for line in (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines() if line.startswith("FROM ")]
    others = [service["image"] for service in SERVICES.values() if "build" not in service]
    assert [image for image in (*others, *bases) if not PINNED.fullmatch(image)] == []
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {service["image"] for service in SERVICES.values() if "build" in service} == {f"fengjing:{project['version']}"}


def test_the_settings_are_ours() -> None:
    """Every setting named in the compose file and in its example of an environment is one that is read."""
    prefix = Settings.model_config["env_prefix"]
    known = {f"{prefix}{field}".upper() for field in Settings.model_fields} | {"POSTGRES_PASSWORD", "FENGJING_PUBLIC_PORT"}
    given = {key for service in SERVICES.values() for key in service.get("environment", {}) if key.startswith("FENGJING_")}
    listed = {line.partition("=")[0] for line in EXAMPLE if "=" in line and line.partition("=")[0].isupper()}
    assert (given | listed) - known == set()
    assert {"POSTGRES_PASSWORD", "FENGJING_API_KEYS", "FENGJING_API_SECRET"} <= listed


def test_secrets_in_the_example_are_empty() -> None:
    """What is to be filled in is not filled in with something that works."""
    values = {line.partition("=")[0]: line.partition("=")[2] for line in EXAMPLE if "=" in line}
    assert [values[key] for key in ("POSTGRES_PASSWORD", "FENGJING_API_KEYS", "FENGJING_API_SECRET")] == ["", "", ""]


def test_only_the_proxy_is_open() -> None:
    """Databases and workers are reached inside the network only; what is mounted and built is there."""
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])} - set(COMPOSE["volumes"]) == {"./Caddyfile"}
    assert {(DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file() for service in SERVICES.values() if "build" in service} == {True}
    assert (DEPLOY / "Caddyfile").is_file()
