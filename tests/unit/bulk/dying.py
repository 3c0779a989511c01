"""A batch killed again and again, in a process of its own that has everything loaded: `python -m tests.unit.bulk.dying FOLDER`.

Each child is a fork that runs the batch and is killed by SIGKILL: by itself at its n-th step that opens, makes, renames or removes a
file, or from outside after a fraction of the time an undisturbed run takes. What stands then must be nothing, the batch before, or
the whole new one; the run after it must leave the bytes of an undisturbed run. Prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from rules_engine.bulk.batch import batch
from rules_engine.bulk.model import DUCKDB, ContractSource, Job
from rules_engine.bulk.remembered import engine, remembered
from tests.unit.bulk.shop import contents, loaded, small, source

EVENTS = frozenset(("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"))
BY_STEP, BY_TIME = 17, 8
HEAVY = ("duckdb", "numpy", "pyarrow.compute", "pyarrow.parquet", "rules_engine.bulk.columnar.together", "rules_engine.lowered.columns")
Bytes = dict[str, bytes]


class Places:
    """Where the batch of this process is, what it reads, and what its folder may hold."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.cache = folder / "cache"
        self.contracts, self.documents = small(folder / "in", 3)

    def job(self, out: Path, contracts: Sequence[ContractSource]) -> Job:
        return Job(tuple(contracts), (str(self.documents),), "2026-02", out, loaded, engine=DUCKDB, cache=self.cache)


def forked(run: Callable[[], object], after: float = 0) -> int:
    """Run something in a fork, killed after some seconds if it is not done; gives the status it ended with."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run()
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def dying(run: Callable[[], object], step: int) -> Callable[[], None]:
    """The run, killed by itself at a step; step 0 counts steps into a file instead."""
    seen = 0

    def watch(event: str, _: object) -> None:
        nonlocal seen
        if event in EVENTS:
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    def watched() -> None:
        sys.addaudithook(watch)
        run()
        if not step:
            Path("steps").write_text(str(seen), encoding="utf-8")

    return watched


def trials(places: Places, run: Callable[[], object], before: Bytes | None, whole: Bytes, begin: Callable[[], None]) -> list[dict[str, object]]:
    """Kill the run at moments spread over it; what stood after each, and after the run that followed."""
    begin()
    start = time.monotonic()
    forked(dying(run, 0))
    took, steps = time.monotonic() - start, int(Path("steps").read_text(encoding="utf-8"))
    found = []
    for number in range(BY_STEP + BY_TIME):
        begin()
        if number < BY_STEP:
            status = forked(dying(run, 1 + number * (steps - 1) // (BY_STEP - 1)))
        else:
            status = forked(run, took * (number - BY_STEP + 1) / BY_TIME)
        stood = contents(places.out) if places.out.exists() else None
        state = "absent" if stood is None else "whole" if stood == whole else "before" if stood == before else "HALF"
        forked(run)
        found.append({"killed": os.WIFSIGNALED(status), "state": state, "same": contents(places.out) == whole, "left": left(places.out)})
    return found


def left(out: Path) -> list[str]:
    """What stands beside the results."""
    return sorted(path.name for path in out.parent.iterdir() if path.name.startswith(f".{out.name}"))


def main(folder: Path) -> None:
    """Half of the moments in a first run, half in one that takes the place of a batch before it."""
    os.chdir(folder)
    places = Places(folder)
    for name in HEAVY:
        import_module(name)
    engine()
    for contract in places.contracts:
        remembered(contract, None, loaded, places.cache)
    changed = [*places.contracts[:1], source(_changed(places.contracts[1])), *places.contracts[2:]]
    first, second, earlier = folder / "first", folder / "second", folder / "earlier"
    for out, contracts in ((first, changed), (second, changed), (earlier, places.contracts)):
        assert forked(lambda out=out, contracts=contracts: batch(places.job(out, contracts))) == 0  # type: ignore[misc]
    whole, before = contents(first), contents(earlier)
    assert whole == contents(second) != before

    def run() -> object:
        return batch(places.job(places.out, changed))

    def nothing() -> None:
        shutil.rmtree(places.out, ignore_errors=True)

    def batch_before() -> None:
        nothing()
        shutil.copytree(earlier, places.out)

    print(json.dumps({"first": trials(places, run, None, whole, nothing), "again": trials(places, run, before, whole, batch_before)}))


def _changed(contract: ContractSource) -> Path:
    path = Path(contract.path)
    path.write_text(path.read_text(encoding="utf-8").replace("10%", "11%"), encoding="utf-8")
    return path


if __name__ == "__main__":
    main(Path(sys.argv[1]))
