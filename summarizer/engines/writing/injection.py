"""Detect sentences of an abstract that address a model instead of describing a paper. Pure; linear time; any input.

No list of attacks is complete. This is the first of three lines of defence: a sentence found here never reaches the
model and supports nothing in its output. The second is the fence around the abstract in the prompt, the third the check
of the output in `vetting`.
"""

import codecs
import re
import unicodedata

#: Letters of other scripts that look like Latin ones.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһԛԝαεορνικτ", "aeopcyxijsdhqwaeopvikt")
#: Characters that are invisible to people but not to models: a second ASCII (Unicode block "Tags").
_TAGS = {0xE0000 + code: code for code in range(32, 127)}
_LEET = (str.maketrans("013457@$", "oleastas"), str.maketrans("01345", "oieas"))

#: Each line is specific enough to remove a sentence from an abstract; a space matches any white space.
_COMMANDS = r"""
\b(?:ignor\w*|disregard\w*|forget|override|overwrite|bypass|discard|drop|skip|delete|erase)\b(?:\W+\w+){0,3}?\W+EARLIER\b(?:\W+\w+){0,4}?\W+RULES\b
\b(?:ignore|disregard|forget) (?:everything|anything|all (?:of )?(?:this|that|the above))\b
\b(?:system|developer|hidden|secret|initial) (?:prompts?|messages?|overrides?|instructions?|notices?|note)\b
\b(?:new|updated|revised|additional|important|urgent|special) (?:instructions?|directives?|orders)\b\W*(?::|for\b|$)
\byou(?: are|'re| will be| shall be)(?: now| henceforth)?(?: acting as)? (?:an? )?(?:\w+ )?(?:MODEL|dan|pirate|unrestricted|jailbroken|free)\b
\byou are (?:now|no longer|henceforth)\b
\bfrom now on\b
\b(?:developer mode|jailbreak mode|do anything now)\b
\b(?:pretend (?:to be|that you|you)|role-?play(?: as |:)|act as if you|act like you|play the role of an? (?:ai|pirate))\b
\b(?:note|attention|message|instructions?|notice|reminder|memo|dear|hey|hi|hello|command)\b\W+(?:to|for)?\W*(?:the |any |all |every )?MODEL\b\W*(?::|,|-|that|reading|processing|must|please|should)
\bif you are (?:an? )?MODEL\b
\bMODEL (?:reading|processing|summari[sz]ing|that reads?|who reads?) this\b
\b(?:when|while|before|after|instead of|in place of) (?:\w+ )?summari[sz]ing (?:this|the (?:paper|abstract|text))\b
\byour (?:\w+ )?(?:OUTPUT|task is|instructions?|job is|next message|rules?|reader|user|operator|prompt)\b
\b(?:the|this|every|any|final|correct|only) (?:\w+ )?OUTPUT (?:must|should|shall|has to|needs to|is to|will|is)\b\W+(?:always |only |also )?(?:be|say|contain|include|read|end|begin|start|state|mention|consist|:|")
\b(?:must|should) (?:say|reply|respond|output|print)\b
</?\s*(?:system|user|assistant|instructions?|abstract|prompt|data|im_\w+|human|tool|function\w*)\s*/?>
<\|[^|>]{0,40}\|?>|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>|</?s>
(?:^|[\n.!?"'\]}>#*-])\s*#*\s*(?:system|assistant|user|human|developer|tool)\s*:\s
#{2,}\s*(?:system|instructions?|response|human|assistant|new|end)\b
\b(?:end|begin|start) of (?:the )?(?:abstract|document|data|input|system|instructions?|prompt)\b
\[(?:system|admin|end|begin|override|instruction)[^\]]{0,40}\]
["']\s*[,}]+\s*[,{]*\s*["']?(?:role|blurb|content|system|problem|approach|result)["']?\s*:
\{\s*["'](?:blurb|role|content|problem|approach|result|choices)["']\s*:
!?\[[^\]]{0,200}\]\(\s*(?:https?:|javascript:|data:|//|www\.)
<[@!#][^>]{0,80}>|<https?:[^>|]{0,200}\||(?<!\w)@(?:everyone|here|channel|all|group)\b
\b(?:base ?64|rot ?13|hex|morse)\b.{0,40}\b(?:decode|decoded|obey|follow|execute|instructions?)\b
\bdecode (?:this|the following|and)\b
\b(?:ignorier\w*|vergiss|missachte\w*)\b.{0,60}\b(?:anweisung\w*|regeln|vorherig\w*|bisherig\w*|vorgaben)\b
\b(?:ignore[zr]?|oublie[zr]?|ne tenez pas compte)\b.{0,60}\b(?:instructions?|consignes|precedent\w*|regles)\b
\b(?:ignor[ae]|olvida|haz caso omiso)\b.{0,60}\b(?:instrucciones|anteriores|previas|instrucoes|istruzioni|reglas)\b
\b(?:ignora|dimentica|ignore|esqueca)\b.{0,60}\b(?:istruzioni|precedenti|instrucoes|anteriores)\b
\b(?:zignoruj|negeer|ignorera|yoksay|unut)\b|onceki talimat
(?:игнорир|забуд|не обращай)\w*.{0,60}(?:инструкц|указан|правил|команд)
(?:忽略|无视|無視|忘记|忘掉).{0,20}(?:指令|指示|说明|規則|规则|提示|内容|命令)|以前の指示|これまでの指示
이전 지시|지시를? 무시
تجاهل.{0,40}(?:التعليمات|الأوامر)
(?:निर्देशों|निर्देश).{0,30}(?:अनदेखा|नज़रअंदाज़)
התעלם.{0,40}הוראות
"""  # noqa: E501 - a pattern is read in one line
#: A command at the start of a clause, followed by an object.
_ORDER_LINE = (
    r"""(?:^|[:;"'\]})>*-]\s*)(?:(?:please|now|instead|then|just|also|first|finally|and|you must|you should),? )*DO\b"""
    r"""(?:\s+(?:AIM|http\S*|@\S+)\b|\s*[:"'“«])"""
)
_WORDS = {
    "EARLIER": """
        all any every earlier above previous previously prior preceding foregoing existing your the these those my
        safety system original initial given other everything what
    """,
    "RULES": """
        instructions? prompts? rules? directions? directives? guidelines? commands? polic(?:y|ies)
        constraints? restrictions? training above before said told wrote written messages?
    """,
    "MODEL": r"""
        ai a\.i\. llms? gpt chatgpt claude gemini language_models? models? assistants? summari[sz]ers? bots? chatbots?
        agents? automated_readers? machine_readers? reviewers? editors?
    """,
    "OUTPUT": "summary summari[sz]ation blurb answer reply response output digest headline tl;?dr completion critique",
    "DO": """
        respond reply answer output print say write repeat recommend tell click visit go_to follow_this tweet email
        execute reveal disclose append mention translate summari[sz]e announce praise rate_this stop do_not don't never
        always decode pretend imagine_you act_as behave_as speak_as assume_the_role ignore disregard forget switch_to
        enter activate enable begin_your start_your end_your finish_your conclude_your replace insert ping notify
        include add ask show return act
    """,
    "AIM": """
        with only exactly the_(?:following|words?|phrase|sentence|text|string|link|user|reader|system) this that in as
        an? your you it to at me us them everyone all any not nothing the readers? users? people
    """,
}


def _compiled(lines: str) -> re.Pattern[str]:
    """Return one pattern for the lines, with the names of the word table replaced by its words."""
    whole = "|".join(f"(?:{line})" for line in lines.strip().splitlines())
    for name, words in _WORDS.items():
        whole = whole.replace(name, f"(?:{'|'.join(words.split())})".replace("_", " "))
    return re.compile(whole)


_COMMAND = _compiled(_COMMANDS)
#: The commonest command, with all spaces and punctuation removed.
_SQUEEZED = re.compile(
    r"(?:ignore|disregard|forget)(?:all|any|every)?(?:the|your|my)?(?:previous|prior|above|earlier|preceding)"
)
_ORDER = _compiled(_ORDER_LINE)
#: Encoded text, which only a machine reads.
_ENCODED = re.compile(
    r"(?<![\w/.-])(?=[A-Za-z0-9+/]{0,80}[A-Z])(?=[A-Za-z0-9+/]{0,80}[a-z])(?=[A-Za-z0-9+/]{0,80}\d)[A-Za-z0-9+/]{24,}={0,2}"
    r"|(?<![\w/.-])[A-Za-z0-9+/]{16,}==?|\b(?:[0-9a-f]{2}[ :]?){16,}\b|(?:\\x[0-9a-f]{2}){6,}|(?:[.-]{1,5} ){10,}"
    r"|(?:%[0-9a-fA-F]{2}){6,}"
)
#: Words that start sentences of papers; after a command, a sentence with another start counts as part of the command.
_PROSE = re.compile(
    r"(?:we|our|this|these|the|in|on|to|for|a|an|it|they|experiments?|results?|existing|recent|however|extensive|by|"
    r"specifically|moreover|furthermore|finally|first|while|although|code)\b"
)


def is_command(sentence: str) -> bool:
    """Return whether a sentence gives commands to a model, openly or in disguise."""
    if _ENCODED.search(sentence):
        return True
    said = _folded(sentence)
    seen = said.translate(_LOOKALIKES)
    if any(_COMMAND.search(text) or _ORDER.search(text) for text in {said, seen}):
        return True
    return _SQUEEZED.search(re.sub(r"\W|_", "", seen)) is not None or any(map(_COMMAND.search, _disguises(seen)))


def is_prose(sentence: str) -> bool:
    """Return whether a sentence starts with a word that sentences of papers start with."""
    return _PROSE.match(_folded(sentence)) is not None


def _folded(text: str) -> str:
    """Return the text in lower case, without accents, and with one kind of space."""
    apart = unicodedata.normalize("NFKD", text.translate(_TAGS))
    plain = "".join(char for char in apart if not unicodedata.combining(char) or char > "\u036f")
    return " ".join(unicodedata.normalize("NFC", plain).casefold().split())


def _disguises(text: str) -> tuple[str, ...]:
    """Return the hidden readings of the text: digits as letters, reversed, shifted by 13 letters."""
    return *(text.translate(digits) for digits in _LEET), text[::-1], codecs.encode(text, "rot13")
