"""What HTTP clients of tests need not do: a client reads the system's certificates when it is made,
30 ms of processor time, and the servers of tests speak plain HTTP.
"""

import ssl

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: `httpx.Client(verify=NO_TLS)`, `httpx.get(url, verify=NO_TLS)`."""
