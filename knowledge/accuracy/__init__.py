"""The accuracy check: questions with known answers, put to what is held, and counted.

Questions are derived from any catalogue (`derive`) or written by hand (`questions`); `run` puts them to a system given
as two callables, so that nothing here knows of chains or models; `report` says how it went.
"""

from knowledge.accuracy.questions import Question
from knowledge.accuracy.run import Outcome, System, ask

__all__ = ["Outcome", "Question", "System", "ask"]
