"""The short words that answer small talk, in the language it was said in. Plain text."""

from collections.abc import Mapping

from bots.domain.requests import Talk

_TEXTS: Mapping[Talk, Mapping[str, str]] = {
    Talk.GREETING: {
        "en": "Hello! “help” shows what I can do.",
        "de": "Hallo! „help“ zeigt, was ich kann.",
        "es": "¡Hola! «help» muestra lo que sé hacer.",
        "fr": "Bonjour ! « help » montre ce que je sais faire.",
        "ja": "こんにちは。「help」でできることを表示します。",
        "zh": "你好！发送“help”可以看到我能做什么。",
    },
    Talk.THANKS: {
        "en": "You are welcome.",
        "de": "Gern geschehen.",
        "es": "De nada.",
        "fr": "Avec plaisir.",
        "ja": "どういたしまして。",
        "zh": "不客气。",
    },
    Talk.NOD: {
        "en": "All right.",
        "de": "Alles klar.",
        "es": "De acuerdo.",
        "fr": "D'accord.",
        "ja": "了解です。",
        "zh": "好的。",
    },
    Talk.HELP: {
        "en": "Send me the address or the id of a paper, and I show it with a short blurb. “search” with some words "
        "finds papers, “digest” brings today's, and “subscribe” posts them here at set times. “help” lists "
        "everything.",
        "de": "Schick mir die Adresse oder die ID eines Papers, und ich zeige es mit einem Kurztext. „search“ mit "
        "ein paar Wörtern findet Papers, „digest“ bringt die von heute, und „subscribe“ postet sie hier zu festen "
        "Zeiten. „help“ zeigt alles.",
        "es": "Envíame la dirección o el id de un artículo y lo muestro con un resumen breve. «search» con unas "
        "palabras busca artículos, «digest» trae los de hoy y «subscribe» los publica aquí a horas fijas. «help» lo "
        "muestra todo.",
        "fr": "Envoie-moi l'adresse ou l'identifiant d'un article, et je le montre avec un court résumé. « search » "
        "avec quelques mots trouve des articles, « digest » donne ceux du jour et « subscribe » les publie ici à "
        "heures fixes. « help » montre tout.",
        "ja": "論文のアドレスかIDを送ると、短い要約と一緒に表示します。「search」と言葉で論文を検索し、"
        "「digest」で今日の論文を、「subscribe」で決まった時刻にここへ投稿します。「help」ですべてを表示します。",
        "zh": "把论文的网址或编号发给我，我会显示它和简短的摘要。“search”加几个词可以搜索论文，“digest”显示今天的论文，"
        "“subscribe”会按时发布到这里。“help”列出全部。",
    },
}


def small_talk_text(talk: Talk, language: str) -> str:
    """Return the answer to small talk, in its language; in English if there is none in it."""
    return _TEXTS[talk].get(language) or _TEXTS[talk]["en"]
