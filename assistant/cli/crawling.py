"""`fengjing knowledge crawl`: fetch pages of a site politely into a folder, for `fengjing knowledge import`."""

import json
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.settings import load_settings
from knowledge.crawl.crawler import Bounds, Outcome, Walk
from knowledge.crawl.errors import CrawlError
from knowledge.crawl.fetch import Fetcher
from knowledge.crawl.folder import Folder
from knowledge.crawl.manners import Manners
from knowledge.crawl.robots import Robots
from knowledge.crawl.sites import SITES, Route, route_from, route_of
from knowledge.crawl.visit import Visitor

SPEED_SECONDS = 120  # the remaining time is told from the speed of the last two minutes
SHOWN_LEFT_OUT = 5


def crawl(
    site: Annotated[str, typer.Argument(help=f"{', '.join(SITES)}; leave it out with --url.")] = "",
    cities: Annotated[list[str] | None, typer.Argument(help="Cities to fetch sights of: 青岛; for ctrip its own name, qingdao5.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="A start page of any other site; may be given several times.")] = None,
    follow: Annotated[str, typer.Option(help="With --url: regular expression of the links to follow; without it none are.")] = "",
    pages: Annotated[int, typer.Option(min=1, max=20000, help="Pages in all, those of earlier runs too.")] = 200,
    depth: Annotated[int, typer.Option(min=0, max=20, help="With --url: links away from the start pages.")] = 3,
    into: Annotated[Path | None, typer.Option(help="Folder for the pages; by default crawl/SITE in FENGJING_HOME.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The outcome as JSON.")] = False,
) -> None:
    """Fetch pages slowly and by the site's rules; run it again to go on where it stopped."""
    if bool(site) == bool(url):
        raise typer.BadParameter("give either a SITE with cities or --url")
    route = route_of(site, cities or ()) if site else route_from(url or (), follow)
    name = site.lower() or (urlsplit(route.start[0]).hostname or "").replace(":", "-")
    path = into or load_settings().home / "crawl" / name
    outcome = _walk(route, path, Bounds(pages, 1 if site else depth))  # a known site's lists name all its sights
    _report(outcome, path, as_json)
    if outcome.closed:
        raise outcome.closed
    if not outcome.kept:
        raise CrawlError(f"no page was fetched: {outcome.left_out[0][1] if outcome.left_out else 'there was none to fetch'}")


def _walk(route: Route, path: Path, bounds: Bounds) -> Outcome:
    manners = Manners(Fetcher())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Folder(path) as folder, Progress(*columns, console=Console(stderr=True), speed_estimate_period=SPEED_SECONDS) as bar:
        task = bar.add_task("pages", total=None)
        visitor = Visitor(manners, Robots(manners), route.sites)
        return Walk(route, visitor, folder, bounds, lambda done, total, _url: bar.update(task, completed=done, total=total)).go()


def _report(outcome: Outcome, path: Path, as_json: bool) -> None:
    if as_json:
        left_out = [{"url": url, "reason": reason} for url, reason in outcome.left_out]
        typer.echo(json.dumps({"folder": str(path), "kept": outcome.kept, "fetched": outcome.fetched, "left_out": left_out,
                               "closed": str(outcome.closed) if outcome.closed else None}, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{outcome.kept} pages in {path}, {outcome.fetched} of them fetched now, {len(outcome.left_out)} left out")
    for url, reason in outcome.left_out[:SHOWN_LEFT_OUT]:
        typer.echo(f"  left out: {url} ({reason})")
    if outcome.kept:
        typer.echo(f"now: fengjing knowledge import {path}")
