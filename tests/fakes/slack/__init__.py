"""A Slack on the loopback address, and people in it: what the Slack room is tested against and shown with.

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

`server` listens; `hub` knows everything; `person` and `looking` act and look; `api*` answer calls; `sockets` and
`hooks` carry events, commands and interactions to the app; `faults` make things go wrong; `block_*` hold payloads to
Block Kit; `transcript` and `preview` show what happened. Every limit is in `limits`, with the page that says so.

What the documents leave open is decided for the harder case, and said where it is decided: a mention in a markdown
block or beside blocks counts as a ping, and so on. Nothing here proves what only a live workspace can.
"""
