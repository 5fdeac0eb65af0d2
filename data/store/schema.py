"""The tables, as they are at the newest migration. A test holds the two together.

Every row belongs to a tenant. Moments are whole microseconds since 1970 (`instants`). Ids compare
by code point, in Python as in every database, so that pages and replays have one order.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from .identifiers import MAX_LENGTH

HASH_LENGTH = 64  # SHA-256 in hexadecimal
WORD_LENGTH = 20  # the store's own words: kinds, roles

Identifier = String(MAX_LENGTH).with_variant(String(MAX_LENGTH, collation="C"), "postgresql")
# SQLite counts by itself only in a column that says exactly INTEGER.
Counter = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# Skills, objectives, items, activities, students, classes. `sequence` keeps the order in which
# they were first put; a deleted row stays, emptied, so that no version number is given twice.
facts = Table(
    "facts",
    metadata,
    Column("sequence", Counter, primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("kind", String(WORD_LENGTH), nullable=False),
    Column("id", Identifier, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    UniqueConstraint("tenant", "kind", "id"),
    sqlite_autoincrement=True,
)

# Every version that a fact ever had, its deletion too: rows are only ever added. `revision` is that
# of the curriculum which the change made; null for facts that are no part of it.
fact_history = Table(
    "fact_history",
    metadata,
    Column("sequence", Counter, primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("kind", String(WORD_LENGTH), nullable=False),
    Column("id", Identifier, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("written_at", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("revision", Integer),
    UniqueConstraint("tenant", "kind", "id", "version"),
    Index(None, "tenant", "revision"),
    sqlite_autoincrement=True,
)

# Whom a goal or an override is about, so that those of one student or class can be found.
concerns = Table(
    "concerns",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("kind", String(WORD_LENGTH), primary_key=True),
    Column("id", Identifier, primary_key=True),
    Column("whom", String(WORD_LENGTH), nullable=False),
    Column("subject", Identifier, nullable=False),
    Index(None, "tenant", "subject"),
)

# Goes up by one whenever anything of a tenant's curriculum changes.
curricula = Table(
    "curricula",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("revision", Integer, nullable=False),
)

# Who sits in which class: the class's own list, laid out so that one student can be found.
enrolments = Table(
    "enrolments",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("class_id", Identifier, primary_key=True),
    Column("student", Identifier, primary_key=True),
    Index(None, "tenant", "student"),
)

# Who may see which child: the students' own lists of family, laid out so that a child is found.
guardians = Table(
    "guardians",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("guardian", Identifier, primary_key=True),
    Column("student", Identifier, primary_key=True),
    Index(None, "tenant", "student"),
)

# Who was erased: a digest of the id, so that a late event cannot bring the student back.
# `erased_at` and `events` (how many went) are all that is said of the person.
erasures = Table(
    "erasures",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("digest", String(HASH_LENGTH), primary_key=True),
    Column("erased_at", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
)

# The log: rows are only ever added. `sequence` numbers them as they arrive, though several writers
# may commit in another order; `skills` is a JSON list of those the sender named; `dated`: the
# sender gave the time, and `clock_offset` was added to it; `quarantined`: kept, not counted;
# `voids`: the event whose evidence this one takes back; `correct` is null where it does only that.
events = Table(
    "events",
    metadata,
    Column("sequence", Counter, primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("id", Identifier, nullable=False),
    Column("student", Identifier, nullable=False),
    Column("skills", Text),
    Column("item", Identifier),
    Column("correct", Float),
    Column("occurred_at", BigInteger, nullable=False),
    Column("dated", Boolean, nullable=False),
    Column("clock_offset", BigInteger, nullable=False, server_default="0"),
    Column("voids", Identifier),
    Column("activity", Identifier),
    Column("recommendation", Identifier),
    Column("class_id", Identifier),
    Column("session", Identifier),
    Column("response_ms", BigInteger),
    Column("hints", Integer),
    Column("attempt", Integer),
    Column("evidence_kind", Identifier),
    Column("rubric", Identifier),
    Column("received_at", BigInteger, nullable=False),
    Column("quarantined", Boolean, nullable=False),
    UniqueConstraint("tenant", "id"),
    # With the number: a student's newest is told from the index alone. SQLite has it there anyway.
    Index(None, "tenant", "student", "occurred_at", "id", postgresql_include=["sequence"]),
    Index(None, "tenant", "sequence"),
    sqlite_autoincrement=True,
)
Index(
    None,
    events.c.tenant,
    events.c.recommendation,
    postgresql_where=events.c.recommendation.is_not(None),
    sqlite_where=events.c.recommendation.is_not(None),
)
Index(
    None,
    events.c.tenant,
    events.c.voids,
    postgresql_where=events.c.voids.is_not(None),
    sqlite_where=events.c.voids.is_not(None),
)

# What was recommended and how classes were grouped, whole: rows are only ever added.
decisions = Table(
    "decisions",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("kind", String(WORD_LENGTH), primary_key=True),
    Column("id", Identifier, primary_key=True),
    Column("body", JSON, nullable=False),
)

# Secrets are never kept, only their hashes.
keys = Table(
    "keys",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("secret_hash", String(HASH_LENGTH), nullable=False),
    Column("tenant", Identifier, nullable=False),
    Column("role", String(WORD_LENGTH), nullable=False),
    Column("user", Identifier),
    Column("label", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("scopes", Text),  # a JSON list of actions; null: all that the role may
    Column("expires_at", BigInteger),
    Column("last_used_at", BigInteger),
    UniqueConstraint("secret_hash"),
    Index(None, "tenant"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("secret_hash", String(HASH_LENGTH), primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("role", String(WORD_LENGTH), nullable=False),
    Column("user", Identifier),
    Column("expires_at", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", String(HASH_LENGTH), primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("role", String(WORD_LENGTH), nullable=False),
    Column("user", Identifier),
    Column("expires_at", BigInteger, nullable=False),
    Column("idle_until", BigInteger),  # null: until it expires
)

# People who sign in by a password; `name` is what they type, `user` who they are in the tenant.
accounts = Table(
    "accounts",
    metadata,
    Column("name", Identifier, primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("role", String(WORD_LENGTH), nullable=False),
    Column("user", Identifier, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Index(None, "tenant"),
)

# People who sign in elsewhere (OpenID Connect): whom the provider's subject stands for.
identities = Table(
    "identities",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Identifier, primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("role", String(WORD_LENGTH), nullable=False),
    Column("user", Identifier, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Index(None, "tenant"),
)

# Links by which an account's person chooses a new password, each good once.
resets = Table(
    "resets",
    metadata,
    Column("secret_hash", String(HASH_LENGTH), primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("name", Identifier, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "tenant", "name"),
)

# Who did what to whom (`audit`), without a name: rows are only ever added. `actor` did it, in this
# `role`; it is about the `about` of this `kind`. What is older than a year may be forgotten.
audit = Table(
    "audit",
    metadata,
    Column("sequence", Counter, primary_key=True),
    Column("tenant", Identifier, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("deed", String(WORD_LENGTH), nullable=False),
    Column("role", String(WORD_LENGTH), nullable=False),
    Column("actor", Identifier),
    Column("kind", String(WORD_LENGTH)),
    Column("about", Identifier),
    Column("detail", Text),
    Index(None, "tenant", "sequence"),
    Index(None, "tenant", "about"),
    sqlite_autoincrement=True,
)

# Failed sign-ins, by a digest of the name or the address tried: too many, and both have to wait.
failures = Table(
    "failures",
    metadata,
    Column("digest", String(HASH_LENGTH), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

# What was answered to a request with an `Idempotency-Key`, by a digest of caller and key: `request`
# is a digest of what was asked. Without a status it is being answered. Kept for a day.
replies = Table(
    "replies",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("digest", String(HASH_LENGTH), primary_key=True),
    Column("request", String(HASH_LENGTH), nullable=False),
    Column("status", Integer),
    Column("headers", JSON),
    Column("body", Text),
    Column("created_at", BigInteger, nullable=False),
)

# Long work: `input` is what it works on, emptied once it is done. `changed_at` moves while somebody
# is at it; where it stands still, that process is gone and another takes the work up.
jobs = Table(
    "jobs",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("id", Identifier, primary_key=True),
    Column("kind", String(WORD_LENGTH), nullable=False),
    Column("state", String(WORD_LENGTH), nullable=False),
    Column("input", Text, nullable=False),
    Column("result", JSON),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index(None, "state"),
)

# What was believed of everybody at the end of a day, for reports: taken anew, it is replaced.
snapshots = Table(
    "snapshots",
    metadata,
    Column("tenant", Identifier, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("student", Identifier, primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("p_mastery", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("state", String(WORD_LENGTH), nullable=False),
    Column("model", Text, nullable=False),
)
