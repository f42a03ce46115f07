"""What an import did, file by file: taken, merged, refused and remarked upon, each with its line.

Counts are complete; of the lines themselves the report keeps the first few of a kind, and every refused row goes to a CSV
file, in which no cell is a formula.
"""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.ways_in.raw import Refused, Remark

SHOWN = 8  # lines of a kind that the report names
KINDS = 40  # kinds of refusal of which it names lines
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class FileReport:
    """One file: `taken` rows became new records, `merged` ones joined a record we hold."""

    file: str
    layout: str = ""
    taken: int = 0
    merged: int = 0
    notes: int = 0
    disagreements: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    refused_lines: list[Refused] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    remark_lines: list[tuple[int, Remark]] = field(default_factory=list)
    unreadable: str = ""  # why the file as a whole was refused
    seconds: float = 0.0

    @property
    def refused(self) -> int:
        """Rows that were refused."""
        return self.reasons.total()

    @property
    def rows_read(self) -> int:
        """Rows that were looked at."""
        return self.taken + self.merged + self.notes + self.refused

    def refuse(self, row: Refused) -> None:
        """Count a refused row."""
        self.reasons[row.reason] += 1
        if self.reasons[row.reason] <= SHOWN and len(self.reasons) <= KINDS:
            self.refused_lines.append(row)

    def remark(self, line: int, remark: Remark) -> None:
        """Count something odd in a row that was taken."""
        self.remarks[remark.kind] += 1
        if self.remarks[remark.kind] <= SHOWN:
            self.remark_lines.append((line, remark))

    def content(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "file": self.file, "layout": self.layout, "rows": self.rows_read, "taken": self.taken, "merged": self.merged, "notes": self.notes,
            "refused": self.refused, "disagreements": self.disagreements, "unreadable": self.unreadable, "refused_by_reason": dict(self.reasons),
            "refused_lines": [{"line": row.line, "reason": row.reason, "excerpt": row.excerpt} for row in self.refused_lines],
            "remarks": dict(self.remarks), "remark_lines": [{"line": line, "remark": str(remark)} for line, remark in self.remark_lines],
            "seconds": round(self.seconds, 2),
        }


@dataclass
class ImportReport:
    """All files of one import."""

    files: list[FileReport] = field(default_factory=list)
    refused_file: Path | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was stored."""
        return any(file.taken or file.merged or file.notes for file in self.files)

    def content(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {"files": [file.content() for file in self.files], "refused_file": str(self.refused_file or "")}


class RefusedRows:
    """The CSV file of refused rows; it comes into being with the first of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def add(self, file: str, row: Refused) -> None:
        """Append one row."""
        first = self.count == 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("w" if first else "a", encoding="utf-8-sig" if first else "utf-8", newline="") as out:
            writer = csv.writer(out)
            if first:
                writer.writerow(("file", "line", "reason", "excerpt"))
            writer.writerow([no_formula(cell) for cell in (file, str(row.line), row.reason, row.excerpt)])
        self.count += 1


def no_formula(cell: str) -> str:
    """A cell that a spreadsheet shows and does not calculate: a formula's sign gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell

