"""One process that has run the tests once, and forks for each mutant.

The fork has all that is loaded and made already, the database in memory included. It runs only the tests that reach
the changed line, until one of them fails.
"""

import gc
import os
import signal
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import coverage
import pytest
from _pytest.runner import runtestprotocol
from asgiref.sync import SyncToAsync
from coverage.parser import PythonParser

from .mutants import ROOT, Mutant, functions_of, mutants_of

PATIENCE = 10  # times as long as the tests took without a mistake; an endless loop is a mistake that was noticed


class Mutating:
    """A pytest plugin: runs mutants in place of the tests. `survivors` is what no test noticed, by file.

    `noticed`: keys of those that need not run, since a test noticed them before.
    """

    def __init__(self, files: list[str], noticed: set[str]):
        self.noticed = noticed
        self.mutants = {file: mutants_of(file) for file in files}
        self.survivors: dict[str, list[Mutant]] = {file: [] for file in files}
        self.seconds: dict[str, float] = {}  # by test
        self.statements: dict[str, PythonParser] = {}  # by file: on which line the statement of a line begins
        self.reach: dict[str, dict[int, set[str]]] = {}  # by file and first line of a statement
        self.killers: dict[str, Counter] = defaultdict(Counter)  # by function: what noticed a mistake there before

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        # A test that commits leaves the tables empty, and others need servers: those are for what runs at once.
        items[:] = [item for item in items if not item.get_closest_marker("django_db").kwargs.get("transaction")]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        self.items = {item.nodeid: item for item in session.items}
        self.first = session.items[0]
        self._run_without_a_mistake()
        self.functions = {file: functions_of(file) for file in self.mutants}
        gc.freeze()  # a fork copies what it touches
        if self._in_a_fork(None, list(self.items)[::5]).wait():  # some of each file show whether a fork is sound
            raise pytest.UsageError("Tests fail in a process of their own, without a mistake in the code.")
        self._run_mutants([one for mutants in self.mutants.values() for one in mutants if one.key not in self.noticed])
        return True

    def _run(self, nodeid: str, next_one: str | None) -> bool:
        """→ whether it passed. What a session has made stays: there is always a next test."""
        reports = runtestprotocol(self.items[nodeid], log=False, nextitem=self.items.get(next_one, self.first))
        failed = [report for report in reports if report.failed]
        self.said = str(failed[0].longrepr) if failed else ""
        return not failed

    def _run_without_a_mistake(self):
        measured = coverage.Coverage(
            data_file=None, config_file=False, include=[str(ROOT / file) for file in self.mutants]
        )
        measured.start()
        nodeids = list(self.items)
        for nodeid, next_one in zip(nodeids, [*nodeids[1:], None], strict=True):
            measured.switch_context(nodeid)
            began = time.perf_counter()
            if not self._run(nodeid, next_one):
                raise pytest.UsageError(f"{nodeid} fails without a mistake in the code:\n{self.said}")
            self.seconds[nodeid] = time.perf_counter() - began
        measured.stop()
        data = measured.get_data()
        for file in self.mutants:
            parser = self.statements[file] = PythonParser(filename=str(ROOT / file))
            parser.parse_source()
            reach = self.reach[file] = defaultdict(set)
            for line, tests in data.contexts_by_lineno(str(ROOT / file)).items():
                reach[parser.first_line(line)].update(test for test in tests if test in self.items)

    def _tests_for(self, mutant: Mutant) -> list[str]:
        """Those that reach the line (all that reach the file, for what is outside of functions): first what noticed
        another mistake in this function, then the quick ones."""
        reach, killers = self.reach[mutant.file], self.killers[f"{mutant.file} {mutant.function}"]
        lines = range(mutant.line, mutant.last_line + 1) if mutant.function and not mutant.decorates else reach
        first_line = self.statements[mutant.file].first_line
        found = {test for line in lines for test in reach.get(first_line(line), ())}
        if mutant.decorates:  # whom a lock refuses does not get as far as the action's first line
            found = set(self.items)
        return sorted(found, key=lambda test: (-killers[test], self.seconds[test]))

    def _run_mutants(self, mutants: list[Mutant]):
        running: dict[int, Fork] = {}
        waiting = list(reversed(mutants))
        while waiting or running:
            if waiting and len(running) < (os.cpu_count() or 1):
                mutant = waiting.pop()
                if tests := self._tests_for(mutant):
                    fork = self._in_a_fork(mutant, tests)
                    running[fork.pid] = fork
                else:
                    self.survivors[mutant.file].append(mutant)
                continue
            pid, status = os.wait()
            fork = running.pop(pid)
            killer = fork.heard()
            if killer:
                self.killers[f"{fork.mutant.file} {fork.mutant.function}"][killer] += 1
            elif not status:
                self.survivors[fork.mutant.file].append(fork.mutant)
                print(fork.mutant, flush=True)

    def _in_a_fork(self, mutant: Mutant | None, tests: list[str]) -> "Fork":
        ear, mouth = os.pipe()
        pid = os.fork()
        if pid:
            os.close(mouth)
            return Fork(pid, ear, mutant)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(int(30 + PATIENCE * sum(self.seconds[test] for test in tests)))
        silence = os.open(os.devnull, os.O_WRONLY)
        if mutant:
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        SyncToAsync.single_thread_executor = ThreadPoolExecutor(max_workers=1)  # its thread has stayed behind
        code = 1
        try:
            if mutant:
                mutant.apply(self.functions[mutant.file])
            for test, next_one in zip(tests, [*tests[1:], None], strict=True):
                if not self._run(test, next_one):
                    if not mutant:
                        print(test, self.said, flush=True)
                    os.write(mouth, test.encode())
                    break
            else:
                code = 0
        finally:
            os._exit(code)


class Fork:
    def __init__(self, pid: int, ear: int, mutant: Mutant | None):
        self.pid, self.ear, self.mutant = pid, ear, mutant

    def heard(self) -> str:
        """The test that noticed the mistake."""
        with os.fdopen(self.ear, "rb") as ear:
            return ear.read().decode()

    def wait(self) -> int:
        status = os.waitpid(self.pid, 0)[1]
        self.heard()
        return status
