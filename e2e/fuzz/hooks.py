"""What schemathesis cannot read in an OpenAPI document: keys in turn, names used once, registries, rules between fields."""

import itertools
import json
import os
import re
import uuid

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import AllowHeaderMismatch, RejectedPositiveData
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    status_code_conformance,
    unsupported_method,
)

PRINTABLE = re.compile(r"[ -~]{1,255}")

# Texts of a registry that no pattern can hold, by the names of fields.
REGISTRIES = {"time_zone": ["Europe/Vilnius", "America/New_York", "UTC"], "currency": ["EUR", "USD", "JPY", "BHD"]}

# Our times: from 1900 to 9999.
schemathesis.openapi.format(
    "date-time", st.datetimes().filter(lambda at: at.year >= 1900).map(lambda at: at.isoformat() + "Z")
)


# Ids of what is there, by the word before `{id}` in a path and by the names of fields that refer to it. With random ids alone
# nearly every answer would be 404.
WORLD = json.loads(os.environ.get("FUZZ_IDS", '{"ids": {}, "references": {}}'))
UNKNOWN_ID = "0195743e-6c00-7c1a-8f53-ffffffffffff"
ID_OF_PATH = re.compile(r"/([a-z-]+)/\{(id|cardId)\}")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    values = {**REGISTRIES, **{name: ids + [UNKNOWN_ID] for name, ids in WORLD["references"].items()}}

    def walk(part):
        if isinstance(part, dict):
            for name, schema in part.get("properties", {}).items():
                types = schema.get("type") if isinstance(schema, dict) else None
                if name in values and types in ("string", ["string", "null"]):
                    for keyword in ("pattern", "format", "minLength", "maxLength"):
                        schema.pop(keyword, None)
                    schema["enum"] = values[name] + ([None] if "null" in types else [])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk({name: part for name, part in raw_schema.get("components", {}).get("schemas", {}).items() if name.endswith("Body")})
    for path, operations in raw_schema["paths"].items():
        for match in ID_OF_PATH.finditer(path):
            noun = "cards" if match.group(2) == "cardId" else match.group(1)
            for operation in operations.values():
                for parameter in operation.get("parameters", []):
                    if parameter.get("name") == match.group(2) and noun in WORLD["ids"]:
                        parameter["schema"] = {"type": "string", "enum": WORLD["ids"][noun] + [UNKNOWN_ID]}


KEYS = [key for key in os.environ.get("FUZZ_KEYS", "").split(",") if key]

if KEYS:
    # A key may call so often in a minute; keys of one caller in turn let more requests through, and change nothing else.
    turns = itertools.cycle(KEYS)

    @schemathesis.auth(refresh_interval=None)
    class KeysInTurn:
        def get(self, case, context):
            return next(turns)

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["X-Agent-Key"] = data


@schemathesis.hook
def before_call(context, case, kwargs):
    """An Idempotency-Key names one write for good; a generator sends `0` with every second body, which is rightly refused."""
    for name, value in list((case.headers or {}).items()):
        if name.lower() == "idempotency-key" and isinstance(value, str) and PRINTABLE.fullmatch(value):
            case.headers[name] = str(uuid.uuid4())


# Refusals that are right although the schema allows what was sent: rules between fields, or between a field and what is stored.
RULES = re.compile(
    "|".join(
        [
            r"^send (exactly|only) one of",
            r"^is required (for|with|when|by)|^is only for|^must be true without|^cannot change$|go together$",
            r"^must be the partner's slug$|^must be (active )?staff of|^must be the currency of|^must span at most",
            r"^with the prefix must make|^must be the shop that shops names",
            # As many decimals as the currency has.
            r"decimals|^must be a number$",
            # One instant or amount against another, or against now.
            r"^must (not )?be (after|before|later|at least|at most|more than|less than|in the past|in the future|above|below)|^must lie (in the|within)",
        ]
    )
)


# Refusals of one operation that its schema does not tell.
OWN_RULES = {
    # `type` decides which of the other fields are taken.
    "agent.transactions.estimate": re.compile(r"^is required$|^is not a known field$"),
    # The role of the key that is changed decides.
    "agent.admin.agent_keys.update": re.compile(r"^must be one of|^is fixed for member keys$"),
}
NOTHING = re.compile(r"(?!)")


@schemathesis.check
def acceptance(ctx, response, case):
    """`positive_data_acceptance`, but for refusals by state (their codes say so) and by the rules above."""
    try:
        return positive_data_acceptance(ctx, response, case)
    except RejectedPositiveData:
        body = json.loads(response.content)
        error = body["error"] if isinstance(body.get("error"), dict) else body
        if error.get("code") != "VALIDATION_FAILED":
            return None
        errors = error.get("errors") or error.get("details", {}).get("errors", {})
        messages = [message for texts in errors.values() for message in texts]
        own = OWN_RULES.get(case.operation.definition.raw.get("operationId"), NOTHING)
        if all(RULES.search(message) or own.search(message) for message in messages):
            return None
        raise


# PATCH does what PUT does, wherever PUT is. The documents say it once in words instead of showing each operation twice.
def takes_put(case):
    return "put" in case.operation.schema.raw_schema["paths"].get(case.operation.path, {})


@schemathesis.check
def methods(ctx, response, case):
    """`unsupported_method`, but for PATCH in place of PUT."""
    return None if case.method.upper() == "PATCH" and takes_put(case) else unsupported_method(ctx, response, case)


@schemathesis.check
def allowed_methods(ctx, response, case):
    """`allow_header_conformance`, but for PATCH in place of PUT."""
    try:
        return allow_header_conformance(ctx, response, case)
    except AllowHeaderMismatch as mismatch:
        if takes_put(case) and mismatch.undocumented_methods == ["PATCH"] and not mismatch.missing_methods:
            return None
        raise


# A request line of more than 48 kB is refused before anybody knows what it asks for, so no operation can document it.
def is_too_long(response):
    return response.status_code == 431 and len(response.request.url) > 30_000


@schemathesis.check
def statuses(ctx, response, case):
    """`status_code_conformance`, but for what is no request yet."""
    return None if is_too_long(response) else status_code_conformance(ctx, response, case)


@schemathesis.check
def rejection(ctx, response, case):
    """`negative_data_rejection`, but for what is no request yet, and for steps of a story in which nothing was made wrong."""
    if is_too_long(response):
        return None
    try:
        return negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData as accepted:
        if "positive test case" in accepted.message:
            return None
        raise
