"""A fake Slack on the loopback address, with simulated people: for tests and demos of the Slack adapter.

    async with FakeSlack(manifest, patience=Patience(event_retries=(0, 0, 0))) as slack:
        ada = slack.person("ada", tz="Europe/Vienna")
        installation = slack.hub.install(slack.workspace())
        papers = slack.channel("papers", ada)
        # Start the app: API at slack.api, tokens installation.token and slack.hub.app_token.
        await slack.hub.sockets.connected()
        slack.hub.faults.switch(Trouble.ANSWER_LOST, "chat.postMessage", left=1)
        await ada.types("/paper help", papers)
        card = await ada.reads("Commands", papers, only_me=True)
        assert [] == card.pings
        await ada.presses(card, "Subscribe")
        await ada.gets_modal("Subscribe")
        await ada.fills({"Times": "09:00", "Sources": ["arXiv"]})
        await ada.submits()

`server` listens; `hub` holds the state; `person` and `looking` simulate people; `api*` answer Web API calls; `sockets`
and `hooks` deliver events, commands and interactions to the app; `faults` injects failures; `block_*` validate
payloads against Block Kit; `transcript` and `preview` write down what happened. Every limit is in `limits`, with the
page that states it.

Where the documents leave something open, the fake implements the harder case and says so in that place: a mention in
a markdown block or beside blocks counts as a ping, and so on. The fake proves nothing that only a live workspace can
prove.
"""
