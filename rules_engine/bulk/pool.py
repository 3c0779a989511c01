"""Shards settled one after another here, or by several processes at once: in whatever order, the same tables."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from rules_engine.bulk.model import Shard
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic

Result = TypeVar("Result")
AHEAD = 2
"""Shards that wait for each worker."""
WORTH = 6_000
"""Effort below which no process is started: starting one takes as long as settling some two thousand contracts together."""
LIGHT = 2
"""Effort a contract, up to which a shard is done here."""


def much(_: Shard) -> int:
    """The effort of a shard of which nothing is known."""
    return WORTH


def each(
    work: Callable[[Shard], Result], shards: Iterable[Shard], workers: int, effort: Callable[[Shard], int] = much
) -> Iterator[tuple[Shard, Result]]:
    """What `work` gives for every shard, as it is done. Shards that are little effort are done here, meanwhile processes
    do the others and help out; one shard alone is not worth a process. Raises `ContractError` when a worker process ends."""
    efforts = [(shard, effort(shard)) for shard in shards]
    light = deque(shard for shard, most in efforts if most <= LIGHT * len(shard.contracts))
    heavy = deque(shard for shard, most in efforts if most > LIGHT * len(shard.contracts))
    if workers <= 1 or len(efforts) < 2 or sum(most for _, most in efforts) < WORTH:
        for shard in (*light, *heavy):
            yield shard, work(shard)
        return
    others = workers - bool(light)
    with ProcessPoolExecutor(others, mp_context=get_context("spawn")) as pool:
        running: dict[Future[Result], Shard] = {}
        try:
            while light or heavy or running:
                while (heavy or light) and len(running) < others * AHEAD:
                    shard = heavy.popleft() if heavy else light.pop()
                    running[pool.submit(work, shard)] = shard
                if light:
                    shard = light.popleft()
                    yield shard, work(shard)
                done, _ = wait(running, timeout=0 if light else None, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        except BrokenProcessPool as error:
            raise ContractError([lost()]) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def lost() -> Diagnostic:
    """A worker is gone, most often because the machine ran out of memory."""
    why: Words = (
        "a worker process ended before its contracts were settled: out of memory, or stopped from outside. Nothing was written; what is finished is kept.",
        "一个工作进程在完成前退出（内存不足或被外部终止）。尚未写出结果，已完成的部分保留。",
    )
    fix: Words = ("run the same command again with fewer --workers; it goes on from there.", "请减少 --workers 后重新运行，将从中断处继续。")
    return diagnostic("SE0870", "en", (), why, fix)
