"""The delivery ledger protocol: due runs, their parts, retries, rate limits and what an operator does by hand."""
