"""The numbers that Slack holds apps to, each with the page that says so; `[seen]` marks what only reports say."""

# docs.slack.dev/reference/block-kit/blocks: blocks per surface.
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# docs.slack.dev/reference/block-kit/blocks/markdown-block: all markdown blocks of a payload together.
MARKDOWN_TOTAL = 12_000
# [seen] github.com/slackapi/bolt-js/issues/2509: msg_blocks_too_long from about here; no page gives the number.
BLOCKS_TOTAL = 13_200
# docs.slack.dev/changelog/2018-truncating-really-long-messages: longer text is cut.
TEXT_CUT = 40_000
# docs.slack.dev/reference/methods/chat.update: msg_too_long.
UPDATE_TEXT = 4_000
# docs.slack.dev/reference/views and docs.slack.dev/surfaces/modals
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
CALLBACK_ID = 255
VIEW_BYTES = 250_000
VIEW_STACK = 3
# docs.slack.dev/interactivity/handling-user-interaction: a trigger is good for three seconds, once.
TRIGGER_SECONDS = 3.0
# docs.slack.dev/interactivity/handling-user-interaction: five times within thirty minutes.
REPLY_USES = 5
REPLY_SECONDS = 30 * 60.0
# docs.slack.dev/apis/events-api and docs.slack.dev/interactivity/implementing-slash-commands: answer within three
# seconds.
ACK_SECONDS = 3.0
# docs.slack.dev/apis/events-api: retried nearly at once, after a minute, after five.
EVENT_RETRIES = (0.0, 60.0, 300.0)
# docs.slack.dev/apis/events-api/using-socket-mode: up to ten connections an app.
SOCKETS = 10
# [seen] A URL from apps.connections.open is good for one connection, and not for long.
TICKET_SECONDS = 30.0
# docs.slack.dev/reference/methods/oauth.v2.access: a code is exchanged within ten minutes.
CODE_SECONDS = 600.0
# docs.slack.dev/messaging/message-metadata; [seen] the size, which no page gives.
METADATA_BYTES = 8_000
# docs.slack.dev/apis/web-api/rate-limits: calls a minute, for each method and workspace.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
# docs.slack.dev/apis/web-api/rate-limits: chat.postMessage, a message a second and channel; several hundred a minute
# in a workspace.
POSTS_PER_SECOND = 1.0
POSTS_PER_MINUTE = 300
# docs.slack.dev/reference/methods/conversations.history
HISTORY_PAGE = 100
HISTORY_MOST = 999
# docs.slack.dev/changelog/2025-05-terms-rate-limit-update-and-faq
OUTSIDER_PAGE = 15
# docs.slack.dev/reference/app-manifest
MANIFEST_COMMANDS = 50
MANIFEST_SHORTCUTS = 10
MANIFEST_COMMAND = 32
MANIFEST_UNFURL_DOMAINS = 5
MANIFEST_NAME = 35
