//! Rows and columns, as every way out shows them.

use super::Cell;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// As a program reads it: the unit is in it.
    pub key: &'static str,
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As a program reads it.
    pub key: String,
    pub label: String,
    pub cells: Vec<Cell>,
}

/// Figures with their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in addresses and files.
    pub key: &'static str,
    pub title: String,
    /// What the reader has to know of it.
    pub note: String,
    /// What the rows are.
    pub rows_are: Column,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// The row of everything, where there is one.
    pub total: Option<Row>,
}

impl Table {
    /// Every row, that of everything last.
    pub fn every_row(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().chain(&self.total)
    }

    /// A cell by the names of its row and column.
    pub fn cell(&self, row: &str, column: &str) -> Option<&Cell> {
        let place = self.columns.iter().position(|one| one.key == column)?;
        self.every_row().find(|one| one.key == row)?.cells.get(place)
    }
}
