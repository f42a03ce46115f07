"""Which sights are worth considering for a stay, what each is worth on each day, and when it can be visited.

Worth grows with the square of the sight's value, as one place that nobody misses outweighs several ordinary ones; likes,
season and weather raise and lower it; what its ticket is felt to cost and the effort of any visit come off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chains.tools.itinerary.data import OpenSpan, Point, Sight, TravelData
from chains.tools.itinerary.frames import DayFrame
from chains.tools.itinerary.parts import parts_by_whole, stood_for
from chains.tools.itinerary.trip import AtPlace, FreeOnly, Pace, SightKind, Visit
from chains.tools.itinerary.wishes import Wishes
from knowledge.geometry import distance_km

LIKED, DISLIKED, MOST_LIKES = 0.35, 0.35, 2
WET_OUTDOOR, WET_INDOOR = 0.6, 1.15
TICKET_WEIGHT = 0.03  # of worth, for each yuan and person
EFFORT: dict[Pace, float] = {"relaxed": 8.0, "moderate": 6.0, "packed": 3.0}  # of worth, to go anywhere at all
DAYLIGHT = frozenset("山岳 爬山 徒步 森林 峡谷 沙滩 湿地 田园 湖泊 瀑布 草原 沙漠 雪山 动物 植物 赏花 骑行 漂流".split())
NIGHT = frozenset("夜景 演出 美食街 步行街".split())
DUSK = (17 * 60 + 30, 19 * 60)  # November to February, and the rest of the year
WINTER_MONTHS = frozenset({12, 1, 2})
WINTER_SIGHTS, SUMMER_SIGHTS = frozenset({"冰雪", "滑雪"}), frozenset({"沙滩", "水上乐园", "漂流", "赏花"})
TROPIC_DEG = 23.5
ASKED = 4  # times what was only there before
PER_DAY, AT_LEAST = 9, 24  # candidates kept for a stay


@dataclass(frozen=True)
class Visiting:
    """When a sight can be visited on a day: arrival no earlier and no later, in minutes after midnight, and its price."""

    earliest: int
    latest: int
    worth: float
    yuan: float | None


@dataclass(frozen=True)
class Candidate:
    """A sight with everything the search asks of it; `days` holds only the days it can be visited on.

    `parts` are the sights that are seen with it: what is wished for of them is wished for of it.
    """

    sight: Sight
    minutes: int
    days: Mapping[int, Visiting]
    parts: tuple[Sight, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """Its own id and those of its parts."""
        return frozenset(sight.id for sight in (self.sight, *self.parts))

    @property
    def tags(self) -> frozenset[str]:
        """What it is and what its parts are."""
        return frozenset(tag for sight in (self.sight, *self.parts) for tag in sight.tags)


def candidates(wishes: Wishes, data: TravelData, frames: Sequence[DayFrame], used: Iterable[str] = ()) -> list[Candidate]:
    """All sights of the frames' city that may be visited on at least one of their days, best first."""
    sights = data.sights(frames[0].city)
    parts = parts_by_whole(sights)
    taken = set(used)
    taken |= stood_for(parts, wishes.named, taken)
    found = [_candidate(wishes, data, sight, frames, parts.get(sight.id, ())) for sight in sights
             if sight.id not in taken and not excluded(wishes, sight)]
    open_ones = [candidate for candidate in found if candidate.days]
    return sorted(open_ones, key=lambda candidate: (-best_worth(candidate), candidate.sight.id))


def preselect(wishes: Wishes, found: Sequence[Candidate], frames: Sequence[DayFrame], centre: Point | None) -> list[Candidate]:
    """Everything named, and the best of the rest, far ones marked down: enough for the stay, not more."""
    limit = max(AT_LEAST, PER_DAY * len(frames))
    wanted = {tag for wish in wishes.of(SightKind) if not wish.avoid for tag in wish.any_of}
    tagged = [candidate for candidate in found if wanted & candidate.tags][: limit // 4]
    kept = {candidate.sight.id for candidate in tagged} | set(wishes.named)
    ranked = sorted(found, key=lambda candidate: (_far(candidate, centre) - best_worth(candidate), candidate.sight.id))
    kept |= {candidate.sight.id for candidate in ranked[:limit]}
    free = [candidate for candidate in ranked if all(visiting.yuan == 0 for visiting in candidate.days.values())]
    kept |= {candidate.sight.id for candidate in free[: limit // 3]}  # so that a small budget finds something
    indoor = [candidate for candidate in ranked if candidate.sight.indoor]
    kept |= {candidate.sight.id for candidate in indoor[: 4 * sum(frame.severe for frame in frames)]}
    return [candidate for candidate in found if candidate.sight.id in kept]


def best_worth(candidate: Candidate) -> float:
    """What it is worth on its best day."""
    return max(visiting.worth for visiting in candidate.days.values())


def excluded(wishes: Wishes, sight: Sight) -> bool:
    """Whether the traveller does not want to see it."""
    return sight.id in wishes.avoided or bool(wishes.avoided_tags & set(sight.tags))


def centre_of(found: Sequence[Candidate]) -> Point | None:
    """The best sight that is close to the other good ones: where people would stay."""
    placed = [candidate.sight for candidate in found[:12] if candidate.sight.point]
    points = [sight.point for sight in placed if sight.point]
    if not points:
        return None
    return min(points, key=lambda here: (sum(min(30.0, distance_km(here, point)) for point in points), here.latitude_deg))


def _far(candidate: Candidate, centre: Point | None) -> float:
    if centre is None or candidate.sight.point is None:
        return 0.0
    return 0.4 * distance_km(centre, candidate.sight.point)


def _candidate(wishes: Wishes, data: TravelData, sight: Sight, frames: Sequence[DayFrame], parts: tuple[Sight, ...]) -> Candidate:
    said = [wish for place in (sight, *parts) for wish in wishes.at(place.id)]
    minutes = max([sight.visit_minutes, *(wish.least_minutes for wish in said if wish.least_minutes)])
    lock = next((stop for stop in wishes.locked if stop.kind == "sight" and stop.place == sight.id), None)
    if lock and lock.arrives is not None and lock.departs is not None:
        minutes = lock.departs - lock.arrives
    bare = Candidate(sight, minutes, {}, parts)
    days = {frame.number: visiting for frame in frames if lock is None or lock.day == frame.number
            if (visiting := _visiting(wishes, data, bare, frame, said))}
    if lock and lock.arrives is not None:
        days = {day: Visiting(lock.arrives, lock.arrives, visiting.worth, visiting.yuan) for day, visiting in days.items()
                if visiting.earliest <= lock.arrives <= visiting.latest}
    return replace(bare, days=days)


def _visiting(wishes: Wishes, data: TravelData, bare: Candidate, frame: DayFrame, said: Sequence[AtPlace]) -> Visiting | None:
    sight = bare.sight
    if frame.severe and not sight.indoor:
        return None
    if any(wish.day not in (None, frame.number) for wish in said):
        return None
    span = data.open_span(sight.id, frame.date)
    if span is None:
        return None
    party = wishes.trip.travellers
    yuan = data.ticket_yuan(sight.id, frame.date, party.adults, party.children, party.elders)
    if wishes.of(FreeOnly) and not (sight.free or data.ticket_yuan(sight.id, frame.date, 1, 0, 0) == 0):
        return None
    earliest, latest = _arrivals(sight, bare.minutes, span, frame, said)
    worth = _worth(wishes, sight, frame) - TICKET_WEIGHT * (yuan or 0) / max(1, party.size) - EFFORT[wishes.trip.pace]
    return Visiting(earliest, latest, worth, yuan) if earliest <= latest else None


def _arrivals(sight: Sight, minutes: int, span: OpenSpan, frame: DayFrame, said: Sequence[AtPlace]) -> tuple[int, int]:
    """First and last arrival that leave time for the whole stay."""
    earliest = max([span.opens, frame.start, *(wish.not_before for wish in said if wish.not_before is not None)])
    leaves = min([span.closes, frame.end, *(wish.not_after for wish in said if wish.not_after is not None)])
    latest = leaves - minutes if span.last_entry is None else min(span.last_entry, leaves - minutes)
    light = DUSK[3 <= frame.date.month <= 10] - minutes
    tags = set(sight.tags)
    daylight = bool(tags & DAYLIGHT) and not tags & NIGHT and not sight.indoor
    return earliest, min(latest, light) if daylight and light >= earliest else latest


def _worth(wishes: Wishes, sight: Sight, frame: DayFrame) -> float:
    tags = set(sight.tags)
    liked = min(MOST_LIKES, len(tags & set(wishes.trip.likes)))
    worth = sight.value**2 / 100 * (1 + LIKED * liked) * season_factor(sight, frame.date)
    if tags & set(wishes.trip.dislikes):
        worth *= DISLIKED
    if frame.wet:
        worth *= WET_INDOOR if sight.indoor else WET_OUTDOOR
    return worth


def season_factor(sight: Sight, day: date) -> float:
    """How well the month suits a sight, by its tags: ice in winter, beaches and blossom in the warm months."""
    tags = set(sight.tags)
    winter = day.month in WINTER_MONTHS
    if tags & WINTER_SIGHTS and not sight.indoor:
        return 1.3 if winter else 0.5
    tropical = sight.point is not None and sight.point.latitude_deg < TROPIC_DEG
    return 0.7 if winter and not tropical and tags & SUMMER_SIGHTS else 1.0


def wanted_groups(wishes: Wishes, found: Sequence[Candidate], seen: Sequence[Sight] = ()) -> list[frozenset[int]]:
    """Of each group of candidates (by their place in the list) one must be visited; what was asked for counts more.

    `seen` are the sights of other days: what they fulfil is not asked for again.
    """
    ids, tags = {sight.id for sight in seen}, {tag for sight in seen for tag in sight.tags}
    groups = [_members(found, set(wish.any_of)) for wish in wishes.of(Visit) if not wish.avoid and not ids & set(wish.any_of)] * ASKED
    groups += [_members(found, {stop.place}) for stop in wishes.locked if stop.kind == "sight"]
    groups += [frozenset(place for place, candidate in enumerate(found) if set(wish.any_of) & candidate.tags)
               for wish in wishes.of(SightKind) if not wish.avoid and not tags & set(wish.any_of)]
    return [group for group in groups if group]


def _members(found: Sequence[Candidate], ids: set[str]) -> frozenset[int]:
    return frozenset(place for place, candidate in enumerate(found) if candidate.ids & ids)
