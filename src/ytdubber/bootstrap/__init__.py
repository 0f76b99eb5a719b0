"""Puts settings and adapters together; nothing else knows both."""
