-- The journal is the truth; what follows it is projected from it and can be made again.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE journal (
    seq   INTEGER PRIMARY KEY,
    day   TEXT NOT NULL,
    at    TEXT NOT NULL,
    event TEXT NOT NULL,
    body  TEXT NOT NULL
);
CREATE INDEX journal_day ON journal (day);

-- Projected: written from events alone. Their constraints are a second lock on the rules.
CREATE TABLE ticket (
    id         INTEGER PRIMARY KEY,
    day        TEXT NOT NULL,
    prefix     TEXT NOT NULL,
    n          INTEGER NOT NULL CHECK (n > 0),
    service    TEXT NOT NULL,
    agency     TEXT NOT NULL,
    class      TEXT NOT NULL CHECK (class IN ('regular', 'priority')),
    language   TEXT NOT NULL,
    origin     TEXT NOT NULL,
    printer    TEXT,
    reference  TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    state      TEXT NOT NULL CHECK (state IN
                   ('waiting', 'called', 'serving', 'done', 'no_show', 'cancelled', 'expired')),
    counter    TEXT,
    calls      INTEGER NOT NULL DEFAULT 0,
    issued_at  TEXT NOT NULL,
    called_at  TEXT,
    started_at TEXT,
    ended_at   TEXT,
    outcome    TEXT,
    UNIQUE (day, prefix, n)
);
CREATE UNIQUE INDEX ticket_one_active_a_counter ON ticket (counter) WHERE state IN ('called', 'serving');
CREATE INDEX ticket_token ON ticket (token_hash);

CREATE TABLE stop (
    ticket     INTEGER NOT NULL REFERENCES ticket (id),
    ord        INTEGER NOT NULL,
    service    TEXT NOT NULL,
    counter    TEXT,
    entered_at TEXT NOT NULL,
    called_at  TEXT,
    started_at TEXT,
    ended_at   TEXT,
    ended_as   TEXT,
    PRIMARY KEY (ticket, ord)
) WITHOUT ROWID;

CREATE TABLE slip (
    id         INTEGER PRIMARY KEY,
    ticket     INTEGER NOT NULL REFERENCES ticket (id),
    printer    TEXT NOT NULL,
    reprint    INTEGER NOT NULL CHECK (reprint IN (0, 1)),
    state      TEXT NOT NULL CHECK (state IN
                   ('queued', 'sent', 'printed', 'uncertain', 'not_sent', 'spoiled')),
    proof      TEXT,
    trouble    TEXT,
    queued_at  TEXT NOT NULL,
    settled_at TEXT
);

-- When a counter was open or on a break, and who stood behind it.
CREATE TABLE counter_span (
    seq     INTEGER PRIMARY KEY,
    day     TEXT NOT NULL,
    counter TEXT NOT NULL,
    phase   TEXT NOT NULL CHECK (phase IN ('open', 'paused')),
    staff   TEXT,
    from_at TEXT NOT NULL,
    to_at   TEXT
);
CREATE UNIQUE INDEX counter_span_one_open ON counter_span (counter) WHERE to_at IS NULL;

-- Primary: not in the journal, untouched by a rebuild.
CREATE TABLE idempotency (
    credential TEXT NOT NULL,
    key        TEXT NOT NULL,
    body       BLOB NOT NULL,
    answer     TEXT NOT NULL,
    PRIMARY KEY (credential, key)
) WITHOUT ROWID;

CREATE TABLE session (
    id_hash    BLOB PRIMARY KEY,
    staff      TEXT NOT NULL,
    counter    TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) WITHOUT ROWID;
