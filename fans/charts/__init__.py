"""Charts drawn by the server, to be read without them: a sentence above, a table below (ux §4).

`{% include "charts/line.html" with chart=chart %}`, `{% include "charts/bars.html" with chart=chart %}`.
"""

from fans.charts.bars import Bar, BarChart
from fans.charts.lines import LineChart, Point

__all__ = ["Bar", "BarChart", "LineChart", "Point"]
