"""The providers by name, as the settings name them."""

from chains.tools.weather.amap import AMap
from chains.tools.weather.cache import CachedProvider
from chains.tools.weather.fetch import PATIENCE, Patience
from chains.tools.weather.open_meteo import OpenMeteo
from chains.tools.weather.qweather import QWeather
from chains.tools.weather.records import WeatherProvider
from knowledge.errors import InputError

PROVIDERS = ("open-meteo", "qweather", "amap", "none")


def provider_named(name: str, key: str = "", host: str = "", patience: Patience = PATIENCE) -> WeatherProvider | None:
    """A remembering provider, or None for ``none``; raises `InputError` for an unknown name or a missing key."""
    if name == "none":
        return None
    if name == "open-meteo":
        return CachedProvider(OpenMeteo(key, host, patience))
    if name == "qweather":
        return CachedProvider(QWeather(key, host, patience))
    if name == "amap":
        return CachedProvider(AMap(key, host, patience))
    raise InputError(f"there is no weather provider {name!r}; choose one of {', '.join(PROVIDERS)}")
