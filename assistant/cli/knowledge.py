"""`fengjing knowledge build | show | search | stats | check`: what we know, and where it comes from."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from assistant.cli import accuracy, crawling, importing
from assistant.settings import load_settings
from chains import wording
from knowledge import library as shelves
from knowledge.builtin import KnowledgeBase, load_builtin
from knowledge.catalogue import Filter
from knowledge.check import check as find_faults
from knowledge.embedding import E5Embeddings, load_vectors, save_vectors
from knowledge.errors import InputError
from knowledge.records import Attraction

app = typer.Typer(help="The knowledge base: build, look up, count, check.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
app.command("crawl")(crawling.crawl)
app.command("import")(importing.take_in)
app.command("accuracy")(accuracy.accuracy)


@app.command("build")
def build(
    if_needed: Annotated[bool, typer.Option("--if-needed", help="Only where it is missing or from other data.")] = False,
    ship: Annotated[bool, typer.Option("--ship-vectors", help="For maintainers: write the vectors that ship with the data.")] = False,
) -> None:
    """Build catalogue and index from the shipped data and everything imported."""
    if if_needed and shelves.is_current(load_settings().home):
        return
    embeddings = E5Embeddings(load_vectors())
    if ship:
        texts = [passage.text for passage in shelves.all_passages(load_builtin())]
        save_vectors(texts, embeddings.embed_documents(texts))
        embeddings = E5Embeddings(load_vectors())  # so that none is computed twice
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("passages", total=None)
        base = shelves.build(load_settings().home, embeddings, lambda done, all_: bar.update(task, completed=done, total=all_))
    typer.echo(f"{len(base.cities)} cities, {len(base.attractions)} sights indexed; {embeddings.computed} passages had to be embedded")


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A sight's name or alias, Chinese or English.")], as_json: Json = False
) -> None:
    """Print the record behind a name: every fact with its source and year."""
    library = shelves.open_library(load_settings().home)
    mentions = library.catalogue.sight_names.find(name) or library.catalogue.sight_names.find_misspelt(name)
    sights = library.catalogue.get(dict.fromkeys(record for mention in mentions for record in mention.ids))
    if not sights:
        near = "、".join(hit.attraction.name for hit in library.retriever.search(name, limit=3))
        raise InputError(f"no record is named {name!r}" + (f"; near it are {near}" if near else "") + "; try 'fengjing knowledge search'")
    if as_json:
        typer.echo(json.dumps([sight.model_dump(mode="json") for sight in sights], ensure_ascii=False, indent=2))
        return
    for sight in sights:
        _print_record(sight, library)


def _print_record(sight: Attraction, library: shelves.Library) -> None:
    console = Console()
    sources = {fact: library.catalogue.sources[source] for fact, source in sight.facts().items()}
    rows = {
        "ticket": wording.ticket_details(sight.ticket, "zh"), "hours": wording.hours_words(sight.hours, "zh"),
        "visit": wording.visit_words(sight.visit, "zh"), "level": sight.grade.level if sight.grade else "",
        "rating": f"{sight.rating.score} ({sight.rating.reviews or '?'})" if sight.rating else "",
        "position": f"{sight.position.latitude_deg}, {sight.position.longitude_deg} {sight.position.datum}" if sight.position else "",
    }
    console.print(f"[bold]{sight.name}[/bold] {sight.name_en} · {library.catalogue.cities[sight.city].name} · {sight.id}", highlight=False)
    console.print(f"  price     {wording.price_words(sight.ticket, 'zh')}", markup=False, highlight=False, soft_wrap=True)
    for fact, words in rows.items():
        if fact in sources:
            console.print(f"  {fact:9} {words}  ← {sources[fact].label} {sources[fact].year}", markup=False, highlight=False, soft_wrap=True)
    for line in importing.other_lines(sight, library):
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    city: Annotated[str, typer.Option(help="Only in this city.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=50)] = 8,
    as_json: Json = False,
) -> None:
    """Search sights by name, words and meaning, and the passages of imported notes by their words."""
    library = shelves.open_library(load_settings().home)
    mentions = library.catalogue.city_names.find(city) if city else []
    if city and not mentions:
        raise InputError(f"no city is named {city!r}; see 'fengjing knowledge stats'")
    cities = tuple(record for mention in mentions for record in mention.ids)
    hits, notes = library.retriever.search(text, Filter(cities=cities), limit), importing.find_notes(text, cities, limit)
    if as_json:
        rows = [{"id": h.attraction.id, "name": h.attraction.name, "score": h.score, "ways": h.ways} for h in hits]
        typer.echo(json.dumps([*rows, *({"note": asdict(note)} for note in notes)], ensure_ascii=False, indent=2))
        return
    for hit in hits:
        sight = hit.attraction
        typer.echo(f"{sight.name} ({library.catalogue.cities[sight.city].name}) {wording.price_words(sight.ticket, 'zh')} · {'+'.join(hit.ways)}")
    for note in notes:
        typer.echo(importing.note_line(note, library))
    if not hits and not notes:
        typer.echo("nothing found")


@app.command("stats")
def stats(as_json: Json = False) -> None:
    """Count what is held, by city and by source."""
    base = shelves.load_base(load_settings().home)
    counts = _counts(base)
    if as_json:
        typer.echo(json.dumps(counts, ensure_ascii=False, indent=2))
        return
    for key, value in counts.items():
        if not isinstance(value, dict):
            typer.echo(f"{key:24}{value}")
    typer.echo("  ".join(f"{base.city_by_id[city].name} {number}" for city, number in sorted(_by_city(base).items(), key=lambda row: -row[1])))


def _counts(base: KnowledgeBase) -> dict[str, object]:
    sights = base.attractions
    sources: dict[str, int] = {}
    for sight in sights:
        for source in sight.facts().values():
            sources[source] = sources.get(source, 0) + 1
    return {
        "cities": len(base.cities), "sights": len(sights),
        "5A": sum(bool(s.grade and s.grade.level == "5A") for s in sights),
        "with a price": sum(bool(s.ticket and s.ticket.adult_yuan is not None) for s in sights),
        "with opening hours": sum(bool(s.hours) for s in sights),
        "facts with a source": sum(sources.values()), "by_source": sources,
        "by_city": _by_city(base),
    }


def _by_city(base: KnowledgeBase) -> dict[str, int]:
    counts = Counter(sight.city for sight in base.attractions)
    return {city.id: counts[city.id] for city in base.cities}


@app.command("check")
def check() -> None:
    """Lint the shipped data; exit code 1 where something is wrong."""
    base = load_builtin()
    findings = find_faults(base)
    for finding in findings:
        typer.echo(str(finding))
    typer.echo(f"{len(base.attractions)} sights in {len(base.cities)} cities checked, {len(findings)} findings")
    raise typer.Exit(1 if findings else 0)
