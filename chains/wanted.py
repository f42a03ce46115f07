"""What a request wishes of sights, as tags and as a condition on the catalogue."""

from collections.abc import Collection

from chains.understanding import TripRequest
from chains.understanding.request import State
from knowledge.catalogue import Filter
from knowledge.records import Attraction

# What a wish means in tags of the data; a wish that is not here is its own tag.
WISH_TAGS = {
    "海滨": ("海滨", "沙滩"), "山岳": ("山岳", "雪山"), "爬山": ("爬山", "山岳"), "夜景": ("夜景",), "美食": ("美食街",),
    "动物": ("动物",), "老街": ("老街", "步行街"), "寺庙": ("寺庙", "道观"), "购物": ("购物", "步行街"), "海洋馆": ("海洋馆",),
}


def wishes_something(request: TripRequest) -> bool:
    """Whether a request says what sights are to be like."""
    return bool(request.wishes.likes or request.wishes.min_level)


def condition_of(request: TripRequest, cities: tuple[str, ...], state: State, wanted: Collection[str] = ()) -> Filter:
    """The wishes of a request as a condition on the catalogue; a kind that the text asks for is not refused by it (不要门票的古镇 refuses the ticket)."""
    wishes = request.wishes
    seen = state.shown if request.more else ()
    cap = 0.0 if wishes.free_only else wishes.max_ticket_yuan
    return Filter(
        cities=cities, any_tag=_tags(wishes.likes), no_tag=tuple(tag for tag in _tags(wishes.dislikes) if tag not in wanted), max_ticket_yuan=cap,
        min_level=wishes.min_level, exclude=(*request.exclude, *seen),
    )


def _tags(wishes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for wish in wishes for tag in WISH_TAGS.get(wish, (wish,)))


def fits(sight: Attraction, likes: tuple[str, ...]) -> int:
    """How many of the wishes a sight meets."""
    return sum(any(tag in sight.tags for tag in WISH_TAGS.get(like, (like,))) for like in likes)
