"""Shards settled one after another, or by several processes at once: in whatever order, the same tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

from rules_engine.bulk.model import Shard
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic

Result = TypeVar("Result")
AHEAD = 2
"""Shards that wait for each worker."""


def each(work: Callable[[Shard], Result], shards: Iterable[Shard], workers: int) -> Iterator[tuple[Shard, Result]]:
    """What `work` gives for every shard, as it is done; one shard alone is not worth a process. Raises `ContractError` when a worker process ends."""
    waiting = iter(shards)
    first = list(islice(waiting, 2))
    waiting = chain(first, waiting)
    if workers <= 1 or len(first) < 2:
        yield from ((shard, work(shard)) for shard in waiting)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            running = {pool.submit(work, shard): shard for shard in islice(waiting, workers * AHEAD)}
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                finished = [(running.pop(future), future.result()) for future in done]
                running |= {pool.submit(work, shard): shard for shard in islice(waiting, len(done))}
                yield from finished
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
