"""Web API, views.*: modals and the home tab."""

from tests.fakes.slack.calls import Call, Method
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.windows import View


def _view(call: Call, view: View) -> Json:
    return {"view": view.as_json(call.hub.app_id, call.bot(view.team).bot_id)}


def _open_or_push(call: Call, *, push: bool) -> Json:
    trigger = call.hub.passes.use_trigger(call.text("trigger_id") or call.text("interactivity_pointer"))
    if trigger.team not in call.caller.teams:
        raise SlackRefusal("invalid_trigger_id")
    put = call.hub.windows.push if push else call.hub.windows.open
    return _view(call, put(trigger.team, trigger.user, call.nested("view")))


def open_(call: Call) -> Json:
    """Open a modal for the person that the trigger belongs to."""
    return _open_or_push(call, push=False)


def push(call: Call) -> Json:
    """Push a modal onto the open one."""
    return _open_or_push(call, push=True)


def update(call: Call) -> Json:
    """Update an open modal."""
    view = call.hub.windows.find(view_id=call.text("view_id"), external_id=call.text("external_id"))
    return _view(call, call.hub.windows.update(view, call.nested("view"), call.text("hash")))


def publish(call: Call) -> Json:
    """Publish a person's home tab."""
    workspace, user = call.user("user_id")
    if not call.hub.manifest.home_tab:
        raise SlackRefusal("not_enabled")
    view = call.hub.windows.publish(workspace.id, user.id, call.nested("view"), call.text("hash"))
    return _view(call, view)


METHODS = {
    "views.open": Method(run=open_, tier=4),
    "views.push": Method(run=push, tier=4),
    "views.update": Method(run=update, tier=4),
    "views.publish": Method(run=publish, tier=4),
}
