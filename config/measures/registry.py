"""The families of figures, in the order of the page."""

from django.utils.translation import gettext_lazy as _

from config.measures import community, loop, pulse, voice
from config.measures.shapes import Figure, Measure, Spec
from config.measures.sources import Sources


def _quiet_voices(sources: Sources) -> list[Figure]:
    return voice.figures_of(sources.once(voice.voices))


MEASURES = (
    Measure(
        "satisfaction",
        _("Satisfaction"),
        (community.NEWEST, community.FOUR_WEEKS),
        community.satisfaction,
    ),
    Measure(
        "participation",
        _("Participation"),
        (community.PARTICIPATION, *community.BUSIEST.values()),
        community.participation,
    ),
    Measure(
        "word_of_mouth",
        _("Word of mouth"),
        (community.INVITED, community.VISITS, community.RECOMMEND),
        community.word_of_mouth,
    ),
    Measure("loyalty", _("Loyalty"), (community.LOYALTY,), community.loyalty),
    Measure(
        "voice",
        _("Whose voice it is"),
        (voice.QUIETEST, voice.VOICE),
        _quiet_voices,
        segments_apart=True,
    ),
    Measure(
        "loop",
        _("From a wish to a build"),
        (loop.ANSWERS, loop.CREDITED, loop.DAYS, loop.PROMISES),
        loop.loop,
    ),
    Measure(
        "presence",
        _("Where the company answers"),
        (loop.PRESENCE,),
        loop.presence,
        segments_apart=True,
    ),
    Measure("pulse", _("The company itself"), (pulse.PULSE,), pulse.pulse),
)
SPECS: dict[str, Spec] = {spec.key: spec for measure in MEASURES for spec in measure.specs}
# What a manager reads in ten seconds.
ON_TOP = (
    *("satisfaction", "participation", "recommend", "loyalty"),
    *("quietest_voice", "answers_in_time", "official_presence", "pulse"),
)
