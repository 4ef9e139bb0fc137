"""The command line: one file a command, a word on the terminal for each verb of the app.

Main path: `main.py` lists the commands and words their errors; `<command>.py` asks the app and prints its answer.
Not here: any decision about data. Data goes to stdout, talk to stderr; nothing heavy is imported before it is needed.
"""
