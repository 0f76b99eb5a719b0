"""Who hears, translates and speaks: the engines at hand, and whose voice is whose."""
