-- A day that is forgotten takes its tickets with it; what refers to one is found without reading all of it.
CREATE INDEX slip_ticket ON slip (ticket);
CREATE INDEX pause_ticket ON pause (ticket);
