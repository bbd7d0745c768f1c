"""The trade of one home more or fewer as a picture: minutes and pounds by number of homes."""

import io
from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from siting.portfolio import Variation


def elbow_figure(variations: Sequence[Variation], weekly: float) -> bytes | None:
    """Draw family minutes a week and the cost by number of homes (SVG); None where fewer than two counts have an answer."""
    answered = [(int(v.name), v.choice) for v in variations if v.choice is not None]
    if len(answered) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    counts = [count for count, _ in answered]
    figure = Figure(figsize=(5.6, 2.1))
    axes = figure.add_subplot()
    axes.plot(counts, [choice.total_min * weekly for _, choice in answered], "o-", color="#1f4e79", label="minutes a week")
    axes.set_xlabel("homes")
    axes.set_ylabel("minutes a week")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    money = axes.twinx()
    money.plot(counts, [choice.cost_gbp / 1e6 for _, choice in answered], "s--", color="#c4510a", label="£ million to spend")
    money.set_ylabel("£ million to spend")
    lines = [*axes.get_lines(), *money.get_lines()]
    axes.legend(lines, [str(line.get_label()) for line in lines], loc="upper center", fontsize=8, frameon=False)
    figure.tight_layout()
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "siting", "svg.fonttype": "path"}):
        FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return content.getvalue()
