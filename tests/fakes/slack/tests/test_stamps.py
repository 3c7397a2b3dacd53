"""Claims about the timestamps that name messages; docs.slack.dev/messaging/retrieving-messages."""

from tests.fakes.slack.hub import Hub

#: A date of 2026: so late, a float of seconds cannot tell each microsecond from the next.
NOW = 1_795_946_135.25


def test_messages_of_one_instant_have_stamps_of_their_own() -> None:
    hub = Hub(clock=lambda: NOW)

    stamps = [hub.stamp() for _ in range(1000)]

    assert ["1795946135.250000", "1795946135.250001", "1795946135.250002"] == stamps[:3]
    assert sorted(set(stamps)) == stamps
