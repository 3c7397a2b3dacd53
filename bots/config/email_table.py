"""The settings of e-mail."""

from bots.config.values import (
    Setting,
    host_and_port,
    mail_password,
    mail_server,
    one_of,
    per_minute,
    sender,
    sign_ups,
    site,
    text,
)

EMAIL: tuple[Setting, ...] = (
    Setting(
        section="email",
        name="server",
        default="",
        says="The mail server that accepts your mail, such as smtp.example.org or smtp.example.org:587: your "
        "provider's, or one on this machine.",
        read=mail_server,
    ),
    Setting(
        section="email",
        name="security",
        default="auto",
        says="How the connection is encrypted: starttls, tls, or none. auto: tls on port 465, none on this machine, "
        "otherwise starttls. A password is never sent without encryption to another machine.",
        read=one_of("auto", "starttls", "tls", "none"),
    ),
    Setting(
        section="email", name="user", default="", says="The user name at that server, if it asks for one.", read=text
    ),
    Setting(
        section="email",
        name="password",
        default="",
        says="That user's password. Better set as a variable than written here.",
        read=mail_password,
        secret=True,
    ),
    Setting(
        section="email",
        name="sender",
        default="",
        says="Who the mails come from, such as Paperwire <papers@example.org>. The server must accept it as a sender.",
        read=sender,
    ),
    Setting(
        section="email",
        name="public_url",
        default="",
        says="The address at which readers reach Paperwire's pages, such as https://papers.example.org: to sign up, to "
        "unsubscribe with one click, and for their preferences. Empty: there are no pages, and mails are answered to "
        "the sender to unsubscribe.",
        read=site,
    ),
    Setting(
        section="email",
        name="listen",
        default="127.0.0.1:3002",
        says="The address on which Paperwire listens for those pages, behind your web server, which handles TLS.",
        read=host_and_port,
    ),
    Setting(
        section="email",
        name="sign_up",
        default="nobody",
        says="Who may sign up on the page: nobody, anyone, or people with addresses at these domains: example.org, "
        "example.com. The operator can always subscribe an address.",
        read=sign_ups,
    ),
    Setting(
        section="email",
        name="per_minute",
        default="60",
        says="How many mails per minute are sent to the addresses of one domain.",
        read=per_minute,
    ),
    Setting(
        section="email",
        name="when_unknown",
        default="repost",
        says="What to do with a mail that the server may or may not have accepted: repost it under the same "
        "Message-ID, by which many mailboxes drop the second copy, or hold it and notify the admin.",
        read=one_of("repost", "hold"),
    ),
    Setting(
        section="email",
        name="ca_file",
        default="",
        says="A file of certificates to trust instead of the system's, for a server with a certificate of your own.",
        read=text,
    ),
    Setting(
        section="email",
        name="dkim_selector",
        default="",
        says="For a mail server that does not sign with DKIM: the selector of the key, whose public half is in DNS at "
        "SELECTOR._domainkey.DOMAIN of the sender. Needs the extra dkim.",
        read=text,
    ),
    Setting(
        section="email",
        name="dkim_key",
        default="",
        says="The file with the RSA private key of that selector, in PEM.",
        read=text,
    ),
)
