"""Itineraries that can be walked: a planner, and a checker that shares nothing with it but the types."""
