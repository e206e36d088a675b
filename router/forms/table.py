"""Reads a form from its TOML; errors name the line and the table."""

from router.clauses.table import Source, Table, table
from router.forms.form import Form, Pick, Step, StepKind, Wording

FORM_KEYS = ("version", "zh", "en", "urgent", "business", "phrases", "call")
STEP_KEYS = (
    "kind", "zh", "en", "label_zh", "label_en", "help_zh", "help_en", "private", "least", "most", "edition", "pick",
)  # fmt: skip
LIMITS = {StepKind.TEXT: (1, 500), StepKind.NUMBER: (0, 1_000_000), StepKind.DATE: (0, 365)}
"""What holds where a step names no limits: characters, value, days from today."""
YES = (Pick("yes", Wording("是", "Yes")), Pick("no", Wording("否", "No")))
AGREED = (Pick("yes", Wording("同意", "I agree")), Pick("no", Wording("不同意", "I do not agree")))


def parse(name: str, text: str) -> Form:
    """Read a form.

    Args:
        name: its id, which is the name of its file.
        text: the TOML.

    Raises:
        StandardError: it does not hold; the error names the line and the table.
    """
    source = Source(text)
    whole = Table(source, "", source.tables())
    whole.only(("form", "step"))
    form = table(source, "form", whole.values.get("form", {}))
    form.only(FORM_KEYS)
    written = whole.table("step").values
    steps = tuple(_step(table(source, f"step.{one}", written[one]), one) for one in written)
    _known_first(steps, source)
    if not steps:
        raise whole.error("a form has one step at least")
    return Form(
        id=name,
        version=_number(form, "version", 1),
        title=_wording(form),
        steps=steps,
        phrases=frozenset(phrase.lower() for phrase in form.texts("phrases")),
        business=form.text("business"),
        urgent=_flag(form, "urgent"),
        call=form.text("call"),
    )


def _known_first(steps: tuple[Step, ...], source: Source) -> None:
    """Who is challenged must be known before: there is nothing to compare a stranger's answer with."""
    kinds = [step.kind for step in steps]
    if StepKind.CHALLENGE not in kinds:
        return
    place = kinds.index(StepKind.CHALLENGE)
    if StepKind.IDENTITY not in kinds[:place]:
        raise table(source, f"step.{steps[place].id}", {}).error(
            "a challenge comes after a step of kind identity", "kind"
        )


def _step(one: Table, name: str) -> Step:
    one.only(STEP_KEYS)
    kind = StepKind(one.known(one.required("kind"), [kind.value for kind in StepKind], "kind"))
    least, most = LIMITS.get(kind, (1, 500))
    least, most = _number(one, "least", least), _number(one, "most", most)
    if least > most:
        raise one.error('"least" is more than "most"', "least")
    edition = one.text("edition")
    if bool(edition) != (kind is StepKind.AGREEMENT):
        raise one.error('an agreement has an "edition", and nothing else has', "edition")
    return Step(
        id=name,
        kind=kind,
        ask=_wording(one),
        label=_wording(one, "label_"),
        help=_wording(one, "help_") if {"help_zh", "help_en"} & set(one.values) else None,
        private=_flag(one, "private") or kind is StepKind.CHALLENGE,
        least=least,
        most=most,
        picks=_picks(one, kind),
        edition=edition,
    )


def _picks(one: Table, kind: StepKind) -> tuple[Pick, ...]:
    picks = one.table("pick").values
    if bool(picks) != (kind is StepKind.CHOICE):
        raise one.error('a choice has "pick" tables, and nothing else has', "pick")
    if kind is StepKind.YES_NO:
        return YES
    if kind is StepKind.AGREEMENT:
        return AGREED
    return tuple(Pick(name, _wording(_pick(one, name, picks[name]))) for name in picks)


def _pick(one: Table, name: str, value: object) -> Table:
    found = table(one.source, f"{one.name}.pick.{name}", value)
    found.only(("zh", "en"))
    return found


def _wording(one: Table, prefix: str = "") -> Wording:
    return Wording(one.required(f"{prefix}zh"), one.required(f"{prefix}en"))


def _number(one: Table, key: str, otherwise: int) -> int:
    value = one.values.get(key, otherwise)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise one.error(f"{key}: a number is expected, not {value!r}", key)


def _flag(one: Table, key: str) -> bool:
    value = one.values.get(key, False)
    if isinstance(value, bool):
        return value
    raise one.error(f"{key}: true or false is expected, not {value!r}", key)
