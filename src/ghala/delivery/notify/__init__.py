"""Telling people: one process for each round through a channel, which can reach nothing but public addresses.

`sender` starts the process and hands messages to it, `child` is what runs there, behind `guard`: `webhook` posts signed
JSON, `services` speaks to mail and chat. Not here: whom to tell what (`governance/notifications.py`).
"""
