"""Tables of words that tell the end of a sentence from an abbreviation: what stands before the point, and behind it."""

from enum import Enum, auto


class Kind(Enum):
    """How an abbreviation reads on."""

    #: A sentence never ends with it.
    NEVER = auto()
    #: A title or a kind of place before a name; it has a capital letter.
    TITLE = auto()
    #: A number or a letter follows, as in Fig. 3; before a word it is an ordinary word or ends a sentence.
    NUMBERED = auto()
    #: A piece of a journal's or an institution's name; it has a capital letter.
    NAME = auto()
    #: The value of a statistic or a unit: "an avg. Dice score", but "5 V max." ends a sentence.
    MEASURE = auto()
    #: A month; a number follows; it has a capital letter.
    MONTH = auto()
    #: A sentence may end with it, if the next word is one of the commonest that begin sentences.
    SELDOM = auto()
    #: A sentence may end with it, if the next word is any that begins sentences.
    OFTEN = auto()


_TABLES = {
    Kind.NEVER: """
        approx ca cf c.f e.g eg eqn eqns ext i.e ie incl resp suppl v.s viz vs w.r.t wrt a.k.a s.t bzw z.b d.h
        subgen syn pv subsp ssp cv f.sp
    """,
    Kind.TITLE: "dr drs dra fn ft hon messrs mlle mme mr mrs ms mt mts prof profs pt sra st ste",
    Kind.NUMBERED: """
        alg app appx art ch chap cor def dept ed eds eq eqs fig figs lem lemm no nos nr obs p par pg pl pos pp prop ref
        refs rem sec sect tab thm vol vols
    """,
    Kind.NAME: """
        abstr acad acta adv agric algebr am amer anal angew ann annu appl arch artif assoc astron astrophys atmos
        behav biochem bioinf biol biomed biophys biosci biotechnol br brit bull cardiol chem circ clin cogn comm
        commun comp comput conf contemp crit curr dermatol dis discov ecol econ educ electr electron endocrinol eng
        engl env environ epidemiol eur eurasip evol exp expr fund gastroenterol gen genet genom geol geom geophys
        glob hematol hepatol hist hum immunol ind indust inf infect inform inst instr instrum int intell intern
        invent ital j jpn lang lett linguist mach manag mater math mech med metall meteorol microbiol mod mol nat
        natl neurobiol neurol neurosci nucl numer nutr oncol op ophthalmol opt pac pathol pediatr pharm pharmacol
        phil philos phys physiol plasm pol proc prog psych psychiatr psychol publ quart radiat radiol rech reg rep
        res respir rev robot sci semin ser sigm signal soc sov stat stoch struct surg surv symp syst technol
        telecommun theor therm topol toxicol trans transl trop univ urol vet zool
    """,
    Kind.MEASURE: """
        abs amt avg coef coeff conc const corr deg dev diam dist est freq hr hrs lat lon max min mins nom norm pct prob
        qty rel rms sd sec secs std temp tot var vel wk wks wt yr yrs
    """,
    Kind.MONTH: "jan feb mar apr jun jul aug sep sept oct nov dec",
    Kind.SELDOM: "u.s u.k e.u u.n u.s.a ph.d m.d m.sc b.sc b.a m.a jr sr gov sen capt col sgt lt",
    Kind.OFTEN: "al etc i.i.d a.m p.m d.c c.i inc ltd co corp s.l s.s s.str sp spp nov a.d b.c",
}
KINDS = {word: kind for kind, words in _TABLES.items() for word in words.split()}
#: Abbreviations only if they have a capital letter; otherwise they are words or units.
CAPITALISED = frozenset((Kind.NAME, Kind.MONTH, Kind.TITLE))

#: Names that end in an exclamation or a question mark.
SHOUTED = frozenset("yahoo yelp jeopardy yum joomla kahoot chegg guess panic wham airplane mamma pop wipeout".split())
ASKED = frozenset("who what where when why how which".split())

#: Nouns before a single letter that is a label, not the initial of a name: vitamin D, hepatitis C, plan B.
LABELLED = frozenset(
    """
    algebra appendix arm case category class cluster cohort component condition domain experiment factor field function
    graph grade group hepatitis influenza kappa language level lemma manifold map matrix method model module option
    panel parameter part phase plan point population problem protein ring scenario sequence set site space stage step
    study subgroup subset theorem tree type variable variant vector version vitamin
    """.split()
)
#: Verbs behind a name that begins a sentence.
VERBS = frozenset(
    """
    achieves adopts aims allows also applies are attains beats can combines consists did does employs enables exceeds
    extends gives had has have helps improves integrates introduces is learns leverages makes may needs obtains
    offers outperforms performs predicts provides reaches reduces requires runs shows significantly supports
    surpasses takes uses was were will works yields
    """.split()
)
#: Parts of a dotted name, such as ASP.NET.
SUFFIXES = frozenset("net js io ai com org py jl".split())

#: Words that sentences of abstracts start with, and names do not.
STARTERS = frozenset(
    """
    a additionally all also although among an and another as at based because besides both but by
    code compared consequently current despite different during each empirically even existing
    experimental experiments extensive finally first for from further furthermore given hence here
    how however if in indeed instead interestingly is it its lastly many meanwhile more moreover most
    motivated nevertheless next no notably on one our overall particularly previous recent
    recently results second secondly several similarly since so some specifically such surprisingly
    that the their then there therefore these they third this those through thus to together
    towards two typically under unfortunately unlike using we what when where whereas whether which
    while why with without yet you
    """.split()
)
#: More words that begin sentences: each begins eight or more of the sentences of 50,000 abstracts, occurs in lower case
#: elsewhere, and is the family name of at most three of their authors; and words that begin sentences of medicine and
#: mathematics.
OPENERS = STARTERS | frozenset(
    """
    ablation according accordingly accurate accurately achieving across adapting adding additional addressing
    admittedly adults advanced advances advantages after against agents aim aiming aims alas albeit algorithms almost
    along alongside alternative amid analogous analyses analyzing answering any anyone apart apparently applications
    applying approaches appropriate are arguably aside assume assumed assuming automatic automatically background
    baseline basic before being benefiting beside between beyond blood building built calibration can casting cells
    certainly challenges changes children choosing classical clearly codes collecting combined combining common
    comparing comparison comparisons complex comprehensive computing conclusion conclusions consider considering
    constraints constructing contemporary contrary controlling conventional convergence conversely coordination costs
    could coupled crucially curiously currently data define defining demonstrations denote depending design designed
    designing detailed detecting developing diagnosis did differently direct directly discussion distinct do does
    doing drawing driven due earlier early effective effectiveness efficient efforts eight empirical employing
    enabling encouraging equality equipped errors especially essentially estimating evaluated evaluating evaluation
    evaluations eventually every everyone everything evidence evidently exact examples except exhaustive existence
    experiment experimentally experimentation explicit exploiting exploring expression extending extensions failure
    features feedback finding findings firstly fitting five focusing following fortunately four functions funding
    future generalization generally generating genes going good graphs grasp groups had half hardware has have having
    high hopefully humans hundreds ideally identifying illustrative images implementation implementing important
    importantly improved improvements incidence incidentally incorporating increasing increasingly individual
    infection infections inference inferring initial initially inspired integrating integration intensive
    interpretation introducing introduction intuitively ironically just keeping key knowing known lack last lately
    learning lemma less let levels leveraging like likewise limitations limited locomotion loop loss luckily mainly
    maintaining making manual manually may measurement measurements measuring men methods mice might millions
    minimizing modeling models mortality moving much multiple mutations namely naturally neither new nine nobody
    nonetheless nor not note nothing notwithstanding novel numerous objective objectives objects observations
    observing obstacle obtained obtaining obviously occasionally occupancy of often once only operating optimizing
    ordinarily originally other otherwise outcomes over owing parameters participants particular passive past paths
    patients people performance performances performing perhaps please possible possibly potential powered practical
    precise predicting preliminary presumably prevalence previously prior probably promising proof proofs properties
    proposed proteins providing purpose qualitative quantitative questions quite rather rats real recognizing
    regarding regardless relative reliable relying remarkably researchers resulting rings robustness roughly running
    sadly samples see seemingly selecting sensing sensors separately serum setting seven shortly should significant
    similar simple simply simulated simulation simulations six solutions solving someone something sometimes spaces
    specific starting static stiffness still strikingly students studies studying subjects subsequently substantial
    successful suddenly sufficient supervised suppose surely survival symptoms systematic systems taken taking
    targeting tasks teachers techniques ten tested testing tests thanks theorem therapy thereafter thereby therein
    thereof thirdly thorough though thousands three throughout till toward traditional traditionally trained training
    trajectories treatment treatments twelve twenty twice typical ultimately understanding uniqueness until up upon
    use users usually utilizing validation various verification very via videos walking was were whenever whilst who
    whoever whom whose will within women work working would
    """.split()
)
