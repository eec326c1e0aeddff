"""A file that loops, eats memory or kills its reader costs one process, and the next file is read."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.formats.hostile import RULES, Answer, Busy, Crashed, Pool, TooLarge, TooSlow
from remit.formats.statements import StatementFile, read

GENEROUS = {"seconds": 10.0, "memory_bytes": 400_000_000}
STATEMENT = b":20:A\n:25:1\n:28C:1\n:60F:C240101EUR1,00\n:61:2401020102C1,00NTRFNONREF\n:62F:C240102EUR2,00\n-\n"


def length(data: bytes, plus: int = 0) -> int:
    return len(data) + plus


def loop(data: bytes) -> None:
    while True:
        pass


def sleep(data: bytes) -> bytes:
    time.sleep(float(data))
    return data


def eat(data: bytes) -> int:
    eaten = [bytearray(10_000_000) for _ in range(1000)]
    return len(eaten)


def die(data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(data: bytes) -> None:
    raise KeyError("the text of the file")


def secrets(data: bytes) -> list[str]:
    return sorted(os.environ)


def write(data: bytes) -> int:
    with open(data, "wb") as file:
        return file.write(data)


def noise(data: bytes) -> bytes:
    print("noise", flush=True)
    os.write(1, b"more noise")
    return data


def process_id(data: bytes) -> int:
    return os.getpid()


class Odd:
    """Not a dataclass of ours."""


def odd(data: bytes) -> Odd:
    return Odd()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(2)
    pool.warm()
    yield pool
    pool.close()


def test_gives_the_value(pool: Pool) -> None:
    assert pool.run(length, b"abc", 4, **GENEROUS) == Answer(7)


def test_reads_a_statement_as_here(pool: Pool) -> None:
    outcome = pool.run(read, STATEMENT, "a.sta", **GENEROUS)
    assert isinstance(outcome, Answer)
    assert outcome.value == read(STATEMENT, "a.sta")
    assert isinstance(outcome.value[0], StatementFile)


def test_a_large_file_passes_both_ways(pool: Pool) -> None:
    data = bytes(range(256)) * 40_000
    assert pool.run(noise, data, **GENEROUS) == Answer(data)


def test_a_loop_is_stopped_and_the_pool_goes_on(pool: Pool) -> None:
    begun = time.monotonic()
    assert pool.run(loop, b"", seconds=0.3, memory_bytes=100_000_000) == TooSlow(0.3)
    assert time.monotonic() - begun < 3
    assert pool.run(length, b"abc", **GENEROUS) == Answer(3)


def test_sleeping_counts_too(pool: Pool) -> None:
    assert pool.run(sleep, b"30", seconds=0.3, memory_bytes=100_000_000) == TooSlow(0.3)


def test_memory_is_limited(pool: Pool) -> None:
    assert pool.run(eat, b"", seconds=10, memory_bytes=100_000_000) == TooLarge(100_000_000)
    assert pool.run(length, b"abc", **GENEROUS) == Answer(3)


def test_a_killed_reader_is_replaced(pool: Pool) -> None:
    assert pool.run(die, b"", **GENEROUS) == Crashed("SIGKILL")
    assert pool.run(length, b"abc", **GENEROUS) == Answer(3)


def test_an_exception_says_its_kind_and_not_its_text(pool: Pool) -> None:
    assert pool.run(fail, b"", **GENEROUS) == Crashed("KeyError")


def test_the_environment_is_bare(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    with_own = Pool(1)
    try:
        outcome = with_own.run(secrets, b"", **GENEROUS)
    finally:
        with_own.close()
    assert isinstance(outcome, Answer)
    assert "DATABASE_PASSWORD" not in outcome.value


def test_no_file_can_be_written(pool: Pool, tmp_path: Path) -> None:
    assert write(bytes(tmp_path / "here")) > 0
    assert isinstance(pool.run(write, bytes(tmp_path / "there"), **GENEROUS), Crashed)


def test_only_plain_values_come_back(pool: Pool) -> None:
    assert isinstance(pool.run(odd, b"", **GENEROUS), Crashed)


def test_many_threads(pool: Pool) -> None:
    outcomes: dict[int, object] = {}

    def call(number: int) -> None:
        outcomes[number] = pool.run(die if number % 5 == 0 else length, b"x" * number, **GENEROUS)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {number: Crashed("SIGKILL") if number % 5 == 0 else Answer(number) for number in range(20)}


def test_busy_is_said() -> None:
    one = Pool(1)
    one.warm()
    thread = threading.Thread(target=one.run, args=(sleep, b"0.6"), kwargs=GENEROUS)
    try:
        thread.start()
        time.sleep(0.1)
        assert one.run(length, b"", wait_s=0.05, **GENEROUS) == Busy()
        thread.join()
        assert one.run(length, b"", **GENEROUS) == Answer(0)
    finally:
        thread.join()
        one.close()


def test_the_same_process_serves_many_files_and_quickly(pool: Pool) -> None:
    one = Pool(1)
    one.warm()
    try:
        first = one.run(process_id, b"", **GENEROUS)
        begun = time.monotonic()
        assert {one.run(process_id, b"", **GENEROUS) for _ in range(50)} == {first}
        assert (time.monotonic() - begun) / 50 < 0.05
    finally:
        one.close()


def test_closing_ends_the_processes() -> None:
    one = Pool(1)
    outcome = one.run(process_id, b"", **GENEROUS)
    one.close()
    assert isinstance(outcome, Answer)
    with pytest.raises(ProcessLookupError):
        os.kill(outcome.value, 0)


@pytest.mark.parametrize("outcome", [TooSlow(2), TooLarge(3_000_000), Crashed("SIGSEGV"), Busy()])
def test_every_refusal_has_a_sentence(outcome: TooSlow | TooLarge | Crashed | Busy) -> None:
    finding = outcome.finding
    assert "{" not in RULES[finding.code].says.format(**finding.values)
