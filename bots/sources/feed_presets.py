"""The feeds that are known by a name: `feed:acl` instead of an address. A new one is one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bots.config.source_descriptions import HostPace
from bots.translation.speech import gettext_noop

#: Seconds between two requests to one publisher's site, on which a person would press no key faster.
_EVERY = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """A feed with a name."""

    #: The journal or site as readers know it; the venue of papers that name none.
    title: str
    url: str
    #: A few words for menus.
    caption: str
    #: What its publisher says of the use of its texts, in a few words.
    terms: str
    #: Days for which an entry counts as new after the date that it has; dates that name only a month need more.
    window: int = 14


def _nature(title: str, code: str, caption: str) -> Preset:
    return Preset(title=title, url=f"https://www.nature.com/{code}.rss", caption=caption, terms="© Springer Nature")


def _atypon(title: str, host: str, code: str, caption: str, terms: str) -> Preset:
    """Return the feed of a journal on a site by Atypon, which all have the same form."""
    url = f"https://{host}/action/showFeed?type=etoc&feed=rss&jc={code}"
    return Preset(title=title, url=url, caption=caption, terms=terms)


def _plos(title: str, code: str, caption: str) -> Preset:
    return Preset(title=title, url=f"https://journals.plos.org/{code}/feed/atom", caption=caption, terms="CC BY 4.0")


PRESETS: Mapping[str, Preset] = {
    # The dates are those of the volumes, a month each, and a volume may come weeks later.
    "acl": Preset(title="ACL Anthology", url="https://aclanthology.org/papers/index.xml",
                  caption=gettext_noop("computational linguistics"), terms="CC BY 4.0 since 2016", window=62),
    "jmlr": Preset(title="Journal of Machine Learning Research", url="https://www.jmlr.org/jmlr.xml",
                   caption=gettext_noop("machine learning"), terms="CC BY 4.0", window=62),
    "eprint": Preset(title="Cryptology ePrint Archive", url="https://eprint.iacr.org/rss/rss.xml",
                     caption=gettext_noop("cryptology"), terms="metadata CC0"),
    "nature": _nature("Nature", "nature", gettext_noop("all sciences")),
    "nature-communications": _nature("Nature Communications", "ncomms", gettext_noop("all sciences")),
    "nature-machine-intelligence": _nature("Nature Machine Intelligence", "natmachintell", gettext_noop(
        "machine learning")),
    "nature-methods": _nature("Nature Methods", "nmeth", gettext_noop("methods of biology")),
    "nature-medicine": _nature("Nature Medicine", "nm", gettext_noop("medicine")),
    "nature-neuroscience": _nature("Nature Neuroscience", "neuro", gettext_noop("neuroscience")),
    "science": _atypon("Science", "www.science.org", "science", gettext_noop("all sciences"), "© AAAS"),
    "science-advances": _atypon("Science Advances", "www.science.org", "sciadv", gettext_noop(
        "all sciences"), "© AAAS, CC BY-NC"),
    "science-robotics": _atypon("Science Robotics", "www.science.org", "scirobotics", gettext_noop(
        "robotics"), "© AAAS"),
    "pnas": _atypon("PNAS", "www.pnas.org", "pnas", gettext_noop("all sciences"), "© National Academy of Sciences"),
    "nejm": _atypon("New England Journal of Medicine", "www.nejm.org", "nejm", gettext_noop("medicine"),
                    "© Massachusetts Medical Society"),
    "cell": Preset(title="Cell", url="https://www.cell.com/cell/inpress.rss", caption=gettext_noop(
        "biology"), terms="© Elsevier"),
    "neuron": Preset(title="Neuron", url="https://www.cell.com/neuron/inpress.rss", caption=gettext_noop(
        "neuroscience"),
                     terms="© Elsevier"),
    "lancet": Preset(title="The Lancet", url="https://www.thelancet.com/rssfeed/lancet_online.xml",
                     caption=gettext_noop("medicine"), terms="© Elsevier"),
    "plos-one": _plos("PLOS ONE", "plosone", gettext_noop("all sciences")),
    "plos-biology": _plos("PLOS Biology", "plosbiology", gettext_noop("biology")),
    "plos-medicine": _plos("PLOS Medicine", "plosmedicine", gettext_noop("medicine")),
    "plos-computational-biology": _plos("PLOS Computational Biology", "ploscompbiol", gettext_noop(
        "computational biology")),
    "elife": Preset(title="eLife", url="https://elifesciences.org/rss/recent.xml", caption=gettext_noop("biology"),
                    terms="CC BY 4.0"),
}  # fmt: skip


def hosts() -> tuple[HostPace, ...]:
    """Return the hosts of all presets, each with its pace."""
    named = dict.fromkeys(urlsplit(preset.url).hostname or "" for preset in PRESETS.values())
    return tuple(HostPace(host=host, every=_EVERY) for host in named)
