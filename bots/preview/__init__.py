"""`paperwire preview`: the next digest as Slack, Discord and e-mail show it, while its options are being edited."""
