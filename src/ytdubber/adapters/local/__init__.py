"""Engines that run on this machine, with open models and no network."""
