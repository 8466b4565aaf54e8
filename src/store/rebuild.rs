//! The projected tables, made anew from the journal alone.

use std::ops::ControlFlow;

use rusqlite::{Connection, TransactionBehavior};

use super::folder::{DataFolder, OpenError};
use super::journal;
use super::key::SiteKey;
use super::project::project;
use super::retention::PROJECTED;
use super::verify::{Report, verify};
use super::writer::open_database;

/// Makes the projected tables of a data folder anew, in one transaction, and says in what they differed before
/// and after. Sessions, PINs and remembered answers are left as they are.
///
/// # Errors
/// The database cannot be used, or a line of its journal cannot be understood: nothing was changed then.
pub fn rebuild(folder: &DataFolder) -> Result<(Report, Report), OpenError> {
    let path = folder.database();
    let key = SiteKey::read_or_draw(&folder.key_file(), false)
        .map_err(|source| OpenError::Key { path: folder.key_file(), source })?;
    let mut conn = open_database(&path)?;
    let broken = |source| OpenError::Database { path: path.clone(), source };
    let before = verify(&conn, &key).map_err(broken)?;
    project_anew(&mut conn, &key)?.map_err(broken)?;
    let after = verify(&conn, &key).map_err(broken)?;
    folder.used();
    Ok((before, after))
}

type Written = rusqlite::Result<()>;

fn project_anew(conn: &mut Connection, key: &SiteKey) -> Result<Written, OpenError> {
    let mut unread = None;
    let done = (|| {
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (table, _) in PROJECTED {
            tx.execute(&format!("DELETE FROM {table}"), [])?;
        }
        journal::each_from(&tx, 0, |line| {
            match line.recorded() {
                Ok(recorded) => project(&tx, key, &journal::line(&recorded))?,
                Err(error) => {
                    unread = Some(OpenError::Line { seq: line.seq, reason: error.to_string() });
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if unread.is_some() { tx.rollback() } else { tx.commit() }
    })();
    unread.map_or(Ok(done), Err)
}
