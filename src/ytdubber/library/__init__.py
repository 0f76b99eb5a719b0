"""The public library: what `import ytdubber` gives, over this machine's engines.

It prints nothing, handles no signal and configures no log: warnings go to the logger `ytdubber`,
which is silent until a program gives a handler to it or to the root logger.
"""

import logging

logging.getLogger("ytdubber").addHandler(logging.NullHandler())
