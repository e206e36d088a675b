"""Recognition: a subject that the operator's own system has signed joins the contact to its customer, once."""

from secrets import token_hex

from bot.customers.proofs import Proofs
from bot.db import UNREACHABLE, Pool
from bot.sql import load
from channels.door import Address, Busy, Inbound, Receive
from router.events import Proved

SQL = load(__file__, "customers.sql")


class Recognition:
    """Takes note of who opened a session on a web page or in an app.

    Args:
        pool: connections to PostgreSQL.
        receive: takes the proof in: the writer.
        proofs: makes proofs.
    """

    def __init__(self, pool: Pool, receive: Receive, proofs: Proofs) -> None:
        self._pool = pool
        self._receive = receive
        self._proofs = proofs

    async def recognise(self, address: Address, subject: str, *, name: str = "", language: str = "") -> None:
        """Join the contact to the customer of this subject, unless it is or a leader has taken it away.

        The subjects of all accounts are those of one operator. Name and language are those of a contact that comes
        for the first time.

        Raises:
            Busy: it could not be stored now.
        """
        proof = self._proofs.of_subject(subject, realm="", means=f"jwt:{address.channel}:{address.account}")
        try:
            known = await self._pool.fetchval(SQL["recognised"], *address, proof.kind.value, bytes.fromhex(proof.value))
        except UNREACHABLE as error:
            raise Busy from error
        if not known:
            proved = Inbound(address, f"proof:{token_hex(8)}", Proved(proof), name=name, language=language)
            await self._receive(proved)
