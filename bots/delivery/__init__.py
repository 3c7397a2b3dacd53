"""The delivery ledger protocol: due runs, their parts, retries, rate limits and the operator's actions."""
