"""A server of one's own that speaks as OpenAI's audio routes do: local voices, cloned ones."""
