"""How fast files come in: the shared 352-city table (three sizes made here, to show that speed holds) and, where it lies at hand, the big fact table.

Rows per second are of processor time, so that they mean one core however busy the machine is.
"""

import csv
import random
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.builtin import load_builtin
from knowledge.ways_in.intake import import_files
from knowledge.ways_in.raw import Wishes
from knowledge.ways_in.report import FileReport

ROWS = (5_000, 20_000, 80_000)
WANTED_ROWS_A_SECOND = 2000
FACT_TABLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "attraction_facts.csv"  # beside the checkout, on some machines
_CITIES = "北京 上海 青岛 洛阳 西安 成都 昆明 桂林 长沙 武汉 大同 厦门 泉州 无锡 淄博 宜昌 遵义 喀什 漠河 海口 云浮 宿州 台州 泰州 开封 安阳 保定 赣州".split()
_FIRST = "望 听 观 临 寻 揽 栖 听 问 怀".split()
_SECOND = "海 潮 云 月 松 竹 泉 雪 鹤 霞".split()
_KINDS = "博物馆 古镇 公园 寺 山风景区 湖 森林公园 纪念馆 古城遗址 瀑布 步行街 动物园".split()


def report() -> list[str]:
    """One line a table: rows, rows a second, what became of them, and the memory it took."""
    with TemporaryDirectory() as folder:
        table, lines = Path(folder) / "全国.csv", []
        for rows in ROWS:
            write_city_table(table, rows)
            lines.append(measure("352-city table", table, Path(folder) / f"home{rows}"))
        if FACT_TABLE.exists():
            lines.append(measure("fact table", FACT_TABLE, Path(folder) / "home", year=2023))
        return lines


def run() -> None:
    """Print the report."""
    print("\n".join(report()))


def measure(name: str, file: Path, home: Path, year: int | None = None) -> str:
    """Import one file into a fresh home."""
    base = load_builtin()
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    (done,) = import_files([file], home, base, Wishes(year=year)).files
    seconds = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    speed = done.rows_read / seconds
    verdict = "reached" if speed >= WANTED_ROWS_A_SECOND else "MISSED"
    return (f"{name}: {done.rows_read} rows in {seconds:.1f} s of one core, {speed:.0f} rows/s ({WANTED_ROWS_A_SECOND} {verdict}); "
            f"{_outcome(done)}; peak memory grew by {grown} MB")


def _outcome(done: FileReport) -> str:
    return f"{done.taken} taken, {done.merged} merged, {done.refused} refused, {done.disagreements} disagreements"


def write_city_table(path: Path, rows: int) -> None:
    """A table in the shared layout, with the variety that real ones have."""
    rng = random.Random(7)
    columns = "名字,链接,地址,介绍,开放时间,图片链接,评分,建议游玩时间,建议季节,门票,小贴士,来源城市".split(",")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number in range(rows):
            name = f"{rng.choice(_FIRST)}{rng.choice(_SECOND)}{rng.choice(_FIRST)}{rng.choice(_SECOND)}{rng.choice(_KINDS)}"
            city = rng.choice(_CITIES)
            writer.writerow((
                f"{name}Scenic Spot {number}" if rng.random() < 0.5 else name, f"http://travel.qunar.com/p-oi{number}", f"地址:\n{city}市中心路{rng.randint(1, 400)}号\n电话:\n0532-{number}",
                "山水相依，四季有景。" * rng.randint(0, 12), _hours(rng), "x.jpg", f"{rng.uniform(3, 5):.1f}", rng.choice(("建议游览时间：1小时 - 2小时", "建议游览时间：12小时 - 3天", "")),
                "四季皆宜", _price(rng), rng.choice(("带好防晒", "", "")), city,
            ))


def _hours(rng: random.Random) -> str:
    opens, closes = f"{rng.randint(6, 10)}:{rng.choice(('00', '30'))}", f"{rng.randint(16, 22)}:{rng.choice(('00', '30'))}"
    return rng.choice((
        "", "全天", f"开放时间:{opens}-{closes}", f"全年 {opens}-{closes}", f"周二-周日{opens}-{closes}（15:30停止入馆），周一闭馆。",
        f"4月1日-10月31日{opens}-{closes}；11月1日-次年3月31日9:00-16:30", f"夏季{opens}-{closes}，冬季9:00-16:00", "具体开放时间请咨询景区",
    ))


def _price(rng: random.Random) -> str:
    yuan = rng.randint(1, 40) * 5
    return rng.choice(("", "免费", f"{yuan}元", f"{{'成人票': '¥{yuan}', '学生票': '¥{yuan // 2}'}}", f"旺季{yuan + 20}元，淡季{yuan}元", "面议"))
