"""A progress bar on a terminal; a line for each fifth elsewhere."""

import sys
from typing import TextIO

WIDTH = 30


class Progress:
    def __init__(self, label: str, out: TextIO = sys.stderr):
        self.label, self.out = label, out
        self.shown = -1

    def __call__(self, done: int, of: int):
        percent = 100 * done // of
        if percent == self.shown:
            return
        if self.out.isatty():
            filled = WIDTH * percent // 100
            end = "\n" if done == of else ""
            self.out.write(f"\r{self.label} {'█' * filled}{'░' * (WIDTH - filled)} {percent:3} %{end}")
            self.out.flush()
        elif percent // 20 > self.shown // 20:
            self.out.write(f"{self.label}: {percent} %\n")
        self.shown = percent
