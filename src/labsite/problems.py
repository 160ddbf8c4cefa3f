"""Everything the engine may complain about, and how a complaint is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error costs an entry or misleads a reader."""

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """The rules; a rule's value is its name on the command line and in logs."""

    SYNTAX = "syntax"
    ENCODING = "encoding"
    UNDEFINED_MACRO = "undefined-macro"
    DUPLICATE_KEY = "duplicate-key"
    DUPLICATE_FIELD = "duplicate-field"
    UNKNOWN_CROSSREF = "unknown-crossref"
    BAD_LATEX = "bad-latex"
    BAD_NAME = "bad-name"
    BAD_ANNOTATION = "bad-annotation"
    MISSING_FIELD = "missing-field"
    BAD_DATE = "bad-date"
    BAD_DOI = "bad-doi"
    BAD_ARXIV = "bad-arxiv"
    BAD_URL = "bad-url"
    UNKNOWN_TOPIC = "unknown-topic"
    MISSING_TOPIC = "missing-topic"
    UNKNOWN_KIND = "unknown-kind"
    BAD_TOPIC_PAGE = "bad-topic-page"
    EMPTY_TOPIC = "empty-topic"
    UNKNOWN_KEY = "unknown-key"
    BAD_QUERY = "bad-query"
    BAD_DRAWING = "bad-drawing"
    BAD_PREVIEW = "bad-preview"
    BAD_RECORD = "bad-record"
    BAD_VALUE = "bad-value"
    BAD_PROFILE = "bad-profile"
    UNKNOWN_FIELD = "unknown-field"
    UNKNOWN_ROLE = "unknown-role"
    DUPLICATE_NAME = "duplicate-name"
    NEAR_MISS_NAME = "near-miss-name"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, where, and what to write instead."""

    rule: Rule
    message: str  #: one sentence without a full stop; the remedy after a semicolon
    file: str
    line: int  #: 1-based
    column: int = 1  #: 1-based
    key: str | None = None  #: the citation key, where there is one
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return ``file:line:column: severity: key: message [rule]``."""
        key = f"{self.key}: " if self.key else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity}: {key}{self.message} [{self.rule}]"
