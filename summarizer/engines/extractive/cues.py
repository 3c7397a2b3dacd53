"""What a sentence of a report may say: a table of cues, each a regular expression. Pure data.

`aim`, `done`, `search` and `counted` tell how the study was made, not what came out; `further` and `limits` say what is
left to do.
"""

import re

_STUDY = (
    r"(?:study|studies|review|meta-?analys[ei]s|paper|article|work|trial|survey|overview|synthesis|project|research)"
)
#: What a sentence of a report may say. `aim`, `search`, `counted` and the like tell how it was done, not what came out.
CUES = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "made": (
            r"\b(?:we|i|authors|this \w+) (?:\w+ ){0,3}?(?:propose|introduce|present|develop|devise|design|formulate|"
            r"build|"
            r"construct|create|release|implement)(?:s|d|ed)? "
            r"(?!(?:that|to)\b)"
            rf"(?!(?:\w+ ){{0,6}}?(?:{_STUDY}|results|findings|evidence|data|cases?|patients?|information|material|"
            rf"observations|specimens?|arguments?|reasons?)\b)"
            r"|\b(?:is|are) (?:\w+ )?(?:proposed|introduced|presented|developed)\b"
        ),
        "people": (
            r"\b(?:patients?|participants?|subjects|children|adults|women|men|mice|rats|volunteers|students|"
            r"respondents|"
            r"interview\w*|questionnaires?|cohorts?|randomi[sz]ed|placebo|clinical|mortality|prevalence|incidence|"
            r"systematic(?:ally)? (?:literature )?review\w*|meta-?analys[ei]s|prisma|pubmed|medline|embase|in vivo|"
            r"in vitro)\b"
        ),
        "statistics": (
            r"\b(?:95 ?% ?(?:CI|confidence)|CI[:,= ]|confidence intervals?|odds ratios?|hazard ratios?|risk ratios?|"
            r"relative risk|[OHR]R ?[=:,]?\s?\d|SMD|standardi[sz]ed mean difference|effect sizes?|statistically)\b"
            r"|\bp ?(?:-?values?)?\s?[<>=≤≥]\s?0?[.·]\d|\bn ?= ?\d|±"
        ),
        "computing": (
            r"\b(?:learn\w*|neural|networks?|algorithms?|train(?:ed|ing)|datasets?|benchmarks?|deep|gradients?|"
            r"language models?|llms?|"
            r"classifi\w+|transformers?|embeddings?|latent|encoders?|decoders?|optimi[sz]\w+|state-of-the-art|"
            r"agents?|inference|"
            r"generative|reinforcement|adversarial|architectures?|convolutional|attention|loss|policy|policies|"
            r"prompts?|tokens?|code|"
            r"software|compiler|graphs?|theorems?|proofs?|prove|bounds?|convergence|regret|generali[sz]\w+|robots?|"
            r"parameters?)\b"
        ),
        "was": r"\b(?:was|were)\b",
        "aim": (
            rf"^(?:to|in order to) (?:\w+ly )?[a-z]+ (?!.*,\s(?:we|this {_STUDY}) )"
            r"|\b(?:aims?|purposes?|objectives?|goals?|intentions?) (?:of [^.;]{0,80}? )?(?:is|was|are|were|here is|"
            r"being) "
            r"|\b(?:we|i|authors) (?:\w+ly |therefore |thus |also )?(?:aim|aimed|sought|seek|wanted|set out|intended|"
            r"hypothesi[sz]ed?)\b"
            rf"|\b(?:this|the|our|present|current) (?:[\w-]+ ){{0,5}}?{_STUDY} (?:\w+ly |therefore |thus |also )?"
            r"(?:aim|aims|aimed|sought|seeks|intends|addresse[sd]|address|focuse[sd]|investigate[sd]?|examine[sd]?|"
            r"assesse[sd]|assess|evaluate[sd]?|explore[sd]?|compare[sd]?|review(?:s|ed)?|summari[sz]e[sd]?|"
            r"provide[sd]?|"
            r"describe[sd]?|quantifie[sd]|analy[sz]e[sd]?|present(?:s|ed)|discusse[sd]|consider(?:s|ed)|outline[sd]|"
            r"determine[sd]?|quantifies|endeavou?rs?|strives|attempt(?:s|ed)|evaluates|gives|synthesi[sz]e[sd]?|"
            r"identif(?:y|ies)|highlights the|revisits|collate[sd]?)\b"
            rf"|\b{_STUDY} (?:of [^.;]{{0,60}} )?(?:was|were|is) (?:therefore |thus )?(?:to|performed|conducted|"
            rf"undertaken|"
            r"carried out|designed|initiated|done)\b"
            r"|\b(?:this|the present|our) (?:[\w-]+ )?(?:paper|article|study|work|chapter|report|"
            r"thesis) (?:\w+ )?(?:reports?|describes?|explains?|"
            r"deals?|concerns?|is concerned|is about|offers|documents|looks at|takes) (?!that\b)"
            r"|\bwe (?:here )?(?:\w+ly )?(?:consider|study|focus|deal|look|are interested|review|reviewed|"
            r"summari[sz]e|summari[sz]ed|discuss|discussed|outline|"
            r"describe|address|addressed|overview|investigated?|examined?|assessed|assess|explored?|evaluated?|"
            r"compared?|"
            r"analy[sz]ed?|studied|tested|asked|ask|quantified|determined|synthesi[sz]ed?|present|"
            r"provide (?!\w* ?evidence))\b"
        ),
        "done": (
            r"\bwe (?:\w+ly |also |then |therefore )*(?:search(?:ed)?|perform(?:ed)?|conduct(?:ed)?|carried out|"
            r"carry out|"
            r"undertook|collect(?:ed)?|calculated?|extract(?:ed)?|included?|excluded?|use|used|recruited|enrolled|"
            r"retrieved|identified (?:\w+ ){0,4}?(?:studies|articles|papers|publications|trials|records)|appl(?:y|ied)|"
            r"screened|selected|measured|employed|surveyed|interviewed|obtained|estimated|combined|pooled|followed|"
            r"adopted|considered|reviewed|gathered|trained|ran|registered|excluded|focused)\b"
            r"|\b(?:was|were) (?:\w+ly |then |also |subsequently )*(?:search(?:ed)?|performed|conducted|carried out|"
            r"undertaken|collected|calculated|extracted|included|excluded|used|recruited|enrolled|retrieved|applied|"
            r"screened|selected|measured|employed|obtained|estimated|pooled|eligible|assessed|evaluated|analy[sz]ed|"
            r"examined|reviewed|compared|appraised|rated|graded|registered|considered|followed|randomi[sz]ed|assigned|"
            r"allocated|divided|tested|determined|administered|interviewed|summari[sz]ed|explored|synthesi[sz]ed|"
            r"categori[sz]ed|classified|coded|defined|invited|asked|approached|sought|consulted|scored|computed|"
            r"limited)\b"
        ),
        "search": (
            r"\b(?:pubmed|medline|embase|scopus|web of science|cinahl|psycinfo|cochrane (?:library|central)|"
            r"google scholar|"
            r"databases?|prisma|quadas|inclusion criteria|eligibility criteria|search (?:strategy|terms)|"
            r"literature search|"
            r"hand-?search\w*|reference lists|prospero|two (?:\w+ )?(?:reviewers|authors)|risk of bias|"
            r"quality (?:assessment|score|of (?:the )?(?:included )?(?:studies|evidence)))\b"
        ),
        "counted": (
            r"\b(?:studies|articles|trials|records|publications|papers|reports|abstracts|citations|"
            r"references)\b[^.]{0,60}"
            r"\b(?:were|was|met|have been|fulfilled|matched|remained|reported on)\b[^.]{0,30}"
            r"\b(?:included|identified|eligible|found|retrieved|selected|criteria|reviewed|analy[sz]ed|screened|"
            r"published)\b"
            r"|\b(?:search|searches) (?:\w+ )?(?:identified|yielded|revealed|resulted|returned|retrieved|found|"
            r"produced)\b"
            r"|^(?:\w+ ){0,3}\w+ (?:\w+ )?(?:studies|articles|trials|patients|participants|publications|papers|reviews)"
            r"\b[^,.]{0,80}\bwere (?:included|identified|found|eligible|analy[sz]ed|selected|enrolled|recruited|"
            r"retrieved)\b"
            r"|\bof (?:the )?\d[\d,. ]* (?:\w+ )?(?:records|articles|studies|publications|papers|abstracts|titles)\b"
            r"|\bwe (?:\w+ )?(?:identified|included|found|retrieved|reviewed) (?:\w+ )?(?:\d[\d,]*|\w+) (?:\w+ ){0,3}?"
            r"(?:studies|articles|trials|papers|publications|records)\b"
        ),
        "further": (
            r"\b(?:further|future|more|additional|larger|high[- ]quality|prospective|well[- ]\w+|controlled|rigorous|"
            r"better) "
            r"(?:[\w-]+,? ){0,6}?(?:research|stud(?:y|ies)|trials?|work|investigations?|evidence|data|"
            r"efforts)\b[^.]{0,80}"
            r"\b(?:is|are|should|need|needs|must|will|to|would|may|could|might|can|required|warranted)\b"
            r"|\b(?:is|are|remains?|be) (?:\w+ ){0,2}?(?:needed|required|warranted|recommended|necessary|desirable|"
            r"advisable|"
            r"called for|unclear|discussed|provided|presented|outlined|proposed|advocated|suggested)\b"
            r"|\bshould (?:be|focus|include|aim|address|consider|use|therefore|also|take|report|examine|explore)\b"
            r"|\bwe (?:\w+ )?(?:discuss|recommend|suggest (?:to|that future|a)|call for|advocate|hope|believe|"
            r"provide recommend)"
            r"|\b(?:implications|recommendations|suggestions|directions) (?:for|of|are|to)\b|\bneeds? (?:to be|"
            r"for)\b|\bpromising\b"
            r"|^(?:thus, |hence, |therefore, )?(?:future|further) \w+|\bwould be (?:promising|useful|helpful|"
            r"valuable|beneficial to)\b"
            r"|\b(?:new|novel) (?:opportunities|avenues|directions|perspectives|insights)\b|"
            r"\bto (?:further )?increase (?:our|the) (?:under|eff)\w+"
            r"|\bwe (?:\w+ )?propose (?:an?|the|to|that)\b|\bwarrants?\b|\b(?:we|authors) (?:\w+ )?(?:call|urge|"
            r"encourage|advise|propose that|propose to|argue that \w+ should)\b"
            r"|\bfuture (?:research|studies|work|directions?|trials|reviews)\b"
            r"|\b(?:can|could|may|might|will) (?:\w+ )?(?:help|guide|assist|aid|inform|contribute|serve|be used|"
            r"facilitate)\b"
        ),
        "limits": (
            r"\b(?:limitations?|limited by|heterogene\w+|small sample|low quality|poor quality|publication bias|"
            r"risk of bias|methodological(?:ly)? quality|quality of (?:the )?(?:evidence|studies|reporting)|"
            r"not possible|none of the (?:\w+ )?(?:studies|reviews|trials|articles)|no (?:studies|trials|reviews)|"
            r"few (?:\w+ )?studies|"
            r"caution|no (?:definitive |firm |clear )?conclusions?|inconclusive|interpreted)\b"
        ),
        "concludes": (
            r"^(?:in conclusion|concluding|conclusively|overall|taken together|in summary|to conclude|collectively|"
            r"altogether|"
            r"we conclude|in sum|together)\b"
            r"|\bwe (?:\w+ )?(?:conclude|found|find|show|showed|demonstrated?|observed?|observe|report|reveal|revealed|"
            r"confirmed?|discovered|detected|identified|establish|established|provide (?:\w+ )?evidence)\b"
            r"|\b(?:our|these|the|present|current|available|existing|overall|main|key) (?:\w+ ){0,3}?"
            r"(?:results?|findings?|data|evidence|analys[ei]s|observations?|literature|meta-analys[ei]s|stud(?:y|"
            r"ies)|review) "
            r"(?:\w+ ){0,3}?(?:suggest|show|indicate|support|demonstrate|confirm|reveal|highlight|provide|found|"
            r"conclude|point|"
            r"identified|imply|underline|emphasi[sz]e|underscore|establish)(?:s|d|ed)?\b"
            rf"|\bthis (?:[\w-]+ ){{0,5}}?{_STUDY}(?: and meta-analysis)? (?:\w+ly |also )?(?:found|finds|shows?|"
            rf"showed|"
            r"demonstrate[sd]?|suggest(?:s|ed)?|confirm(?:s|ed)?|indicate[sd]?|reveal(?:s|ed)?|support(?:s|ed)?|"
            r"conclude[sd]?|identified|provide[sd]? (?:\w+ )?evidence|highlight(?:s|ed)? (?:that|a|the lack))\b"
            r"|\bthere (?:is|was|were|are) (?:\w+ ){0,2}?(?:evidence|associations?|differences?|no|insufficient|little|"
            r"limited|strong|moderate|significant)\b"
        ),
        "theorem": (
            r"\b(?:we|i|authors) (?:\w+ly |also |then |further |first )*(?:prove|derive|compute|calculate|obtain|"
            r"characteri[sz]e|classify|"
            r"construct|solve|determine|establish|deduce|argue|observe|measure|report the (?:first|discovery|"
            r"detection))(?:d|s)? "
            r"|\b(?:is|are) (?:\w+ )?(?:proved|proven|derived|obtained|shown|found|observed|measured|computed|"
            r"established) "
        ),
        "novelty": (
            r"\b(?:this (?:paper|work|article|study)|we) (?:\w+ )?(?:provides?|address(?:es)?|presents?|offers?|"
            r"describes?|explains?|gives?|introduces?|"
            r"reports?|details?|develop(?:s|ed)?|design(?:s|ed)?|propose[sd]?) (?:\w+ ){0,3}?(?:new|novel|first|"
            r"improved|simple|design|alternative)\b"
            r"|\b(?:world['’]s|the|for the) first (?:\w+ ){0,3}?(?:demonstration|time|report|evidence|observation|"
            r"measurement|example)\b"
        ),
        "hollow": (
            r"\b(?:importance|significance|need|usefulness|potential|value|feasibility|effectiveness) of\b|"
            r"\bhighlights? the\b|"
            r"\bshed(?:s|ding)? light\b|\bpav(?:e|es|ing)\b|\bunderscores?\b|\bopens? (?:up )?(?:a|new|the)\b|"
            r"\bwill (?:\w+ )?(?:provide|enable|allow|be|improve|help)\b"
        ),
        "finally": r"^(?:in conclusion|concluding|to conclude|we conclude|in summary|in sum|taken together|overall)\b",
        "shows": (
            r"\b(?:show(?:s|ed|n|ing)?|demonstrat(?:es?|ed|ing)|reveal(?:s|ed|ing)?|found|finds?|indicat(?:es?|ed|"
            r"ing)|conclude[sd]?|"
            r"suggest(?:s|ed|ing)?|highlight(?:s|ed|ing)?|confirm(?:s|ed|ing)?) (?:that|a|an|no|how|substantial|"
            r"evidence)\b"
            r"|\bwhich (?:reveals?|shows?|indicates?|suggests?)\b|^(?:the )?(?:findings|results|"
            r"analys[ei]s) (?:indicate|show|suggest|reveal)"
            r"|\bit (?:is|was) (?:found|shown|concluded) that\b"
        ),
        "new_kind": (
            r"\bnew (?:[\w-]+ ){0,5}?(?:species|genus|genera|taxon|taxa|genus and species|family|compound|mineral|"
            r"strain)\b"
            r"(?=.{0,80}\b(?:is|are|was|were|we|represents?|here|named|erected)\b)|\bsp\. n(?:ov)?\."
        ),
        "aside": (
            r"^(?:furthermore|moreover|in addition|additionally|finally|also|lastly|besides|conversely|in contrast|"
            r"similarly|by contrast|"
            r"interestingly|likewise|on the other hand|adjacent|secondly|second|third|for (?:example|instance)|"
            r"unfortunately|however),?\s"
        ),
        "effect": (
            r"\b(?:associat(?:ed|ions?)|correlat\w+|significant(?:ly)?|improv\w+|reduc(?:es?|ed|tions?)|increas\w+|"
            r"decreas\w+|higher|lower|greater|fewer|less|more|better|worse|superior\w*|inferior\w*|effective\w*|"
            r"efficac\w+|predict(?:s|ed|ors?|ive)|accura\w+|comparable|similar|differ(?:s|ed|ences?|ent)?|risk|"
            r"beneficial|"
            r"impair\w*|affect(?:s|ed)?|influence[sd]?|caus(?:es?|ed)|lead(?:s)? to|led to|result(?:s|ed)? in|safe|"
            r"feasible|"
            r"common|rare|most|majority|dominant|outperform\w*|enhanc\w+|promot\w+|inhibit\w*|prevent\w*|protect\w*|"
            r"sufficient|insufficient|reliable|valid|stable|unlikely|likely|no evidence|evidence (?:for|of|that)|"
            r"useful)\b"
        ),
        "means": (
            r"^(?:this|these|those|it|they|such|he|she|both|one)\b"
            rf"(?! (?:[\w-]+ ){{0,4}}?(?:{_STUDY}|results?|findings?|data|observations|analys[ei]s|evidence)\b)(?!\w)"
        ),
        "confirms": (
            r"\b(?:reinforces?|confirms? (?:and \w+ )?previous|consistent with (?:previous|earlier)|in (?:line|"
            r"agreement) with)\b"
        ),
        "hedged": r"\b(?:may|might|could|possibly|potential(?:ly)?|appears?|seems?)\b",
        "background": (
            r"^(?:typically|recently?|most existing|many|traditional(?:ly)?|existing|currently|conventional|"
            r"there (?:is|are|has|have)|in recent)\b|"
            r"\b(?:is|are) (?:typically|often|usually|generally|commonly|defined|known)\b|"
            r"\b(?:has|have) (?:been|become|not been|attracted|emerged|received)\b|\bis (?:an?|one of the|"
            r"the (?:most|leading|main|"
            r"second)) \b|\b(?:is|are|remains?) (?:\w+ )?(?:unknown|unclear|lacking|scarce|controversial|debated)\b"
            r"|\b(?:little|not) (?:is )?known\b|\bhowever\b|\bprevious(?:ly)?\b|\boften\b|\bcommonly\b|\bwidely\b|"
            r"\bknown to\b"
        ),
    }.items()
}
