"""Climate normals: the shipped file, whose figures are used for whom, and files that are wrong."""

import pytest

from knowledge.builtin import load_builtin
from knowledge.climate import LAPSE_C_PER_M, Climate, load_climate
from knowledge.errors import DataError
from tests.chains.tools.weather_samples import BEIJING, CITIES, KUNMING, SHANGHAI, SUZHOU, XISHUANGBANNA

HEADER = "city,elevation_m,period,high_c,low_c,rain_days\n"


@pytest.fixture(scope="module")
def climate() -> Climate:
    """The shipped normals."""
    return load_climate()


def test_own_figures(climate):
    """A city with figures uses its own, as the source has them."""
    normals = climate.normals(BEIJING, CITIES)
    assert (normals.station, normals.period, normals.distance_km, normals.lift_m) == (BEIJING, "1961-1990", 0.0, 0.0)
    assert (normals.month(7).high_c, normals.month(7).low_c, normals.month(7).rain_days) == (30.8, 21.6, 14)


def test_nearest_city_stands_in(climate):
    """A city without figures borrows the nearest one's, and the distance is told."""
    normals = climate.normals(SUZHOU, CITIES)
    assert normals.station == SHANGHAI
    assert 75 < normals.distance_km < 95
    assert normals.month(1) == climate.normals(SHANGHAI, CITIES).month(1)


def test_height_is_corrected(climate):
    """Where the neighbour lies much higher, temperatures are moved by the standard lapse rate."""
    borrowed, own = climate.normals(XISHUANGBANNA, CITIES), climate.normals(KUNMING, CITIES)
    assert borrowed.station == KUNMING
    assert borrowed.lift_m == climate.elevation_m("xishuangbanna") - climate.elevation_m("kunming")
    assert borrowed.month(7).high_c == pytest.approx(own.month(7).high_c - LAPSE_C_PER_M * borrowed.lift_m, abs=0.06)


def test_rain_is_not_borrowed_from_afar(climate):
    """Days with rain are local: beyond 300 km they are unknown."""
    assert climate.normals(XISHUANGBANNA, CITIES).month(7).rain_days is None
    assert climate.normals(SUZHOU, CITIES).month(7).rain_days is not None


def test_unknown_values_stay_unknown(climate):
    """Ningbo has temperatures and no days with rain in the source."""
    months = climate.rows["ningbo"].months
    assert all(month.high_c is not None and month.rain_days is None for month in months)


def test_every_shipped_city_has_normals_and_a_height(climate):
    """Whatever city is asked for, there is an average to fall back on and a height to advise by."""
    cities = load_builtin().city_by_id
    missing = [city.id for city in cities.values() if climate.normals(city, cities) is None or climate.elevation_m(city.id) is None]
    assert missing == []


def test_shipped_figures_are_plausible(climate):
    """Highs lie above lows, July is warmer than January, and no month has more days with rain than days."""
    for row in climate.rows.values():
        for month in row.months:
            assert month.low_c < month.high_c
            assert month.rain_days is None or 0 <= month.rain_days <= 31
        assert not row.months or row.months[6].high_c > row.months[0].high_c


def test_no_city_to_borrow_from(climate):
    """Without any other city there is nothing to borrow."""
    assert climate.normals(SUZHOU, {"suzhou": SUZHOU}) is None
    assert climate.elevation_m("atlantis") is None


@pytest.mark.parametrize(("content", "words"), [
    ("city,high\nbeijing,1\n", "expected the columns"),
    (HEADER + "beijing,45,,1 2 3,,\n", "expected 12 values"),
    (HEADER + "beijing,high,,,,\n", "'high' is not a number"),
])
def test_wrong_files_are_named(tmp_path, content, words):
    """A file that is wrong says where and what was expected."""
    path = tmp_path / "climate.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        load_climate(path)


def test_missing_file(tmp_path):
    """A missing file says how to get it back."""
    with pytest.raises(DataError, match="reinstall"):
        load_climate(tmp_path / "climate.csv")


def test_row_without_figures(tmp_path):
    """A short row is a city whose climate is not known."""
    path = tmp_path / "climate.csv"
    path.write_text(HEADER + "aba,2600\n", encoding="utf-8")
    row = load_climate(path).rows["aba"]
    assert (row.elevation_m, row.period, row.months) == (2600, "", ())
