"""`GET /v1/search`: the records behind a name or a description, with their prices and where each fact comes from."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from assistant.api.desk import AtDesk
from chains.wording import hours_words, price_words
from knowledge.catalogue import Filter
from knowledge.errors import InputError
from knowledge.library import Library
from knowledge.retriever import Hit

router = APIRouter(prefix="/v1")


@router.get("/search", summary="Search sights by name, words and meaning")
async def search(
    desk: AtDesk,
    q: Annotated[str, Query(min_length=1, max_length=200, description="What to look for, Chinese or English.")],
    city: Annotated[str, Query(max_length=60, description="Only in this city.")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> dict[str, Any]:
    """Best first; `alternative` marks a sight that breaks a condition which nothing meets."""
    return {"query": q, "results": await run_in_threadpool(_found, desk.library, q, city, limit)}


def _found(library: Library, text: str, city: str, limit: int) -> list[dict[str, Any]]:
    mentions = library.catalogue.city_names.find(city) if city else []
    if city and not mentions:
        raise InputError(f"we hold no city named {city!r}; leave 'city' out to search all of them")
    cities = tuple(record for mention in mentions for record in mention.ids)
    return [_row(hit, library) for hit in library.retriever.search(text, Filter(cities=cities), limit)]


def _row(hit: Hit, library: Library) -> dict[str, Any]:
    sight, sources = hit.attraction, library.catalogue.sources
    facts = {fact: {"source": sources[source].label, "year": sources[source].year} for fact, source in sight.facts().items()}
    return {
        "id": sight.id, "name": sight.name, "name_en": sight.name_en, "city": library.catalogue.cities[sight.city].name,
        "price": price_words(sight.ticket, "zh"), "hours": hours_words(sight.hours, "zh"), "facts": facts, "url": sight.url,
        "score": round(hit.score, 4), "ways": list(hit.ways), "alternative": hit.alternative,
    }
