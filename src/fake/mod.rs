//! A printer that is not there: ESC/POS in, answers and sheets out.
//!
//! It stands in for a printer in tests and on a desk. It shares nothing with the rooms that print: a
//! mistake made there must not be made here a second time.
//!
//! **Invariant:** what comes out on paper depends on the bytes alone, never on the pieces or the
//! moments they came in.

mod command;
mod condition;
mod machine;
mod model;
mod sheet;
mod tape;
mod voice;
mod wire;

pub use condition::{Condition, Roll};
pub use machine::Machine;
pub use model::{Model, Speed};
pub use sheet::Sheet;
pub use wire::Wire;
