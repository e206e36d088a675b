"""How much a client may ask of the web door: in a while, from one address, with one token."""

from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import make_mocked_request
from pytest_aiohttp import AiohttpClient

from channels.web.limits import HINTS, MESSAGES, READS, SESSIONS, STRANGERS, UPLOADS, Limit, Limits, TooMany
from channels.web.peers import Peers
from tests.channels.web_house import Customer, House, application, doors

PROXY = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"))


@dataclass
class Clock:
    """Seconds that a test moves."""

    now: float = 1_000.0
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = Limits(lambda: self.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def customer(clock: Clock, aiohttp_client: AiohttpClient) -> Customer:
    door = doors(House(), peers=Peers(PROXY), limits=clock.limits)[0]
    return Customer(await aiohttp_client(application(door)))


async def open_session(customer: Customer, address: str) -> ClientResponse:
    return await customer.client.post(f"{customer.base}/sessions", json={}, headers={"X-Forwarded-For": address})


async def slowed(response: ClientResponse) -> int:
    """The seconds that a client is told to wait."""
    assert response.status == 429
    assert response.content_type == "application/problem+json"
    told = await response.json()
    assert (told["code"], told["status"], told["title"]) == ("too_many_requests", 429, "Too Many Requests")
    return int(response.headers["Retry-After"])


async def test_one_address_opens_so_many_sessions_and_others_go_on(clock: Clock, customer: Customer) -> None:
    for _ in range(SESSIONS.burst):
        assert (await open_session(customer, "203.0.113.7")).status == 201
    assert await slowed(await open_session(customer, "203.0.113.7")) == 1
    assert (await open_session(customer, "203.0.113.8")).status == 201
    clock.now += 1 / SESSIONS.per_second
    assert (await open_session(customer, "203.0.113.7")).status == 201
    assert await slowed(await open_session(customer, "203.0.113.7")) == 1


async def test_one_contact_writes_so_much_and_nothing_of_the_rest_is_stored(clock: Clock, customer: Customer) -> None:
    await customer.arrive()
    for number in range(MESSAGES.burst):
        assert (await customer.say("你好", f"m{number}")).status == 201
    await slowed(await customer.say("你好", "one more"))
    assert len(await customer.read(after_seq=0, limit=200)) == 2 * MESSAGES.burst
    clock.now += 1 / MESSAGES.per_second
    assert (await customer.say("你好", "one more")).status == 201


async def test_a_second_token_of_a_contact_brings_no_more(customer: Customer) -> None:
    await customer.arrive()
    for number in range(MESSAGES.burst):
        await customer.say("你好", f"m{number}")
    other = await Customer(customer.client).arrive()
    assert (await other.say("你好", "m")).status == 201
    assert (await customer.say("你好", "one more")).status == 429


async def test_files_receipts_and_reading_have_limits_of_their_own(customer: Customer) -> None:
    await customer.arrive()
    client, base, headers = customer.client, customer.base, customer.headers
    for limit, method, path in (
        (UPLOADS, "POST", "files?name=a.txt"),
        (HINTS, "POST", "receipts"),
        (READS, "GET", "messages"),
    ):
        for _ in range(limit.burst):
            assert (await client.request(method, f"{base}/{path}", headers=headers)).status != 429
        await slowed(await client.request(method, f"{base}/{path}", headers=headers))


async def test_whoever_tries_tokens_is_slowed(customer: Customer) -> None:
    headers = {"Authorization": "Bearer guessed", "X-Forwarded-For": "203.0.113.7"}
    for _ in range(STRANGERS.burst):
        assert (await customer.client.get(f"{customer.base}/messages", headers=headers)).status == 401
    await slowed(await customer.client.get(f"{customer.base}/messages", headers=headers))


def test_a_limit_gives_a_burst_and_then_its_pace(clock: Clock) -> None:
    limit = Limit(3, 0.5)
    for _ in range(3):
        clock.limits.take(limit, "a")
    for _ in range(2):
        with pytest.raises(TooMany) as caught:
            clock.limits.take(limit, "a")
        assert caught.value.after == pytest.approx(2.0)
    clock.now += 2.0
    clock.limits.take(limit, "a")
    with pytest.raises(TooMany):
        clock.limits.take(limit, "a")
    clock.now += 100.0
    for _ in range(3):
        clock.limits.take(limit, "a")


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.7", (), "203.0.113.7"),
        ("203.0.113.7", ("198.51.100.1",), "203.0.113.7"),
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("1.1.1.1, 198.51.100.1, 10.9.9.9",), "198.51.100.1"),
        ("10.0.0.1", ("1.1.1.1", "198.51.100.1"), "198.51.100.1"),
        ("10.0.0.1", ("1.1.1.1, unknown",), "10.0.0.1"),
        ("10.0.0.1", ("<script>",), "10.0.0.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("::ffff:203.0.113.7", (), "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
        ("10.0.0.1", ("2001:db8:1:2:a::1",), "2001:db8:1:2::/64"),
        ("127.0.0.1", (), None),
        ("::1", (), None),
        ("", (), None),
    ],
)
def test_a_client_is_known_by_its_address_and_a_proxy_only_if_it_is_trusted(
    remote: str, forwarded: tuple[str, ...], client: str | None
) -> None:
    headers = [("X-Forwarded-For", one) for one in forwarded]
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=remote)
    assert Peers(PROXY).of(request) == client
