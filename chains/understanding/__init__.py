"""From what a traveller typed to a `TripRequest`, by rules that can be read, tested and explained.

Why rules: a 0.5 B model picks slots wrongly too often, and a request is understood here in a millisecond.
"""

from chains.understanding.request import Budget, Intent, Party, Topic, TripRequest
from chains.understanding.understand import Understanding

__all__ = ["Budget", "Intent", "Party", "Topic", "TripRequest", "Understanding"]
