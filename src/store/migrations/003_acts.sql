-- Acts of the counter: hold, transfer, return, undo, and what was delivered.
-- SQLite cannot widen a CHECK, so the table is made anew; references to it follow its name.
CREATE TABLE ticket_new (
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
                   ('waiting', 'called', 'serving', 'on_hold', 'done', 'no_show', 'cancelled', 'expired')),
    counter    TEXT,
    calls      INTEGER NOT NULL DEFAULT 0,
    issued_at  TEXT NOT NULL,
    called_at  TEXT,
    started_at TEXT,
    ended_at   TEXT,
    outcome    TEXT,
    UNIQUE (day, prefix, n)
);
INSERT INTO ticket_new SELECT id, day, prefix, n, service, agency, class, language, origin, printer, reference,
    token_hash, state, counter, calls, issued_at, called_at, started_at, ended_at, outcome FROM ticket;
DROP TABLE ticket;
ALTER TABLE ticket_new RENAME TO ticket;
CREATE UNIQUE INDEX ticket_one_active_a_counter ON ticket (counter) WHERE state IN ('called', 'serving');
CREATE INDEX ticket_token ON ticket (token_hash);

-- The agency of a stop: a transfer may lead to another one. How often and why out of turn it was called.
ALTER TABLE stop ADD COLUMN agency TEXT;
ALTER TABLE stop ADD COLUMN calls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stop ADD COLUMN call_reason TEXT;
ALTER TABLE stop ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
-- What the visitor was told to wait, to be held against called_at - entered_at.
ALTER TABLE stop ADD COLUMN forecast_low_s INTEGER;
ALTER TABLE stop ADD COLUMN forecast_high_s INTEGER;
UPDATE stop SET agency = (SELECT agency FROM ticket WHERE ticket.id = stop.ticket),
                calls = (SELECT calls FROM ticket WHERE ticket.id = stop.ticket);

-- When a visitor was away in the middle of a service: serving time does not count it.
CREATE TABLE pause (
    seq      INTEGER PRIMARY KEY,
    ticket   INTEGER NOT NULL REFERENCES ticket (id),
    ord      INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    from_at  TEXT NOT NULL,
    until_at TEXT NOT NULL,
    to_at    TEXT
);
CREATE UNIQUE INDEX pause_one_open ON pause (ticket) WHERE to_at IS NULL;

-- What was delivered at a stop, so many times.
CREATE TABLE delivery (
    ticket   INTEGER NOT NULL REFERENCES ticket (id),
    ord      INTEGER NOT NULL,
    service  TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (ticket, ord, service)
) WITHOUT ROWID;

-- When staff gave no numbers for a service, and why.
CREATE TABLE service_stop (
    seq        INTEGER PRIMARY KEY,
    day        TEXT NOT NULL,
    service    TEXT NOT NULL,
    agency     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    stopped_by TEXT NOT NULL,
    from_at    TEXT NOT NULL,
    until_at   TEXT,
    to_at      TEXT
);
CREATE UNIQUE INDEX service_stop_one_open ON service_stop (service) WHERE to_at IS NULL;
