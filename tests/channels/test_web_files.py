"""Files at the web door: uploaded first, carried by a message, read by their contact alone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import FormData
from pytest_aiohttp import AiohttpClient

from channels.serving import wanted
from router.events import Kind, Media, Said
from tests.channels.web_house import Customer, House, application, doors


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def customer(house: House, aiohttp_client: AiohttpClient) -> Customer:
    return await Customer(await aiohttp_client(application(*doors(house)))).arrive()


async def upload(customer: Customer, content: bytes = b"hello", **headers: str) -> tuple[int, dict[str, object]]:
    """Send a file as the whole body."""
    async with customer.client.post(
        f"{customer.base}/files?name=a.txt", data=content, headers={**customer.headers, **headers}
    ) as response:
        return response.status, await response.json()


async def test_a_file_is_uploaded_as_the_whole_body_and_sent_with_a_message(house: House, customer: Customer) -> None:
    status, file = await upload(customer)
    assert (status, file) == (201, {"id": "file-0", "name": "a.txt", "type": "text/plain", "size": 5})
    response = await customer.say("请看", attachment="file-0")
    assert response.status == 201
    assert house.received[0].event == Said("请看", Kind.FILE, media=Media("file-0", "a.txt", "text/plain", 5))


async def test_a_file_is_uploaded_as_a_part_of_a_form(house: House, customer: Customer) -> None:
    form = FormData(quote_fields=False)
    form.add_field("comment", "nothing")
    form.add_field("file", b"hello", filename="../b.txt", content_type="image/png")
    response = await customer.client.post(f"{customer.base}/files", data=form, headers=customer.headers)
    assert response.status == 201
    assert house.drawer.kept["file-0"][1:] == ("../b.txt", b"hello")


async def test_a_message_with_a_file_needs_no_text(house: House, customer: Customer) -> None:
    await upload(customer)
    for number, text in enumerate((None, "", " ")):
        assert (await customer.say(text, f"m{number}", attachment="file-0")).status == 201
    assert (await customer.say("", "m9")).status == 422


@pytest.mark.parametrize("attachment", ["file-9", "", 7, ["file-0"], {"id": "file-0"}, "x" * 100])
async def test_a_message_with_a_file_that_is_not_theirs_is_refused(customer: Customer, attachment: object) -> None:
    await upload(customer)
    response = await customer.say("请看", attachment=attachment)
    assert response.status == 422


async def test_the_file_of_another_contact_can_be_neither_sent_nor_read(house: House, customer: Customer) -> None:
    await upload(customer)
    stranger = await Customer(customer.client).arrive()
    assert (await stranger.say("请看", attachment="file-0")).status == 422
    assert await read(stranger, "file-0") == (404, b"")
    assert await read(customer, "file-0") == (200, b"hello")


async def read(customer: Customer, file_id: str, **headers: str) -> tuple[int, bytes]:
    path = f"{customer.base}/files/{file_id}"
    async with customer.client.get(path, headers={**customer.headers, **headers}) as response:
        return response.status, await response.read() if response.status < 400 else b""


async def test_without_a_token_nothing_is_taken_or_shown(customer: Customer) -> None:
    await upload(customer)
    customer.headers = {}
    assert (await upload(customer))[0] == 401
    assert await read(customer, "file-0") == (401, b"")


async def test_a_signed_address_opens_a_file_without_a_token(customer: Customer) -> None:
    await upload(customer)
    path = f"{customer.base}/files/file-0?expires=1&signature="
    assert (await customer.client.get(path + customer.contact)).status == 200
    assert (await customer.client.get(path + "v:stranger")).status == 404
    assert (await customer.client.get(path)).status == 404


async def test_a_file_is_shown_so_that_it_can_do_no_harm(customer: Customer) -> None:
    await upload(customer)
    response = await customer.client.get(f"{customer.base}/files/file-0", headers=customer.headers)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Disposition"] == "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Length"] == "5"


async def test_a_part_of_a_file_can_be_asked_for(customer: Customer) -> None:
    await upload(customer)
    assert await read(customer, "file-0", Range="bytes=1-2") == (206, b"el")
    assert await read(customer, "file-0", Range="bytes=-2") == (206, b"lo")
    assert await read(customer, "file-0", Range="bytes=9-") == (416, b"")


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", (0, 10)),
        ("bytes=0-", (0, 10)),
        ("bytes=2-4", (2, 5)),
        ("bytes=2-99", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=0-1,4-5", (0, 10)),
        ("bytes=-", (0, 10)),
        ("items=0-1", (0, 10)),
        ("bytes=10-", None),
        ("bytes=5-2", None),
        ("bytes=-0", None),
    ],
)
def test_a_range_is_read_as_rfc_9110_says(header: str, part: tuple[int, int] | None) -> None:
    assert wanted(header, 10) == part


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"x" * 1025, {}, 413, "file_too_large"),
        (b"x" * 40_000, {}, 413, "file_too_large"),
        (b"no thanks", {}, 415, "file_type"),
        (b"hello", {"Content-Encoding": "gzip"}, 415, "content_encoding"),
        (b"hello", {"Content-Type": "multipart/form-data"}, 400, "not_multipart"),
        (b"hello", {"Content-Type": "multipart/form-data; boundary=x"}, 400, "not_multipart"),
    ],
)
async def test_what_is_no_upload_of_ours_is_refused(
    house: House, customer: Customer, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await upload(customer, content, **headers)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert house.drawer.kept == {}


async def test_a_form_without_a_file_and_a_file_wrapped_in_an_encoding_are_refused(customer: Customer) -> None:
    bare = FormData({"name": "x"}, default_to_multipart=True)
    response = await customer.client.post(f"{customer.base}/files", data=bare, headers=customer.headers)
    assert (response.status, (await response.json())["code"]) == (422, "file_missing")
    wrapped = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--x--\r\n"
    )
    headers = {**customer.headers, "Content-Type": "multipart/form-data; boundary=x"}
    response = await customer.client.post(f"{customer.base}/files", data=wrapped, headers=headers)
    assert response.status in (400, 415)


async def test_so_many_uploads_at_once_and_no_more(house: House, customer: Customer) -> None:
    going = asyncio.Event()

    async def slow() -> object:
        async def body() -> AsyncIterator[bytes]:
            yield b"hello"
            await going.wait()

        return (await customer.client.post(f"{customer.base}/files", data=body(), headers=customer.headers)).status

    slow_ones = [asyncio.create_task(slow()) for _ in range(16)]
    async with asyncio.timeout(10):
        while (refused := await upload(customer))[0] == 201:
            pass
    assert (refused[0], refused[1]["code"]) == (503, "busy")
    going.set()
    assert set(await asyncio.gather(*slow_ones)) == {201}
    assert (await upload(customer))[0] == 201
