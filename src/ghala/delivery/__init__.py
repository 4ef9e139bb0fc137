"""Delivery: how others reach a workspace over a network, one folder for each protocol.

`http` is the server that `ghala up` starts. An endpoint finds out who asks, calls the core through what it was given,
and words the answer. Not here: what is decided (`governance`), what is answered (`query`), engines and files.
"""
