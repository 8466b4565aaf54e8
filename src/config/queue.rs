//! `[queue]`, `[[outcome]]`, `[[call_reason]]`, `[[hold_reason]]`, `[[stop_reason]]`, `[[closure_reason]]`: turn,
//! calls, absence, referral, and on what terms numbers are given.

use super::names::Names;
use super::reader::{Table, Value};
use super::terms;
use super::words::text;
use crate::queue::conduct::{self, Outcome, Reason};
use crate::queue::{Band, Conduct, Terms};

pub(super) struct Queue {
    pub regular_between: u32,
    pub emergency: Band,
    pub conduct: Conduct,
    pub terms: Terms,
}

pub(super) fn queue(root: &mut Table<'_>) -> Option<Queue> {
    let usual = Conduct::default();
    let outcomes = outcomes(root);
    let call_reasons = reasons(root, "call_reason", conduct::usual_call_reasons);
    let hold_reasons = reasons(root, "hold_reason", conduct::usual_hold_reasons);
    let stop_reasons = reasons(root, "stop_reason", conduct::usual_stop_reasons);
    let closure_reasons = reasons(root, "closure_reason", conduct::usual_closure_reasons);
    let mut queue = root.optional_section("queue")?;
    // At 0 a stream of priority visitors would keep everybody else waiting for ever.
    let regular_between = queue.optional("regular_between", 2, |value| value.integer(1..=50));
    // Low numbers would be missing in the morning, and people would ask who had them.
    let from = queue.optional("emergency_from", 900, |value| value.integer(100..=9000));
    let count = queue.optional("emergency_count", 50, |value| value.integer(0..=200));
    let recalls = queue.optional("recalls", usual.recalls, |value| value.integer(1..=20));
    let call_gap_s = queue.optional("call_gap_s", usual.call_gap_s, |value| value.integer(0..=300));
    // More calls than there can be would make a no-show impossible.
    let calls_before_no_show = queue.optional("calls_before_no_show", usual.calls_before_no_show, |value| {
        let most = recalls.unwrap_or(usual.recalls) + 1;
        value.integer(1..=i64::from(most))
    });
    let return_within_min =
        queue.optional("return_within_min", usual.return_within_min, |value| value.integer(0..=240));
    let return_behind = queue.optional("return_behind", usual.return_behind, |value| value.integer(1..=20));
    let referral_behind = queue.maybe("referral_behind", |value| value.integer(1..=20));
    let undo_within_s = queue.optional("undo_within_s", usual.undo_within_s, |value| value.integer(5..=120));
    let terms = terms::of_site(&mut queue);
    Some(Queue {
        regular_between: regular_between?,
        terms: terms?,
        emergency: Band { from: from?, count: count? },
        conduct: Conduct {
            recalls: recalls?,
            call_gap_s: call_gap_s?,
            calls_before_no_show: calls_before_no_show?,
            return_within_min: return_within_min?,
            return_behind: return_behind?,
            referral_behind: referral_behind?,
            undo_within_s: undo_within_s?,
            outcomes: outcomes?,
            call_reasons: call_reasons?,
            hold_reasons: hold_reasons?,
            stop_reasons: stop_reasons?,
            closure_reasons: closure_reasons?,
        },
    })
}

/// How a service can end; the usual ways where the file names none. A console has keys 1 to 9 for them.
fn outcomes(root: &mut Table<'_>) -> Option<Vec<Outcome>> {
    let mut names = Names::new("outcome");
    let mut listed = 0;
    let read = root.each("outcome", |mut table| {
        listed += 1;
        if listed > 9 {
            let hint = "a console has the keys 1 to 9 for them".to_owned();
            table.refuse::<()>("too_many", "there are more than nine outcomes", hint);
        }
        let id = table.required("id", |value| names.declare(value));
        let name = table.required("name", text);
        let delivered = table.optional("delivered", false, Value::bool);
        Some(Outcome { id: id?, name: name?, delivered: delivered? })
    })?;
    Some(if read.is_empty() { conduct::usual_outcomes() } else { read })
}

fn reasons(root: &mut Table<'_>, key: &'static str, usual: fn() -> Vec<Reason>) -> Option<Vec<Reason>> {
    let mut names = Names::new("reason");
    let read = root.each(key, |mut table| {
        let id = table.required("id", |value| names.declare(value));
        let name = table.required("name", text);
        Some(Reason { id: id?, name: name? })
    })?;
    Some(if read.is_empty() { usual() } else { read })
}
