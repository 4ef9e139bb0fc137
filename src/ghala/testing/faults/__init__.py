"""Faults on purpose: what a program did to the disk is recorded, and replayed as a power cut would leave it.

Main path: `trace.record` runs a command under strace, `disk.SimulatedDisk` replays its file operations up to any point,
and lays out what could be found after a power cut there. Not here: what must hold then; the tests say that.
"""
