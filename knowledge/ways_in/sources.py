"""The source of an import: an id with layout and year, and a label that readers see beside every fact."""

import hashlib
from functools import lru_cache
from pathlib import Path

from knowledge.records import Source
from knowledge.ways_in.raw import Publisher

_LABELS = {
    Publisher.QUNAR: ("去哪儿旅行页面", "Qunar travel pages"), Publisher.QUNAR_TICKETS: ("去哪儿门票页面", "Qunar ticket pages"),
    Publisher.CTRIP: ("携程页面", "Ctrip pages"), Publisher.MAFENGWO: ("马蜂窝页面", "Mafengwo pages"),
    Publisher.XIAOHONGSHU: ("小红书导出", "Xiaohongshu export"), Publisher.CITY_TABLE: ("352城景点表", "352-city table of sights"),
    Publisher.CROSSWOZ: ("CrossWOZ 数据库", "CrossWOZ database"), Publisher.TABLE: ("表格", "table"), Publisher.PAGE: ("网页", "web page"),
    Publisher.GUIDE: ("攻略", "guide"),
}
_BY_FILE = frozenset({Publisher.TABLE, Publisher.PAGE, Publisher.GUIDE})  # anybody may have written these: the file is the source


@lru_cache(maxsize=1024)
def source_of(publisher: Publisher, year: int, path: Path) -> Source:
    """The source of one publisher's facts of one year; tables and guides of users are sources of their own."""
    label, label_en = _LABELS[publisher]
    mark = ""
    if publisher in _BY_FILE:
        mark = f"-{hashlib.sha256(path.stem.encode()).hexdigest()[:8]}"
        label, label_en = f"{label} {path.stem[:40]}", f"{label_en} {path.stem[:40]}"
    return Source(id=f"import-{publisher}{mark}-{year}", label=f"{label}（导入）", label_en=f"{label_en} (imported)", year=year,
                  note="由用户导入的文件,没有逐条核对")
