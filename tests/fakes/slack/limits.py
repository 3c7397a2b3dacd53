"""Slack's limits, each with the page that states it; `[seen]` marks a number known only from reports."""

# docs.slack.dev/reference/block-kit/blocks: blocks per surface.
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# docs.slack.dev/reference/block-kit/blocks/markdown-block: total over all markdown blocks of a payload.
MARKDOWN_TOTAL = 12_000
# [seen] github.com/slackapi/bolt-js/issues/2509: msg_blocks_too_long from about this total; no page states the number.
BLOCKS_TOTAL = 13_200
# docs.slack.dev/changelog/2018-truncating-really-long-messages: longer text is truncated.
TEXT_CUT = 40_000
# docs.slack.dev/reference/methods/chat.update: msg_too_long.
UPDATE_TEXT = 4_000
# docs.slack.dev/reference/views and docs.slack.dev/surfaces/modals
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
CALLBACK_ID = 255
VIEW_BYTES = 250_000
VIEW_STACK = 3
# docs.slack.dev/interactivity/handling-user-interaction: a trigger is valid for three seconds and one use.
TRIGGER_SECONDS = 3.0
# docs.slack.dev/interactivity/handling-user-interaction: five times within thirty minutes.
REPLY_USES = 5
REPLY_SECONDS = 30 * 60.0
# docs.slack.dev/apis/events-api and docs.slack.dev/interactivity/implementing-slash-commands: acknowledge within three
# seconds.
ACK_SECONDS = 3.0
# docs.slack.dev/apis/events-api: retries nearly at once, after one minute and after five minutes.
EVENT_RETRIES = (0.0, 60.0, 300.0)
# docs.slack.dev/apis/events-api/using-socket-mode: up to ten connections per app.
SOCKETS = 10
# [seen] A URL from apps.connections.open is valid for one connection and a short time.
TICKET_SECONDS = 30.0
# docs.slack.dev/reference/methods/oauth.v2.access: a code is valid for ten minutes.
CODE_SECONDS = 600.0
# docs.slack.dev/messaging/message-metadata; [seen] the size, which no page states.
METADATA_BYTES = 8_000
# docs.slack.dev/apis/web-api/rate-limits: calls per minute, method and workspace.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
# docs.slack.dev/apis/web-api/rate-limits: chat.postMessage, one message per second and channel; several hundred per
# minute and workspace.
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
