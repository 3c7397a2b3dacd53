"""A fake Discord on the loopback address, with simulated people: for tests and demos of the Discord adapter.

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

`server` listens; `hub` holds the state; `person` and `looking` simulate people; `api*` answer REST calls; `gateway`
and `hooks` deliver interactions to the app, and `answers` handles its responses; `faults` injects failures;
`openapi*` and `rules*` validate request bodies against Discord's OpenAPI spec and its documents; `reading` renders
messages as readers see them; `transcript` and `preview` write down what happened. Every limit is in `limits`, with
the page that states it.

Where the documents leave something open, the fake implements the harder case and says so in that place: a mention of
everyone pings even if the app lacks the permission, a nonce is unique over all channels, and so on. The fake proves
nothing that only a live server can prove.
"""
