-- When a printer, a kiosk or the box was out. What is out when the day changes begins again with the new day,
-- marked as going on, so that each day stands by itself; only the box's rows reach back into another day.
CREATE TABLE downtime (
    seq       INTEGER NOT NULL,
    part      TEXT NOT NULL,
    day       TEXT NOT NULL,
    trouble   TEXT NOT NULL,
    continues INTEGER NOT NULL CHECK (continues IN (0, 1)),
    from_at   TEXT NOT NULL,
    to_at     TEXT,
    PRIMARY KEY (seq, part)
) WITHOUT ROWID;
CREATE UNIQUE INDEX downtime_one_open ON downtime (part) WHERE to_at IS NULL;
