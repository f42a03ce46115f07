"""The drawing on the welcome screen: hills behind hills, a sun, water. Decoration only, no place is meant."""

import math
from base64 import b64encode

SIZE = (1200, 360)
# Each range of hills: height of its foot line, height of its peaks, phase, colour; from far to near.
RANGES = ((228, 54, 0.4, "#D3E0D6"), (246, 54, 2.1, "#AECABF"), (280, 46, 3.9, "#79A79C"), (314, 36, 5.2, "#3F7F77"))


def scenery_svg() -> str:
    """The whole drawing."""
    hills = "".join(f'<path d="{hill_path(*entry[:3])}" fill="{entry[3]}"/>' for entry in RANGES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE[0]} {SIZE[1]}" preserveAspectRatio="xMidYMax slice">'
        '<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#FBF3E4"/><stop offset=".62" stop-color="#FBE9D2"/>'
        '<stop offset="1" stop-color="#E8EEE4"/></linearGradient></defs>'
        '<rect width="100%" height="100%" fill="url(#s)"/><circle cx="900" cy="118" r="38" fill="#EFA96B" opacity=".85"/>'
        f'{hills}<rect y="330" width="100%" height="30" fill="#2C6A64"/>'
        '<path d="M140 344h120M430 350h180M760 343h90M960 351h130" stroke="#8FBDB3" stroke-width="2" opacity=".6" stroke-linecap="round"/></svg>'
    )


def hill_path(foot: float, peak: float, phase: float) -> str:
    """One range of hills as a closed outline: three waves of different length, added."""
    points = [f"{x} {foot - peak * _ridge(x / SIZE[0] * math.tau, phase):.1f}" for x in range(0, SIZE[0] + 1, 12)]
    return f"M0 {SIZE[1]}L{'L'.join(points)}L{SIZE[0]} {SIZE[1]}Z"


def _ridge(angle: float, phase: float) -> float:
    return 0.55 * math.sin(1.5 * angle + phase) + 0.3 * math.sin(3.4 * angle + 2 * phase) + 0.15 * math.sin(7.3 * angle + 3 * phase)


def scenery_image() -> str:
    """The drawing as an address for an image."""
    return "data:image/svg+xml;base64," + b64encode(scenery_svg().encode()).decode()
