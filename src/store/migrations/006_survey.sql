-- Projected: whether the ticket was asked to answer the survey.
ALTER TABLE ticket ADD COLUMN invited INTEGER NOT NULL DEFAULT 0 CHECK (invited IN (0, 1));

-- Primary: one row a response. The id is drawn by chance, so that no order tells which ticket it was; `ticket` and
-- the times are taken out once the link is removed, and what stays is a date.
CREATE TABLE survey_answer (
    id          INTEGER PRIMARY KEY,
    ticket      INTEGER,
    asked       TEXT NOT NULL,
    day         TEXT NOT NULL,
    agency      TEXT NOT NULL,
    service     TEXT NOT NULL,
    channel     TEXT NOT NULL CHECK (channel IN ('phone', 'desk')),
    complete    INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
    age         TEXT,
    sex         TEXT,
    education   TEXT,
    occupation  TEXT,
    started_at  TEXT,
    finished_at TEXT
);
CREATE UNIQUE INDEX survey_answer_once ON survey_answer (ticket, asked) WHERE ticket IS NOT NULL;
CREATE INDEX survey_answer_day ON survey_answer (day);

CREATE TABLE survey_score (
    answer   INTEGER NOT NULL REFERENCES survey_answer (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    score    INTEGER NOT NULL CHECK (score BETWEEN 1 AND 4),
    PRIMARY KEY (answer, question)
) WITHOUT ROWID;

-- That a ticket has answered, without leading to what: kept until its time for answering is long over.
CREATE TABLE survey_used (
    ticket INTEGER NOT NULL,
    asked  TEXT NOT NULL,
    day    TEXT NOT NULL,
    PRIMARY KEY (ticket, asked)
) WITHOUT ROWID;
