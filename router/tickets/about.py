"""What a ticket is about beside its description: which number, where and when (clause ``assist.ai``)."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from router.forms.form import veiled


class About(Struct, frozen=True):
    """Particulars of a ticket; what nobody has told is empty."""

    number: str = ""
    """The telephone number or account that it is about."""
    place: str = ""
    day: date | None = None
    """When it happened, or is to happen, in the operator's zone."""
    time: str = ""
    """HH:MM."""

    @property
    def private(self) -> bool:
        """Whether anything of it is masked wherever people read it without a reason."""
        return bool(self.number or self.place)

    @property
    def masked(self) -> "About":
        """The same as people read it without a reason."""
        return replace(self, number=veiled(self.number), place=veiled(self.place))
