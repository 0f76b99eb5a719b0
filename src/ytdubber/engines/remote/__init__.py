"""Vendors called by a process of their own, which outlives the worker that wants the answers."""
