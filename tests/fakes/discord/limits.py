"""Discord's limits, each with the page that states it; `[ours]` marks a number that no page states."""

# docs.discord.com, Receiving and Responding: "you must send an initial response within 3 seconds", and the token is
# valid for 15 minutes.
ACK_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
# docs.discord.com, Receiving and Responding: maximum of follow-ups by an app that is not in the server.
OUTSIDER_FOLLOWUPS = 5
# docs.discord.com, Create Message: a nonce is checked for "the past few minutes"; [ours] the exact period.
NONCE_SECONDS = 180.0
# docs.discord.com, Rate Limits: calls of a bot per second, not counting responses to interactions.
GLOBAL_PER_SECOND = 50
# docs.discord.com, Rate Limits: 401, 403 and 429 responses in ten minutes, after which the IP address is blocked;
# [ours] the length of the block.
INVALID_MOST = 10_000
INVALID_SECONDS = 600.0
# docs.discord.com, Rate Limits has an example with five; [ours] the same for messages and edits, in 5 seconds.
BUCKET_CALLS = 5
BUCKET_SECONDS = 5.0
# [ours] Limit of every other route.
OTHER_CALLS = 20
# docs.discord.com, Application Commands: command creations per day and server.
COMMAND_CREATES = 200
# docs.discord.com, Opcodes and status codes, 30003 and 160006; [ours] the thousand, which has only a second-hand
# source.
PINS = 250
ACTIVE_THREADS = 1000
# docs.discord.com, code 30046, which states no number; [ours] maximum of edits of one message older than an hour.
OLD_EDITS = 5
OLD_SECONDS = 3600.0
# docs.discord.com, Uploading Files: 10 MiB per file without boosts.
FILE_BYTES = 10 * 1024 * 1024
# docs.discord.com, Get Channel Messages.
HISTORY_PAGE = 50
HISTORY_MOST = 100
# docs.discord.com, Gateway: the usual interval in HELLO; bytes of a sent payload; sent payloads per minute.
HEARTBEAT_SECONDS = 41.25
PAYLOAD_BYTES = 4096
SENT_MOST, SENT_SECONDS = 120, 60.0
# docs.discord.com, Gateway, Session Start Limit.
IDENTIFIES = 1000
IDENTIFY_SECONDS = 5.0
IDENTIFY_DAY = 86_400.0
# docs.discord.com, Gateway, Sharding: maximum of servers per shard.
SHARD_GUILDS = 2500
