"""Blind votes on a comparison: which of two answers a person prefers, without knowing which side wrote which.

Sides are shuffled for each prompt by a seed that lies apart in a key file; votes are only ever added, and a voter's last
word on a prompt counts. Prompts that both sides answered alike are not put to a vote. Not covered: proving who a voter is.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Literal, cast, get_args

from pydantic import TypeAdapter, ValidationError

from finetune.judging.compare import (
    Answer,
    Compared,
    Comparison,
    Outcome,
    Verdict,
    load,
    outcome,
    outcome_figures,
    share_figures,
)
from finetune.judging.notes import write
from knowledge.accuracy.metrics import Share, share
from knowledge.errors import InputError, StorageError

KEY, VOTES = "key.json", "votes.jsonl"
Choice = Literal["A", "B", "tie", "both bad"]
CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True)
class Vote:
    """One voter's word on one prompt, as it stood before them; `at` is UTC, ISO 8601."""

    prompt: int
    choice: Choice
    voter: str
    at: str


@dataclass(frozen=True)
class Tally:
    """What one voter, or all, said: outcomes for the tuned side, how often both were bad, agreement with the verdicts."""

    voter: str
    outcome: Outcome
    both_bad: int
    agreement: Share


class Booth:
    """The votes on the comparison of one folder."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open it; raises `InputError` where the folder holds no comparison or lost its key."""
        self.folder = folder
        self.comparison: Comparison = load(folder)
        self._seed = _seed(folder)
        self._now = now
        self._rows = {row.number: row for row in self.comparison.rows if not row.same}

    @property
    def ballots(self) -> list[Compared]:
        """The prompts put to a vote."""
        return list(self._rows.values())

    def shown(self, row: Compared) -> tuple[Answer, Answer]:
        """The answers of a prompt as A and B."""
        return (row.tuned, row.base) if self._tuned_is_a(row.number) else (row.base, row.tuned)

    def votes(self) -> list[Vote]:
        """Every vote so far, oldest first; a line torn by a kill is left out."""
        path, one = self.folder / VOTES, TypeAdapter(Vote)
        found = []
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
            try:
                found.append(one.validate_json(line))
            except ValidationError:
                continue
        return [vote for vote in found if vote.prompt in self._rows]

    def waiting(self, voter: str) -> list[Compared]:
        """The prompts this voter has not voted on."""
        done = {vote.prompt for vote in self.votes() if vote.voter == voter}
        return [row for row in self.ballots if row.number not in done]

    def cast(self, prompt: int, choice: Choice, voter: str) -> Vote:
        """Add a vote; raises `InputError` for a prompt, a choice or a voter that is none, `StorageError` for a full disk."""
        if prompt not in self._rows:
            raise InputError(f"prompt {prompt} is not put to a vote in {self.folder}; 'fengjing compare vote' shows those that are")
        if choice not in CHOICES or not voter.strip():
            raise InputError(f"a vote needs a voter's name and one of {', '.join(CHOICES)}, got {choice!r} by {voter!r}")
        vote = Vote(prompt, choice, voter.strip(), self._now().isoformat(timespec="seconds"))
        path = self.folder / VOTES
        try:
            torn = path.exists() and not path.read_bytes().endswith(b"\n")  # a kill left half a line
            with path.open("a", encoding="utf-8") as file:
                file.write("\n" * torn + json.dumps(asdict(vote), ensure_ascii=False) + "\n")
        except OSError as error:
            raise StorageError(f"the vote cannot be kept ({error.strerror}); free some disk space and vote again") from error
        return vote

    def tallies(self) -> list[Tally]:
        """Of all voters together, then of each; this reveals which side is which."""
        last = {(vote.voter, vote.prompt): vote for vote in self.votes()}
        voters = dict.fromkeys(voter for voter, _ in last)
        each = [self._tally(voter, [vote for (who, _), vote in last.items() if who == voter]) for voter in voters]
        return [self._tally("all", list(last.values())), *each] if each else []

    def _tally(self, voter: str, votes: list[Vote]) -> Tally:
        verdicts = [self.verdict(vote) for vote in votes]
        alike = share([verdict == self._rows[vote.prompt].verdict for verdict, vote in zip(verdicts, votes, strict=True)])
        return Tally(voter, outcome(verdicts), sum(vote.choice == "both bad" for vote in votes), alike)

    def verdict(self, vote: Vote) -> Verdict:
        """A vote as the tuned side's verdict; both bad is a tie."""
        if vote.choice in ("tie", "both bad"):
            return "tie"
        return "win" if (vote.choice == "A") == self._tuned_is_a(vote.prompt) else "loss"

    def _tuned_is_a(self, number: int) -> bool:
        return Random(f"{self._seed}-{number}").random() < 0.5


def lay_key(folder: Path, seed: int | None = None) -> None:
    """Draw the seed that shuffles the sides, and put it apart."""
    write(folder / KEY, json.dumps({"seed": secrets.randbelow(2**31) if seed is None else seed}) + "\n")


def tally_figures(tally: Tally) -> dict[str, Any]:
    """A tally as plain data."""
    return {"voter": tally.voter, **outcome_figures(tally.outcome), "both_bad": tally.both_bad, "agreement": share_figures(tally.agreement, "agreed")}


def _seed(folder: Path) -> int:
    try:
        return cast("int", json.loads((folder / KEY).read_text(encoding="utf-8"))["seed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder / KEY} is missing or torn, and votes cannot be read without it; make the comparison anew with 'fengjing compare'") from error
