"""What the tests of the chains share: questions with their guard, each gathered once."""

from functools import cache

import pytest

from knowledge.library import Library
from tests.chains.turns import Ask, GuardedTurn, gather, guarded


@pytest.fixture(scope="session")
def ask(library: Library) -> Ask:
    """From a question to its guarded turn, over the shipped knowledge."""

    @cache
    def turn(question: str) -> GuardedTurn:
        return guarded(library, gather(library, question))

    return turn
