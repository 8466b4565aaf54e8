-- Who said what became of a slip, where that was not its printer.
ALTER TABLE slip ADD COLUMN settled_by TEXT;
