"""Block Kit as tables: every block and element, its required fields, and their limits.

Source: docs.slack.dev/reference/block-kit, one page per name; where slack_sdk's models say more, those models.
"""

from tests.fakes.slack.block_rules import (
    Rule,
    Shape,
    any_text,
    anything,
    by_type,
    flag,
    items,
    number,
    one_of,
    plain,
    string,
    url,
)

_NAME = string(255)
#: docs.slack.dev/reference/block-kit/composition-objects/option-object. Slack's type definitions allow 75 characters
#: for a value, slack_sdk 150; the page says 150, and this is enforced.
_OPTION = Shape(
    required={"text": any_text(75), "value": string(150)}, optional={"description": any_text(75), "url": url(3000)}
).check
_CONFIRM = Shape(
    required={"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    optional={"style": one_of("primary", "danger")},
).check
_GROUP = Shape(required={"label": plain(75), "options": items(_OPTION, most=100)}).check
_FEEDBACK = Shape(
    required={"text": plain(75), "value": string(2000)}, optional={"accessibility_label": string(75)}
).check
_DISPATCH = Shape(
    optional={"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), most=2)}
).check
_FILTER = Shape(
    optional={
        "include": items(one_of("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
).check
_MENU: dict[str, Rule] = {
    "action_id": _NAME,
    "confirm": _CONFIRM,
    "placeholder": plain(150),
    "focus_on_load": flag,
}
_MULTI: dict[str, Rule] = {**_MENU, "max_selected_items": number(1)}
_TYPED: dict[str, Rule] = {
    "action_id": _NAME,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": _DISPATCH,
}
_STATIC: dict[str, Rule] = {"options": items(_OPTION, most=100), "option_groups": items(_GROUP, most=100)}
_LOOKED_UP: dict[str, Rule] = {"min_query_length": number(0)}
_IMAGE_SOURCE: dict[str, Rule] = {"image_url": url(3000), "slack_file": anything}
_STRING = string(10_000)
_IDS = items(_STRING, most=1000)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        required={"text": plain(75)},
        optional={
            "action_id": _NAME,
            "url": url(3000),
            "value": string(2000, least=0),
            "style": one_of("primary", "danger"),
            "confirm": _CONFIRM,
            "accessibility_label": string(75),
            "agent_prompt": string(4000),
            "agent_prompt_display": anything,
            "visible_to_user_ids": _IDS,
        },
    ),
    "checkboxes": Shape(
        required={"options": items(_OPTION, most=10)}, optional={**_MENU, "initial_options": items(_OPTION, most=10)}
    ),
    "radio_buttons": Shape(
        required={"options": items(_OPTION, most=10)}, optional={**_MENU, "initial_option": _OPTION}
    ),
    "overflow": Shape(required={"options": items(_OPTION, most=5)}, optional={"action_id": _NAME, "confirm": _CONFIRM}),
    "datepicker": Shape(optional={**_MENU, "initial_date": string(10)}),
    "timepicker": Shape(optional={**_MENU, "initial_time": string(5), "timezone": string(100)}),
    "datetimepicker": Shape(optional={**_MENU, "initial_date_time": number()}),
    "image": Shape(required={"alt_text": string(2000)}, optional=_IMAGE_SOURCE, any_of=("image_url", "slack_file")),
    "static_select": Shape(
        optional={**_MENU, **_STATIC, "initial_option": _OPTION}, any_of=("options", "option_groups")
    ),
    "multi_static_select": Shape(
        optional={**_MULTI, **_STATIC, "initial_options": items(_OPTION, most=100)},
        any_of=("options", "option_groups"),
    ),
    "external_select": Shape(optional={**_MENU, **_LOOKED_UP, "initial_option": _OPTION}),
    "multi_external_select": Shape(optional={**_MULTI, **_LOOKED_UP, "initial_options": items(_OPTION, most=100)}),
    "users_select": Shape(optional={**_MENU, "initial_user": _STRING}),
    "multi_users_select": Shape(optional={**_MULTI, "initial_users": _IDS}),
    "conversations_select": Shape(
        optional={
            **_MENU,
            "initial_conversation": _STRING,
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": _FILTER,
        }
    ),
    "multi_conversations_select": Shape(
        optional={
            **_MULTI,
            "initial_conversations": _IDS,
            "default_to_current_conversation": flag,
            "filter": _FILTER,
        }
    ),
    "channels_select": Shape(optional={**_MENU, "initial_channel": _STRING, "response_url_enabled": flag}),
    "multi_channels_select": Shape(optional={**_MULTI, "initial_channels": _IDS}),
    "plain_text_input": Shape(
        optional={
            **_TYPED,
            "initial_value": string(3000, least=0),
            "multiline": flag,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        }
    ),
    "email_text_input": Shape(optional={**_TYPED, "initial_value": string(3000, least=0)}),
    "url_text_input": Shape(optional={**_TYPED, "initial_value": string(3000, least=0)}),
    "number_input": Shape(
        required={"is_decimal_allowed": flag},
        optional={**_TYPED, "initial_value": _STRING, "min_value": _STRING, "max_value": _STRING},
    ),
    "rich_text_input": Shape(
        optional={**_TYPED, "initial_value": anything, "min_lines": number(1), "max_lines": number(1)}
    ),
    "file_input": Shape(
        optional={"action_id": _NAME, "filetypes": items(string(20), most=100), "max_files": number(1, 10)},
        surfaces=("modal",),
    ),
    "feedback_buttons": Shape(
        required={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        optional={"action_id": _NAME},
        surfaces=("message",),
    ),
    "icon_button": Shape(
        required={"icon": one_of("trash"), "text": plain(75)},
        optional={
            "action_id": _NAME,
            "value": string(2000, least=0),
            "confirm": _CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": _IDS,
        },
        surfaces=("message",),
    ),
    "workflow_button": Shape(
        required={"text": plain(75), "workflow": anything},
        optional={"action_id": _NAME, "style": one_of("primary", "danger"), "accessibility_label": string(75)},
    ),
    "url": Shape(required={"url": url(3000), "text": string(2000)}),
}

_MENUS = tuple(name for name in ELEMENTS if name.endswith("select"))
_PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
_PRESSED = ("button", "overflow", "workflow_button", *_MENUS, *_PICKERS, "datetimepicker")
_INPUTS = (
    *_MENUS,
    *_PICKERS,
    "datetimepicker",
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)

_STYLE = Shape(
    optional={
        "bold": flag,
        "italic": flag,
        "strike": flag,
        "code": flag,
        "underline": flag,
        "highlight": flag,
        "client_highlight": flag,
        "unlink": flag,
    }
).check
_LONG = string(100_000)
RICH_LEAVES: dict[str, Shape] = {
    "text": Shape(required={"text": _LONG}, optional={"style": _STYLE}),
    "link": Shape(required={"url": url(3000)}, optional={"text": _LONG, "unsafe": flag, "style": _STYLE}),
    "user": Shape(required={"user_id": _STRING}, optional={"style": _STYLE}),
    "usergroup": Shape(required={"usergroup_id": _STRING}, optional={"style": _STYLE}),
    "channel": Shape(required={"channel_id": _STRING}, optional={"style": _STYLE}),
    "team": Shape(required={"team_id": _STRING}, optional={"style": _STYLE}),
    "broadcast": Shape(required={"range": one_of("here", "channel", "everyone")}, optional={"style": _STYLE}),
    "emoji": Shape(required={"name": _STRING}, optional={"unicode": _STRING, "style": _STYLE, "skin_tone": anything}),
    "color": Shape(required={"value": string(20)}, optional={"style": _STYLE}),
    "date": Shape(
        required={"timestamp": number(), "format": _STRING},
        optional={"url": url(3000), "fallback": _STRING, "style": _STYLE},
    ),
}
_LEAF = by_type(RICH_LEAVES)
_BORDER: dict[str, Rule] = {"border": number(0, 1)}
_LEAVES = items(_LEAF, least=0, most=10_000)
_SECTION = Shape(required={"elements": _LEAVES})
RICH_PARTS: dict[str, Shape] = {
    "rich_text_section": _SECTION,
    "rich_text_preformatted": Shape(required={"elements": _LEAVES}, optional={**_BORDER, "language": _STRING}),
    "rich_text_quote": Shape(required={"elements": _LEAVES}, optional=_BORDER),
    "rich_text_list": Shape(
        required={
            "elements": items(by_type({"rich_text_section": _SECTION}), most=1000),
            "style": one_of("bullet", "ordered"),
        },
        optional={**_BORDER, "indent": number(0, 8), "offset": number(0)},
    ),
}
_RICH = Shape(required={"elements": items(by_type(RICH_PARTS), least=0, most=1000)}, optional={"block_id": _NAME})
_ID: dict[str, Rule] = {"block_id": _NAME}
_CONTEXT_TEXTS: dict[str, Shape] = {
    "image": ELEMENTS["image"],
    "mrkdwn": Shape(required={"text": string(2000)}, optional={"verbatim": flag}),
    "plain_text": Shape(required={"text": string(2000)}, optional={"emoji": flag}),
}
_CELLS: dict[str, Shape] = {
    "raw_text": Shape(required={"text": string(10_000)}),
    "raw_number": Shape(required={"value": number()}, optional={"text": string(10_000)}),
    "rich_text": _RICH,
}
_CARD = Shape(
    optional={
        **_ID,
        "hero_image": by_type(ELEMENTS, "image"),
        "icon": by_type(ELEMENTS, "image"),
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "actions": items(by_type(ELEMENTS, "button"), most=5),
    },
    any_of=("hero_image", "title", "actions", "body"),
    surfaces=("message",),
)
_TASK = Shape(
    required={"task_id": _STRING, "title": string(10_000)},
    optional={
        **_ID,
        "details": by_type({"rich_text": _RICH}),
        "output": by_type({"rich_text": _RICH}),
        "sources": items(by_type(ELEMENTS, "url"), most=100),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    surfaces=("message",),
)

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        optional={
            **_ID,
            "text": any_text(3000),
            "fields": items(any_text(2000), most=10),
            "accessory": by_type(ELEMENTS, "image", *_PRESSED),
            "expand": flag,
        },
        any_of=("text", "fields"),
    ),
    "header": Shape(required={"text": plain(150)}, optional={**_ID, "level": number(1, 4)}),
    "divider": Shape(optional=_ID),
    "image": Shape(
        required={"alt_text": string(2000)},
        optional={**_ID, **_IMAGE_SOURCE, "title": plain(2000)},
        any_of=("image_url", "slack_file"),
    ),
    "context": Shape(required={"elements": items(by_type(_CONTEXT_TEXTS), most=10)}, optional=_ID),
    "actions": Shape(required={"elements": items(by_type(ELEMENTS, *_PRESSED), most=25)}, optional=_ID),
    "context_actions": Shape(
        required={"elements": items(by_type(ELEMENTS, "feedback_buttons", "icon_button"), most=5)},
        optional=_ID,
        surfaces=("message",),
    ),
    "input": Shape(
        required={"label": plain(2000), "element": by_type(ELEMENTS, *_INPUTS)},
        optional={**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": _RICH,
    "markdown": Shape(required={"text": string(12_000)}, optional=_ID, surfaces=("message",)),
    "file": Shape(required={"external_id": _STRING, "source": one_of("remote")}, optional=_ID, surfaces=("message",)),
    "video": Shape(
        required={
            "alt_text": string(2000),
            "title": plain(199),
            "thumbnail_url": url(3000),
            "video_url": url(3000),
        },
        optional={
            **_ID,
            "title_url": url(3000),
            "description": plain(200),
            "provider_icon_url": url(3000),
            "provider_name": string(50),
            "author_name": string(49),
        },
    ),
    "table": Shape(
        required={"rows": items(items(by_type(_CELLS), most=20), most=100)},
        optional={**_ID, "column_settings": items(anything, least=0, most=20)},
        surfaces=("message",),
    ),
    "alert": Shape(
        required={"text": any_text(200)},
        optional={**_ID, "level": one_of("default", "info", "warning", "error", "success")},
        surfaces=("modal",),
    ),
    "card": _CARD,
    "carousel": Shape(
        required={"elements": items(by_type({"card": _CARD}), most=10)}, optional=_ID, surfaces=("message",)
    ),
    "task_card": _TASK,
    "plan": Shape(
        required={"title": string(10_000)},
        optional={**_ID, "tasks": items(by_type({"task_card": _TASK}), most=50)},
        surfaces=("message",),
    ),
}
# A container holds other blocks, so it is defined after them.
BLOCKS["container"] = Shape(
    required={"child_blocks": items(by_type(BLOCKS), most=10)},
    optional={
        **_ID,
        "title": any_text(150),
        "rich_text_title": by_type({"rich_text": _RICH}),
        "subtitle": any_text(150),
        "width": _STRING,
        "icon": by_type(ELEMENTS, "image"),
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    any_of=("title", "rich_text_title"),
    surfaces=("message",),
)
