"""Whom alerts reach: a webhook, and people by e-mail."""
