-- Projected: a business day that is over, packed for reports. A year is read in the blink of an eye, and nobody
-- who is waiting for a number feels it.
CREATE TABLE day_ledger (
    -- The last line of that day.
    seq  INTEGER PRIMARY KEY,
    day  TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL
);
