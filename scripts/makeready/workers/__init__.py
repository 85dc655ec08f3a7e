"""Processes: pools of workers, supervision, time limits, progress and profiling."""
