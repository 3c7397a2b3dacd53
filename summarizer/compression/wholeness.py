"""Decide whether a shortened text is still a whole sentence with all its claim. Pure functions; linear time.

Each rule stands for cuts that were read to be broken: of 686 distinct forms of 1,766 papers, 38.
"""

import re

#: In words; shorter texts are rarely a complete clause.
_SHORTEST = 7
_AUXILIARY = (
    r"(?:is|are|was|were|be|been|has|have|had|can|cannot|may|might|could|will|would|should|must|does|do|did|"
    r"[a-z]+n[’']t)"
)
#: Verbs in the forms that stand after the subject of an abstract's sentence.
_VERBS = (
    r"(?:show|demonstrat|reveal|achiev|outperform|improv|reduc|increas|decreas|introduc|propos|present|"
    r"provid|enabl|us|"
    r"leverag|combin|allow|requir|contain|includ|cover|support|suffer|remain|becom|appear|seem|lead|"
    r"result|yield|reach|"
    r"exceed|surpass|match|fail|struggl|rel|depend|offer|learn|predict|generat|produc|captur|integrat|address|tackl|"
    r"focus|aim|consist|compris|describ|explain|suggest|indicat|support|confirm|encourag|prevent|help|mak|"
    r"tak|giv|keep|"
    r"hold|need|work|run|scal|generaliz|transfer|adapt|stem|aris|occur|exist|play|serv|act|treat|highlight|underscor|"
    r"differ|vary|vari|affect|influenc|caus|correlat|associat|drop|rise|rose|fell|fall|grow|grew|found|"
    r"find|prov|conclud|"
    r"observ|report|establish|extend|apply|appli|evaluat|compar|examin|investigat|explor|stud|studi|"
    r"discuss|develop|design|"
    r"build|built|creat|construct|formulat|releas|implement|train|test|measur|analyz|analys|model|optimiz|"
    r"maximiz|minimiz|"
    r"bridge|simplif|simplifi|accelerat|enhanc|boost|deliver|ensur|preserv|maintain|exhibit|attain|gain|lack|ignor|"
    r"overlook|hinder|limit|restrict|constrain|pose|know|known|understand|think|believe|hope|turn|bring|"
    r"open|mark|set|perform|amortiz|try|tri|incorporat|involv|belong|reason|process|select|comput|solv|"
    r"exploit|employ|adopt|follow|form|operat|reflect|impl|defin|specif|determin|estimat|detect|identif|"
    r"identifi|select|updat|search|writ|read|answer|respond|decid|control|guid|driv|plan|act|interact|"
    r"perceiv|retriev|rank|filter|align|fit|scor|rate)"
)
_FINITE = re.compile(
    rf"\b(?:{_AUXILIARY}|{_VERBS}(?:e|es|s|ies|y|ied|ed|d|t)?|we \w+|they \w+|it \w+|i \w+)\b(?!$)", re.IGNORECASE
)
#: The words after the last of these need a verb of their own.
_OPENS_CLAUSE = re.compile(r"\b(?:that|which|whereas|because|although|while|whether)\b")
#: "a model that belongs to", "while taking": the verb comes first.
_RELATIVE = re.compile(r",?(?:\s\w+ly)?\s(?:[a-z]+s|[a-z]+ing)\s\w")
#: "We show that although the match is ambiguous": the claim itself would follow a comma.
_UNDER_CONDITION = re.compile(
    r"\bthat,? (?:although|though|while|when|whenever|if|despite|even|since|because|unlike|rather|"
    r"instead|contrary|to the)"
    r"\b[^,]*$"
)
#: Words that announce more.
_HANGING = re.compile(
    r"(?:\b(?:either|both|neither|between|whether|namely|and|or|of|for|in|on|with|by|to|that|which|the|a|"
    r"an|as|than|is|"
    r"are|from|at|via|e\.g|i\.e|including|featuring|along|arbitrary|after|before|during|upon|into|under|"
    r"over|through|across|"
    r"within|without|toward|towards|against|among|per|such|each|every|any|these|those|its|their|our|this|used|"
    r"in (?:order|response|addition|terms|case|contrast|comparison)|due|according|the (?:fact|reason|idea|"
    r"claim|extent|way)|"
    r"(?:and|that|which|we|they|to) (?:\w+ly )?(?:guarantee|demonstrate|show|prove|find|observe|conclude|"
    r"argue|report|"
    r"evaluate|capitalize|prevent|improve|reduce|ensure|enable|discuss|validate|verify|suggest|indicate|reveal)s?|"
    r"to the best of our knowledge))\.$",
    re.IGNORECASE,
)
#: "The results indicate that, compared to a lamp.": the claim itself came after the comma.
_THAT_OPENED = re.compile(r"\bthat, [^,]*\.$")
_TORN_PAIR = re.compile(r"\b(?:both|either|neither|not only|between|from)\b[^,]*\.$")
_PAIRED = re.compile(r"\b(?:and|or|nor|to|but)\b[^,]*\.$")
_TORN_SECOND = re.compile(
    r",\s(?:but|and|so|yet)\s(?:because|since|although|though|while|when|if|as|once|unless|despite|unlike)\b[^,]*\.$"
)
_ENUMERATORS = re.compile(r"\((?P<number>i{1,3}|iv|v|\d|[a-d])\)")
_WHETHER_TO = re.compile(r"\bwhether to\b(?!.*\bor\b)")
#: The second half takes the first back, or says where it holds.
TAKES_BACK = re.compile(
    r"\b(?:not|never|no|none|nor|only|if|unless|but|however|except|cannot|without|fail\w*|require\w*|holds?|assum\w+|"
    r"(?:non-?)?significan\w+|although|though|when|whereas|provided|insignificant\w*|limited|lack\w*)\b|n[’']t\b",
    re.IGNORECASE,
)
_COUNT = (
    r"(?:\d[\d,.]*\s?%?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|some|half|most|many|few|several|"
    r"part|parts|all but \w+|a (?:majority|minority|subset|fraction|third|quarter|few|half|part)|the (?:majority|rest))"
)
#: A clause that says of how much the claim holds: "it wins on 3 of 10", "on half of them", "and loses on the rest".
_SHARE = re.compile(
    rf"\b{_COUNT} (?:(?:out )?of|in) (?:the|them|these|those|our|its|all|which|{_COUNT})(?!\w)|"
    r"\b(?:in|on|for|only) \d{1,4}/\d{1,4}\b|"
    r"\b(?:mixed|partly|partially|mostly|mainly|largely|the rest|the (?:others?|remaining)|loses?|lost|worse|tie[sd]?|"
    r"within (?:the )?(?:noise|error|margin)|at most|at best|unless|some(?:times)?|occasionally|rarely|often)\b",
    re.IGNORECASE,
)
_AFTER_CLAIM = re.compile(r"[:;]\s|\s[–—]\s|(?<=[a-z])—(?=[a-z])|,\s(?=which\b)")


def limits_claim(dropped: str) -> bool:
    """Return whether a clause of its own in what is cut says where the claim before it does not hold."""
    clause = _AFTER_CLAIM.search(dropped)
    said = dropped[clause.end() :] if clause else ""
    return (TAKES_BACK.search(said) or _SHARE.search(said)) is not None


def is_whole(text: str) -> bool:
    """Return whether a text can stand alone: brackets and quotes are closed, no list, pair or clause is cut in two."""
    balanced = all(text.count(a) == text.count(b) for a, b in ("()", "[]", "“”", "{}")) and not text.count('"') % 2
    torn = _TORN_PAIR.search(text)
    paired = not torn or _PAIRED.search(text[torn.start() :])
    broken = (
        _THAT_OPENED.search(text)
        or _HANGING.search(text)
        or _TORN_SECOND.search(text)
        or _WHETHER_TO.search(text)
        or is_torn_list(text)
    )
    return bool(balanced and paired and not broken and len(text.split()) >= _SHORTEST)


def has_its_verbs(kept: str) -> bool:
    """Return whether the beginning of a sentence has a finite verb, and so has its last clause."""
    if _UNDER_CONDITION.search(kept) or not _FINITE.search(f"{kept} ."):
        return False
    opened = [found.end() for found in _OPENS_CLAUSE.finditer(kept)]
    if not opened:
        return True
    clause = f"{kept[opened[-1] :]} ."
    return (_RELATIVE.match(clause) or _FINITE.search(clause)) is not None


def ends_a_list(kept: str, dropped: str) -> bool:
    """Return whether the cut goes through a list: "a lamp, a chair [, and a table]"."""
    last = kept.rpartition(", ")[2]
    joined = re.match(r",?\s(?:and|or)\b(?!\s(?:we|our|it|they|i)\b)", dropped)
    item = ", " in kept and not re.search(r"\b(?:and|or)\b|^(?:which|who|where|an?|the|we|our|using|with|by)\b", last)
    return bool(joined and item)


def is_torn_list(text: str) -> bool:
    """Return whether a text has one item of a numbered list and no other: "three findings: (1) lamps glow"."""
    numbers = {found["number"] for found in _ENUMERATORS.finditer(text)}
    return bool(numbers) and len(numbers) < 2
