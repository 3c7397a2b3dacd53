"""Files uploaded by the bot and files shared by people."""

import aiohttp

from tests.fakes.slack.tests.conftest import Lab


async def test_a_file_goes_up_and_comes_down(lab: Lab) -> None:
    """The three steps of an upload share a file; only a token that may read files can download it."""
    done = await lab.client.files_upload_v2(channel=lab.papers.id, filename="a.bib", content="@misc{a}", title="A")
    file = done["file"]
    assert ["a.bib"] == [each["name"] for each in lab.slack.messages(lab.papers)[0].message.files]
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {lab.installation.token}"}
        async with session.get(file["url_private"], headers=headers) as response:
            assert b"@misc{a}" == await response.read()
        async with session.get(file["url_private"]) as response:
            assert "Sign in to Slack" in await response.text()


async def test_a_person_s_file_reaches_the_bot(lab: Lab) -> None:
    """The bot can download a person's file by its url_private."""
    said = await lab.ada.uploads("abstract.txt", b"We show that", lab.papers)
    headers = {"Authorization": f"Bearer {lab.installation.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(said.message.files[0]["url_private"]) as response,
    ):
        assert b"We show that" == await response.read()
