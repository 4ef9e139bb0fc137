"""Faults on purpose: what a program did to the disk is recorded and replayed, and what it is about to do fails.

Main path: `trace.record` runs a command under strace, `disk.SimulatedDisk` replays its file operations up to any point,
and lays out what could be found after a power cut there. `intercept.Watch` lets the kernel fail or kill a process at
any of its changes of files, `subject.Subject` is a process that says how that ended and goes on. Not here: what must
hold then; the tests and `judge` say that.
"""
