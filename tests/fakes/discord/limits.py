"""The numbers that Discord holds apps to, each with the page that says so; `[ours]` marks what no page says."""

# docs.discord.com, Receiving and Responding: "you must send an initial response within 3 seconds", and the token is
# good for 15 minutes.
ACK_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
# docs.discord.com, Receiving and Responding: follow-ups of an app that is not in the server.
OUTSIDER_FOLLOWUPS = 5
# docs.discord.com, Create Message: a nonce is looked for in "the past few minutes"; [ours] how many that is.
NONCE_SECONDS = 180.0
# docs.discord.com, Rate Limits: all of a bot's calls in a second, but for those that answer interactions.
GLOBAL_PER_SECOND = 50
# docs.discord.com, Rate Limits: 401, 403 and 429 in ten minutes, after which the address is shut out; [ours] for how
# long.
INVALID_MOST = 10_000
INVALID_SECONDS = 600.0
# docs.discord.com, Rate Limits gives an example with five; [ours] that it is so for messages and edits, in 5 seconds.
BUCKET_CALLS = 5
BUCKET_SECONDS = 5.0
# [ours] For all other routes.
OTHER_CALLS = 20
# docs.discord.com, Application Commands: creates a day and server.
COMMAND_CREATES = 200
# docs.discord.com, Opcodes and status codes, 30003 and 160006; [ours] the thousand, which is only second-hand.
PINS = 250
ACTIVE_THREADS = 1000
# docs.discord.com, code 30046, which gives no number; [ours] edits of one message that is older than an hour.
OLD_EDITS = 5
OLD_SECONDS = 3600.0
# docs.discord.com, Uploading Files: 10 MiB a file without boosts.
FILE_BYTES = 10 * 1024 * 1024
# docs.discord.com, Get Channel Messages.
HISTORY_PAGE = 50
HISTORY_MOST = 100
# docs.discord.com, Gateway: what HELLO says in practice; bytes of a payload sent; sent payloads in a minute.
HEARTBEAT_SECONDS = 41.25
PAYLOAD_BYTES = 4096
SENT_MOST, SENT_SECONDS = 120, 60.0
# docs.discord.com, Gateway, Session Start Limit.
IDENTIFIES = 1000
IDENTIFY_SECONDS = 5.0
# docs.discord.com, Gateway, Sharding: one shard for so many servers at most.
SHARD_GUILDS = 2500
