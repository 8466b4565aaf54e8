-- Primary: the PINs that staff chose for themselves, each beside the hash of what the config said of them
-- then. A new first PIN in the config makes the own one nobody's.
CREATE TABLE credential (
    staff     TEXT PRIMARY KEY,
    pin_hash  TEXT NOT NULL,
    first     BLOB NOT NULL,
    chosen_at TEXT NOT NULL
) WITHOUT ROWID;

-- Browsers that have signed in before: other people's wrong PINs do not delay them.
CREATE TABLE device (
    id_hash BLOB PRIMARY KEY,
    seen_at TEXT NOT NULL
) WITHOUT ROWID;
