"""Answers in one piece: the same words on the wire as any other answer, whatever the request's kind of connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.answers import GIVEN, Answers

ANSWERS = Answers({"Content-Type": "application/xml; charset=utf-8"})
BODY = "<xml>好</xml>".encode()


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer with what the request carries, or with the body that everyone gets."""
    return await ANSWERS.give(request, await request.read() or BODY)


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection to a server that answers so."""
    app = web.Application()
    app.router.add_post("/", answer)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        yield reader, writer
        writer.close()


async def head(reader: asyncio.StreamReader) -> dict[str, str]:
    """Read the head of one answer."""
    status, *fields = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
    assert status.split(" ", 1)[1] == "200 OK"
    return {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}


async def test_requests_on_one_connection_are_answered_in_order() -> None:
    async with opened() as (reader, writer):
        for text in ("一", "二二", "三三三"):
            body = text.encode()
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        for text in ("一", "二二", "三三三"):
            fields = await head(reader)
            assert await reader.readexactly(int(fields["content-length"])) == text.encode()
            assert fields["content-type"] == "application/xml; charset=utf-8"
            assert fields["date"].endswith(" GMT")


@pytest.mark.parametrize(("version", "more"), [("1.0", ""), ("1.1", "Connection: close\r\n")])
async def test_a_connection_that_is_not_to_stay_is_closed_behind_its_answer(version: str, more: str) -> None:
    async with opened() as (reader, writer):
        writer.write(f"POST / HTTP/{version}\r\nHost: a\r\n{more}Content-Length: 0\r\n\r\n".encode())
        fields = await head(reader)
        rest = await reader.read()

    assert rest == BODY
    assert int(fields["content-length"]) == len(BODY)


async def test_a_connection_of_http_1_0_stays_where_it_is_asked_to() -> None:
    async with opened() as (reader, writer):
        for _ in range(2):
            writer.write(b"POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")
            fields = await head(reader)
            assert fields["connection"] == "keep-alive"
            assert await reader.readexactly(int(fields["content-length"])) == BODY


async def test_an_asker_who_has_gone_harms_nobody() -> None:
    given: asyncio.Queue[web.StreamResponse] = asyncio.Queue()

    async def late(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        response = await ANSWERS.give(request, BODY)
        given.put_nowait(response)
        return response

    app = web.Application()
    app.router.add_post("/", late)
    async with TestServer(app) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")

        assert await given.get() is GIVEN
        writer.close()
