"""Buckets of tokens by address."""

from django.test import RequestFactory

from remit.front.pages.limits import Buckets, address


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_then_it_waits_and_refills():
    clock = Clock()
    buckets = Buckets(burst=3, per_minute=6, clock=clock)
    assert [buckets.wait_s("a") for _ in range(3)] == [0, 0, 0]
    wait_s = buckets.wait_s("a")
    assert 10 <= wait_s <= 11
    assert buckets.wait_s("b") == 0
    clock.now += wait_s
    assert buckets.wait_s("a") == 0
    assert buckets.wait_s("a") > 0


def test_asking_while_empty_does_not_lengthen_the_wait():
    clock = Clock()
    buckets = Buckets(burst=1, per_minute=60, clock=clock)
    buckets.wait_s("a")
    for _ in range(50):
        buckets.wait_s("a")
    clock.now += 1.0
    assert buckets.wait_s("a") == 0


def test_memory_is_bounded():
    buckets = Buckets(burst=1, per_minute=1, most=10)
    for number in range(1000):
        buckets.wait_s(str(number))
    assert len(buckets._left) == 10


def test_one_household_of_ipv6_is_one_address(rf: RequestFactory):
    first, second, other = (address(rf.get("/", REMOTE_ADDR=text)) for text in ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", "2001:db8:1:3::5"))
    assert first == second != other
    assert address(rf.get("/", REMOTE_ADDR="192.0.2.7")) == "192.0.2.7"
    assert address(rf.get("/", REMOTE_ADDR="")) == ""
