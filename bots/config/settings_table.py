"""The table of built-in settings; those of sources and plug-ins are declared where they are used."""

from bots.config.discord_table import DISCORD
from bots.config.email_table import EMAIL
from bots.config.network_values import networks
from bots.config.numbers import hours_or_none, price, tokens, whole_number
from bots.config.slack_table import SLACK
from bots.config.values import (
    Setting,
    channel,
    database,
    host_and_port,
    hours,
    if_given,
    key,
    language,
    mail,
    model_server,
    one_of,
    site,
    text,
    zone,
)
from bots.config.web_table import WEB
from bots.config.webhook_table import WEBHOOK
from bots.config.zotero_table import ZOTERO
from bots.domain.retention import PAPER_DAYS, RUN_DAYS, read_days

#: All built-in settings except those of the sources, which declare their own: see `settings.everything`.
TABLE: tuple[Setting, ...] = (
    Setting(
        section="",
        name="database",
        default="",
        says="File or Postgres address that holds subscriptions, the delivery ledger and known papers. "
        "Empty: a file in your data folder.",
        read=database,
    ),
    Setting(
        section="",
        name="contact",
        default="",
        says="Your mail address, sent with every request to the sites that papers are read from, so that they can "
        "contact you before they block you. Some sites ask for it.",
        read=mail,
    ),
    Setting(
        section="",
        name="timezone",
        default="UTC",
        says="The time zone of new subscriptions that do not name one.",
        read=zone,
    ),
    Setting(
        section="schedule",
        name="catch_up_hours",
        default="6",
        says="How late a digest is still posted, for example after the machine was off. Older ones are skipped and "
        "listed; the next digest covers their papers.",
        read=hours,
    ),
    Setting(
        section="schedule",
        name="workers",
        default="no",
        says="Whether `paperwire worker` processes make digests, blurbs and the search index; no: the process that "
        "schedules does. Workers need a Postgres database and the extra `scale`.",
        read=one_of("yes", "no"),
    ),
    Setting(
        section="schedule",
        name="prepare_hours",
        default="0",
        says="Hours before a digest is due from which its papers are condensed ahead, so that it finds their blurbs "
        "stored; 0 condenses them when it is due. The lists are read again every 15 minutes.",
        read=hours_or_none,
    ),
    Setting(
        section="schedule",
        name="prepare_blurbs",
        default="500",
        says="The most blurbs that are made ahead on one day (UTC), of all processes together.",
        read=whole_number(0, 100_000),
    ),
    Setting(
        section="retention",
        name="run_days",
        default=str(RUN_DAYS),
        says="Days that runs and their messages are listed after they ended; 0 keeps them for ever. That a paper was "
        "posted in a channel is never forgotten.",
        read=read_days,
    ),
    Setting(
        section="retention",
        name="paper_days",
        default=str(PAPER_DAYS),
        says="Days that a paper can be searched for after a source last listed it; 0 keeps it for ever. Papers that "
        "people saved, liked or hid are kept.",
        read=read_days,
    ),
    Setting(
        section="delivery",
        name="when_unknown",
        default="hold",
        says="What to do with a message that may or may not have been posted, because the channel's history cannot be "
        "read: hold it and notify the admin, or repost it, which may post it twice.",
        read=one_of("hold", "repost"),
    ),
    Setting(
        section="delivery",
        name="admin",
        default="",
        says="The channel for notices about paused subscriptions and held messages, as platform:workspace:channel. "
        "Empty: they are only logged.",
        read=channel,
    ),
    *SLACK,
    *DISCORD,
    *EMAIL,
    *WEB,
    *WEBHOOK,
    *ZOTERO,
    Setting(
        section="operations",
        name="listen",
        default="",
        says="The address of /healthz, /readyz and /metrics, for those who watch Paperwire, such as 127.0.0.1:9090. "
        "Empty: they are not served. Do not open it to the internet.",
        read=if_given(host_and_port),
    ),
    Setting(
        section="operations",
        name="traces",
        default="",
        says="Where traces are sent: the address of a collector for OTLP over HTTP, such as "
        "http://127.0.0.1:4318/v1/traces. Empty: nowhere. It needs the extra otel.",
        read=site,
    ),
    Setting(
        section="operations",
        name="trusted_proxies",
        default="127.0.0.0/8, ::1",
        says="The addresses and networks of your own reverse proxies and load balancers, which are believed about "
        "whose requests they pass on (X-Forwarded-For). From others that header is ignored, so that nobody escapes "
        "the limit of requests for each client. nobody: none is believed.",
        read=networks,
    ),
    Setting(
        section="engine",
        name="order",
        default="extractive",
        says="The engines that condense, the preferred one first, for example remote, generative, extractive. "
        "If one fails, the next one condenses, and the blurb says so.",
        read=text,
    ),
    Setting(
        section="engine",
        name="remote_url",
        default="",
        says="Address of a server with an OpenAI-compatible /v1/chat/completions: vLLM, SGLang, llama.cpp, Ollama, "
        "transformers serve, a vendor.",
        read=model_server,
    ),
    Setting(section="engine", name="remote_model", default="", says="The model's name on that server.", read=text),
    Setting(
        section="engine",
        name="remote_key",
        default="",
        says="That server's key, if it requires one. Better set as a variable than written here.",
        read=key,
        secret=True,
    ),
    Setting(
        section="engine",
        name="remote_mode",
        default="plain",
        says="plain sends one request per blurb; with chain the model drafts, criticises and refines; with reflect it "
        "checks faithfulness, completeness and concision. Both send up to three requests per blurb.",
        read=one_of("plain", "chain", "reflect"),
    ),
    Setting(
        section="engine",
        name="remote_concurrency",
        default="4",
        says="Requests that each process sends to the server at the same time. vLLM answers 16 together in little more "
        "time than one; llama.cpp answers as many as its -np says.",
        read=whole_number(1, 256),
    ),
    Setting(
        section="engine",
        name="daily_budget_tokens",
        default="0",
        says="The maximum number of tokens per day (UTC) that the server may use; 0 is no limit. After that the next "
        "engine condenses. All processes with one database count together.",
        read=tokens,
    ),
    Setting(
        section="engine",
        name="price_prompt",
        default="0",
        says="The price of a million tokens that are sent to the server, for the metric of costs, in any currency.",
        read=price,
    ),
    Setting(
        section="engine",
        name="price_completion",
        default="0",
        says="The price of a million tokens that the server's model writes.",
        read=price,
    ),
    Setting(
        section="engine",
        name="language",
        default="",
        says="The language the remote engine writes in, by its English name. Empty: the abstract's.",
        read=language,
    ),
    Setting(
        section="engine",
        name="reader",
        default="expert",
        says="The reader the remote engine writes for: expert, or newcomer to the field.",
        read=one_of("expert", "newcomer"),
    ),
    Setting(
        section="engine",
        name="generative_model",
        default="",
        says="The model of the generative engine: a folder, or the id of a model on the Hugging Face hub.",
        read=text,
    ),
    Setting(
        section="engine",
        name="generative_revision",
        default="",
        says="The commit of that model on the hub: 40 hexadecimal digits.",
        read=text,
    ),
    Setting(
        section="engine",
        name="generative_device",
        default="auto",
        says="The device that model runs on: auto, cuda, mps or cpu.",
        read=one_of("auto", "cuda", "mps", "cpu"),
    ),
)
