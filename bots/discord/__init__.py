"""The Discord room: what people do there comes in, digests and answers go out."""
