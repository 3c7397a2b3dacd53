"""Tells small talk from a request: greetings, thanks, nods and calls for help, in the languages of the commands.

A text is small talk only if nothing else is in it: "hi", "thanks a lot!", "hello, can you help me?". In "hi-C
sequencing" and "thanks to attention" other words are left, so that both are looked up.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bots.domain.requests import Talk

#: Longer texts say something.
_LONGEST = 120
#: Slack writes emoji as :tada:, Discord its own as <:tada:1234>.
_SHORTCODE = re.compile(r"<a?:\w+:\d+>|:[\w+'-]+:")
_EMOTICON = re.compile(r"(?<!\S)(?:[:;=8xX]-?[)(DPpO/|*]|<3|\^\^|:'\))(?!\S)")
#: "peux-tu" is two words; "hi-C" is one.
_ASKED = re.compile(r"-(?=(?:tu|vous|moi|nous|on|je|ce)\b)")
_DASHED = re.compile(r"(?<=\w)[-–—](?=\w)")

#: What people say, by what it is and in which language; without accents and signs, as `_bare` returns it.
_SAID: Mapping[Talk, Mapping[str, str]] = {
    Talk.GREETING: {
        "en": "hi, hello, hey, hiya, howdy, heya, yo, good morning, good afternoon, good evening, good night, morning, "
        "greetings, hi there, hello there, hey there, how are you, how are you doing, how do you do, whats up, sup, "
        "nice to meet you, welcome, bye, goodbye, see you, see ya, anyone there, are you there, ping, test, testing",
        "de": "hallo, servus, moin, moin moin, guten morgen, guten tag, guten abend, gruss gott, gruezi, hallo "
        "zusammen, wie gehts, wie geht es dir, tschuss, auf wiedersehen, bis bald, na",
        "es": "hola, buenos dias, buenas tardes, buenas noches, buenas, que tal, como estas, adios, hasta luego",
        "fr": "bonjour, salut, bonsoir, coucou, bonne journee, ca va, comment ca va, au revoir, a bientot",
        "ja": "こんにちは, こんにちわ, おはよう, おはようございます, こんばんは, はじめまして, どうも, やあ, "
        "もしもし, さようなら",
        "zh": "你好, 您好, 大家好, 早, 早上好, 早安, 下午好, 晚上好, 晚安, 嗨, 哈喽, 哈囉, 再见, 在吗, 你好吗",
    },
    Talk.THANKS: {
        "en": "thanks, thank you, thank u, thx, tnx, ty, tysm, cheers, many thanks, thanks a lot, thanks a million, "
        "thanks so much, thank you so much, thank you very much, thanks very much, much appreciated, appreciated, "
        "appreciate it, i appreciate it, thanks again, thanks for your help, thanks for the help, thank you for your "
        "help, thanks for that, thanks for this, thanks for the papers",
        "de": "danke, dankeschon, danke schon, danke dir, vielen dank, besten dank, herzlichen dank, danke sehr, "
        "tausend dank, merci vielmals",
        "es": "gracias, muchas gracias, mil gracias, muchisimas gracias, gracias por todo",
        "fr": "merci, merci beaucoup, merci bien, mille mercis, merci a toi, merci a vous",
        "ja": "ありがとう, ありがとうございます, ありがとうございました, どうもありがとう, どうもありがとうございます, "
        "感謝します, サンキュー",
        "zh": "谢谢, 谢谢你, 谢谢您, 多谢, 感谢, 非常感谢, 謝謝, 謝謝你, 感謝, 谢啦",
    },
    Talk.NOD: {
        "en": "ok, okay, k, kk, okey, fine, great, cool, nice, perfect, awesome, amazing, excellent, wonderful, good, "
        "very good, good job, well done, good bot, bad bot, nice bot, nice work, great work, great job, love it, "
        "i love it, love you, i love you, yes, yep, yeah, yup, no, nope, sure, right, alright, all right, got it, "
        "understood, i see, never mind, nevermind, no worries, no problem, sounds good, lol, haha, hahaha, hehe, wow, "
        "oops, sorry, sorry about that, my bad, done, youre welcome, you are welcome, interesting, hm, hmm, ah, oh, "
        "aha, roger, will do, thats all, thats great, thats it, that is all, thats cool, thats nice, so cool",
        "de": "super, toll, prima, klasse, gut, sehr gut, alles klar, in ordnung, passt, ja, nein, genau, verstanden, "
        "braver bot, guter bot, perfekt, spitze, wunderbar, schon gut, egal, bitte, entschuldigung, tut mir leid, jo",
        "es": "vale, de acuerdo, genial, perfecto, muy bien, bien, si, claro, entendido, buen bot, de nada, perdon, "
        "lo siento, excelente, jaja, jajaja",
        "fr": "daccord, daccord merci, parfait, genial, tres bien, bien, oui, non, compris, entendu, bon bot, bravo, "
        "cest bon, ca marche, desole, pardon, mdr, de rien",
        "ja": "はい, いいえ, うん, 了解, 了解です, 了解しました, わかりました, 分かりました, オッケー, いいね, "
        "すごい, 素晴らしい, いいボット, お疲れ様, お疲れ様です, よし, すみません, ごめん",
        "zh": "好, 好的, 好吧, 行, 可以, 嗯, 是, 是的, 对, 不, 不是, 明白, 明白了, 知道了, 收到, 太好了, 很好, 不错, "
        "棒, 太棒了, 真棒, 好机器人, 哈哈, 哈哈哈, 对不起, 抱歉, 没关系, 没事",
    },
    Talk.HELP: {
        "en": "help, help me, help please, can you help, can you help me, can you help us, could you help me, could "
        "you help, please help, please help me, i need help, i need some help, need help, what can you do, what can "
        "you do for me, what can i do, what do you do, what are you, who are you, how do you work, how does this "
        "work, how does it work, how do i use this, how do i use you, how can i use you, what is this, what is "
        "paperwire, how to use, how to start, where do i start, get started, getting started, what now, i have a "
        "question, i am lost, im lost, i dont understand, what can i ask, what can i ask you, how do i start",
        "de": "hilfe, kannst du mir helfen, kannst du helfen, konnen sie mir helfen, bitte hilf mir, hilf mir, ich "
        "brauche hilfe, was kannst du, was kannst du alles, wie funktioniert das, wie geht das, wer bist du, was bist "
        "du",
        "es": "ayuda, ayudame, puedes ayudarme, me puedes ayudar, necesito ayuda, que puedes hacer, que haces, como "
        "funciona, como funciona esto, quien eres",
        "fr": "aide, aidez moi, aide moi, peux tu maider, peux tu m aider, pouvez vous maider, pouvez vous m aider, "
        "jai besoin daide, que peux tu faire, que sais tu faire, comment ca marche, qui es tu",
        "ja": "ヘルプ, 助けて, 助けてください, 手伝って, 手伝ってください, 使い方, 使い方を教えて, "
        "使い方を教えてください, 何ができますか, 何ができるの, あなたは誰, 教えて",
        "zh": "帮助, 帮帮我, 帮我, 请帮我, 你能帮我吗, 能帮我吗, 可以帮我吗, 怎么用, 如何使用, 你能做什么, 你会什么, "
        "你是谁",
    },
}  # fmt: skip
#: Words beside small talk that add nothing to it.
_BESIDE = (
    "paperwire, bot, there, everyone, everybody, all, folks, team, guys, friends, friend, again, please, pls, so "
    "much, very much, a lot, much, and, but, then, too, for now, today, my friend, dear, mate, man, buddy, sir, "
    "zusammen, dir, euch, bitte, und, sehr, por favor, amigo, y, sil te plait, sil vous plait, et, ですね, です, ね, "
    "さん, 吗, 啊, 呀, 了, 请, 哦"
)
#: Help before thanks, thanks before a greeting: of "hi, can you help me?" the question is answered.
_RANK = (Talk.HELP, Talk.THANKS, Talk.GREETING, Talk.NOD)


def small_talk(text: str) -> tuple[Talk, str] | None:
    """Return what a text of small talk says, and its language; None for any other text."""
    if len(text) > _LONGEST:
        return None
    without = _SHORTCODE.sub(" ", _EMOTICON.sub(" ", text))
    words = _bare(without)
    if not words:
        emoji = without != text or any(unicodedata.category(char) in ("So", "Sk") for char in text)
        return (Talk.NOD, "en") if emoji else None
    said = _said(words)
    found = sorted((_RANK.index(talk), place, language) for place, (talk, language) in enumerate(said or ()))
    return (_RANK[found[0][0]], found[0][2]) if found else None


def spoken(talk: Talk, language: str) -> str:
    """Return a text of small talk that says this in this language."""
    phrases = _SAID[talk][language].split(", ")
    return next(phrase for phrase in phrases if phrase != Talk.HELP and small_talk(phrase) == (talk, language))


def _bare(text: str) -> str:
    """Return a text in lower case, without accents, apostrophes and signs; a dash inside a word is kept."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    # The marks of kana change the letter: が is not か.
    plain = unicodedata.normalize("NFC", "".join(char for char in bare if not "\u0300" <= char <= "\u036f"))
    plain = _ASKED.sub(" ", plain)
    kept = "".join(char if char.isalnum() or char in "-–—ー" else "" if char in "'’`" else " " for char in plain)
    return " ".join(_DASHED.sub("\u2014", kept).replace(" - ", " ").split())


def _said(words: str) -> Sequence[tuple[Talk, str]] | None:
    """Return what each phrase in a text says, in order; None if anything else is in it."""
    found, place = list[tuple[Talk, str]](), 0
    while place < len(words):
        phrase = next(_phrases_at(words, place), "")
        if not phrase:
            return None
        if meant := _phrases()[phrase]:
            found.append(meant)
        place += len(phrase)
        place += words[place : place + 1] == " "
    return found


def _phrases_at(words: str, place: int) -> Iterator[str]:
    """Yield the phrases that stand at a place, the longest first; words of Latin letters end where the phrase does."""
    for length in range(min(_most(), len(words) - place), 0, -1):
        phrase, after = words[place : place + length], words[place + length : place + length + 1]
        if phrase in _phrases() and (after in ("", " ") or not phrase.isascii()):
            yield phrase


@cache
def _phrases() -> Mapping[str, tuple[Talk, str] | None]:
    """Return every phrase with what it says and in which language; None for words that say nothing."""
    found: dict[str, tuple[Talk, str] | None] = {_bare(phrase): None for phrase in _BESIDE.split(", ")}
    for talk, languages in _SAID.items():
        for language, phrases in languages.items():
            for phrase in phrases.split(", "):
                found.setdefault(_bare(phrase), (talk, language))
    return found


@cache
def _most() -> int:
    return max(map(len, _phrases()))
