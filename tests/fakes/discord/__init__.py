"""A Discord on the loopback address, and people in it: what the Discord room is tested against and shown with.

    async with FakeDiscord() as discord:
        lab = discord.guild("Lab")
        discord.invite(lab)
        ada = discord.person("ada", lab)
        papers = discord.channel("papers", lab)
        # Start the app: API at discord.api, gateway at discord.gateway, token discord.hub.token.
        await discord.hub.gateway.connected()
        discord.hub.faults.switch(Trouble.ANSWER_LOST, "POST /channels/*/messages", left=1)
        await ada.uses("/paper lookup", papers, paper="1706.03762")
        card = await ada.reads("Attention", papers)
        assert [] == card.pings
        await ada.presses(card, "Abstract")
        await ada.uses("/paper subscribe", papers)
        await ada.gets_modal("Subscribe")
        await ada.fills({"Times": "09:00", "Channel": papers})
        await ada.submits()
        assert [] == discord.hub.wrongs

`server` listens; `hub` knows everything; `person` and `looking` act and look; `api*` answer calls; `gateway` and
`hooks` carry interactions to the app, `answers` takes what it says to them; `faults` make things go wrong; `openapi`
and `rules*` hold bodies to Discord's description and documents; `reading` says what is seen; `transcript` and `preview`
show what happened. Every limit is in `limits`, with the page that says so.

What the documents leave open is decided for the harder case, and said where it is decided: a mention of everybody pings
even where the app lacks the permission, a nonce counts over all channels, and so on. Nothing here proves what only a
live server can.
"""
