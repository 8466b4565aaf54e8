-- Primary: suggestions and complaints. The ticket is known as long as its day's answers are; the reference is what
-- its writer keeps.
CREATE TABLE complaint (
    reference   TEXT PRIMARY KEY,
    ticket      INTEGER,
    kind        TEXT NOT NULL CHECK (kind IN ('suggestion', 'complaint')),
    day         TEXT NOT NULL,
    agency      TEXT,
    topic       TEXT NOT NULL,
    words       TEXT NOT NULL,
    channel     TEXT NOT NULL CHECK (channel IN ('phone', 'desk')),
    received_at TEXT NOT NULL,
    reply       TEXT,
    replied_at  TEXT,
    replied_by  TEXT,
    closed_at   TEXT,
    closed_by   TEXT,
    CHECK ((reply IS NULL) = (replied_at IS NULL) AND (reply IS NULL) = (replied_by IS NULL)),
    CHECK (closed_at IS NULL OR reply IS NOT NULL)
) WITHOUT ROWID;
CREATE INDEX complaint_day ON complaint (day);
CREATE INDEX complaint_ticket ON complaint (ticket) WHERE ticket IS NOT NULL;
