"""A small base of two cities to import into, and the sample files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.builtin import KnowledgeBase
from knowledge.ways_in.intake import import_files
from knowledge.ways_in.raw import Wishes
from knowledge.ways_in.report import ImportReport
from tests.knowledge.small_world import a_base, a_city, a_sight

SAMPLES = Path(__file__).parent / "samples"
HAND = "hand-2025"
Import = Callable[..., ImportReport]


@pytest.fixture
def base() -> KnowledgeBase:
    """青岛 with 栈桥, 崂山 and 小鱼山公园, and 北京 with 故宫博物院, all of 2025."""
    beijing = a_city("beijing", name="北京", name_en="Beijing", province="北京", aliases=("北京市",),
                     position={"latitude_deg": 39.9, "longitude_deg": 116.4, "source": HAND})
    return a_base(
        a_sight("栈桥", aliases=("青岛栈桥", "回澜阁"), ticket={"adult_yuan": 0, "source": HAND}),
        a_sight("崂山", rank=2, aliases=("崂山风景区",), ticket={"adult_yuan": 90, "source": HAND}, grade={"level": "5A", "source": HAND},
                position={"latitude_deg": 36.154, "longitude_deg": 120.6235, "source": HAND}),
        a_sight("小鱼山公园", rank=3, ticket={"adult_yuan": 12, "source": HAND}, visit={"minutes_min": 30, "minutes_max": 60, "source": HAND}),
        a_sight("故宫博物院", "beijing", aliases=("故宫", "紫禁城", "角楼"), ticket={"adult_yuan": 60, "source": HAND},
                visit={"minutes_min": 180, "minutes_max": 360, "source": HAND}),
        cities=(a_city(aliases=("青岛市",)), beijing),
    )


@pytest.fixture
def take(tmp_path: Path, base: KnowledgeBase) -> Import:
    """Import sample files by name, or files by path, into a fresh home."""

    def take_in(*files: str | Path, **wishes: object) -> ImportReport:
        paths = [SAMPLES / file if isinstance(file, str) else file for file in files]
        return import_files(paths, tmp_path / "home", base, Wishes(**wishes))  # type: ignore[arg-type]

    return take_in


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home that `take` imports into."""
    return tmp_path / "home"
