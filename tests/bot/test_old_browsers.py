"""The customer's page and the widget keep to what browsers of 2019 know: ES2019, iOS 13, WeChat's WebView of then.

A parser reads every script, and whatever it finds that is not on the list of ES2019 is named: also what nobody had
thought of when the list was written.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from bot.chat.widget import script
from bot.words import TEMPLATES

pytestmark = pytest.mark.pure

STATIC = TEMPLATES / "static"
SCRIPTS = sorted((STATIC / "chat").rglob("*.js"))
STYLES = sorted([*(STATIC / "chat").rglob("*.css"), *(STATIC / "widget").glob("*.css")])


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


JAVASCRIPT = Language(tree_sitter_javascript.language())

KINDS = listed("""
    arguments array array_pattern arrow_function assignment_expression assignment_pattern await_expression
    augmented_assignment_expression binary_expression break_statement call_expression catch_clause class class_body
    class_declaration class_heritage comment computed_property_name continue_statement do_statement else_clause
    empty_statement escape_sequence export_clause export_specifier export_statement expression_statement false
    finally_clause for_in_statement for_statement formal_parameters function_declaration function_expression
    generator_function generator_function_declaration identifier if_statement import_clause import_specifier
    import_statement labeled_statement lexical_declaration member_expression method_definition named_imports
    namespace_import new_expression null number object object_assignment_pattern object_pattern pair pair_pattern
    parenthesized_expression program property_identifier regex regex_flags regex_pattern rest_pattern return_statement
    sequence_expression shorthand_property_identifier shorthand_property_identifier_pattern spread_element
    statement_block statement_identifier string string_fragment subscript_expression super switch_body switch_case
    switch_default switch_statement template_string template_substitution ternary_expression this throw_statement true
    try_statement unary_expression undefined update_expression variable_declaration variable_declarator
    while_statement yield_expression
""")
"""What an ES2019 program consists of, as the parser calls it (ECMA-262, 10th edition)."""
TOKENS = listed("""
    ! != !== " ${ % %= & && &= ' ( ) * ** **= *= + ++ += , - -- -= . ... / /= : ; < << <<= <= = == === => > >= >> >>=
    >>> >>>= ? [ ] ^ ^= ` as async await break case catch class const continue default delete do else export extends
    finally for from function get if import in instanceof let new of return set static try typeof throw switch var void
    while yield { | |= || } ~
""") | {"static get"}
NUMBER = re.compile(r"\d+(\.\d+)?(e-?\d+)?|0x[0-9a-f]+", re.IGNORECASE)
"""Without separators, and none of any size."""
LATER = listed("""
    AbortSignal.any AbortSignal.timeout Intl.ListFormat Intl.RelativeTimeFormat Intl.Segmenter Object.groupBy
    Object.hasOwn Promise.any Promise.withResolvers URL.canParse
    BroadcastChannel EventTarget ResizeObserver WeakRef CSSStyleSheet structuredClone requestIdleCallback
    .adoptedStyleSheets .arrayBuffer .at() .checkVisibility .clipboard .findLast .findLastIndex .attachInternals .inert
    .isWellFormed .randomUUID .replaceAll .replaceChildren .replaceSync .requestSubmit .showModal .showPopover
    .submitter .toReversed .toSorted .toSpliced .togglePopover .with() dateStyle timeStyle
""")
"""What of the libraries came after iOS 13.0 (Safari 13), by the browsers' own release notes."""
GUARDED = frozenset({
    ("outbox", ".randomUUID"),
    ("scroll", "ResizeObserver"),
    ("transcript", ".clipboard"),
    ("widget", "CSSStyleSheet"),
    ("widget", ".replaceSync"),
    ("widget", ".adoptedStyleSheets"),
})  # fmt: skip
"""Used where it is there, with another way where it is not."""
LATER_STYLES = re.compile(
    r"(?:^|[;{\s])(?:inset|aspect-ratio|accent-color|translate|rotate|scale)\s*:|:(?:is|where|has)\(|@(?:layer|container)\b"
    r"|\b(?:clamp|color-mix|oklch)\("
)
"""Styles that came later and whose lack would be seen."""


def nodes(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in node.children:
        yield from nodes(child)


def parsed(text: str) -> Node:
    """The program; a mistake in it is a node of a kind that no list has."""
    return Parser(JAVASCRIPT).parse(text.encode()).root_node


def said(node: Node) -> str:
    """The text of a node."""
    return (node.text or b"").decode()


def too_new(text: str) -> list[str]:
    """What of a program is no ES2019."""
    found = []
    for node in nodes(parsed(text)):
        known = node.type in (KINDS if node.is_named else TOKENS)
        if node.type == "number":
            known = NUMBER.fullmatch(said(node)) is not None
        if node.type == "regex_flags":
            known = set(said(node)) <= set("gimsuy")
        if node.type == "regex_pattern":
            known = re.search(r"\(\?<[=!]", said(node)) is None  # WebKit learnt to look behind in 2023.
        if node.type == "await_expression":
            known = any(one.type.endswith(("function", "declaration", "definition")) for one in above(node))
        if not known or node.is_missing:
            found.append(f"line {node.start_point[0] + 1}: {node.type} {said(node)[:40]}")
    return found


def above(node: Node) -> Iterator[Node]:
    """The nodes around a node."""
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def names(text: str) -> set[str]:
    """What a program takes from the browser: names, ``.properties``, ``.methods()`` and ``Known.properties``."""
    found = set()
    for node in nodes(parsed(text)):
        if node.type in ("identifier", "shorthand_property_identifier") or (
            node.type == "property_identifier" and node.parent and node.parent.type == "pair"
        ):
            found.add(said(node))
        if node.type == "member_expression":
            owner, member = node.child_by_field_name("object"), node.child_by_field_name("property")
            assert owner is not None
            assert member is not None
            called = "()" if node.parent and node.parent.type == "call_expression" else ""
            found |= {f".{said(member)}", f".{said(member)}{called}", f"{said(owner)}.{said(member)}"}
    return found


PROGRAMS = [("widget", script()), *((path.stem, path.read_text("utf-8")) for path in SCRIPTS)]


@pytest.mark.parametrize(("name", "text"), PROGRAMS, ids=[name for name, _ in PROGRAMS])
def test_scripts_are_es2019_and_call_only_what_ios_13_has(name: str, text: str) -> None:
    assert too_new(text) == []
    assert {one for one in names(text) & LATER if (name, one) not in GUARDED} == set()


@pytest.mark.parametrize(
    "text",
    [
        "a?.b",
        "a?.[b]",
        "a ?? b",
        "a ??= b",
        "a ||= b",
        "1_000",
        "10n",
        "import('x')",
        "import.meta",
        "await x",
        "class A { #b = 1 }",
        "class A { b = 1 }",
        "class A { static { } }",
        "export * as a from 'b'",
        "/(?<=a)b/",
        "/a/v",
        "/a/d",
        "using a = b",
        "@a class B { }",
        "const a = ;",
        "#!/bin/x",
    ],
)
def test_what_came_later_is_found(text: str) -> None:
    assert too_new(text)


@pytest.mark.parametrize(
    "text",
    [
        "try { a(); } catch { b(); }",
        "async function a() { for await (const b of c) await b; }",
        "const { a, ...b } = { ...c };",
        "class A extends B { static get c() { return super.c ** 2; } }",
        "f(...a, `b${c}`, /d(?<e>f)/su, 0x1f, 1.5e-3)",
    ],
)
def test_what_was_there_in_2019_is_not(text: str) -> None:
    assert too_new(text) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_lack_nothing_in_ios_13(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert LATER_STYLES.findall(re.sub(r"@supports[^{]*", "", css)) == []
