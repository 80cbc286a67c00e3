//! The matrix as a document, the same to the letter for the same outcome.

use std::fmt::Write as _;

use presence::picture::CallPhase;
use serde::Serialize;

use crate::cell::Played;
use crate::fault::Fault;
use crate::moment::Moment;

const HEAD: &str = "\
# What happens when something breaks

Written by the test that plays it (`cargo test -p headless --test reliability`): each fault at each moment of a \
shift, against a practice org, with every duration of Holdline's at a tenth; the test fails where this page is not \
what it has seen. `HOLDLINE_WRITE_RELIABILITY=1` has it written anew. Times are those at work.

What was lost is judged by the practice org's own records: no call was torn down by an Offline, and Holdline has \
written exactly what the rep had asked for, once. A problem is named by its code in the picture (`docs/picture.md`). \
While the console is open it tells calls and presence, and a fault of Salesforce's APIs is hardly noticed; so, \
unless it says otherwise, the console is closed for as long as the fault lasts, which is the worse case. DNS, TLS, \
the disk, the keyring and the clock are broken at Holdline's ports, everything else on the wire; `cargo xtask verify` \
repeats network, DNS and TLS at each moment, and the full disk, with real ones.
";

/// The document of these cells, which are in its order.
pub(crate) fn of(faults: &[Fault], cells: &[((usize, Moment), Played)]) -> String {
    let mut text = HEAD.to_owned();
    for (row, fault) in faults.iter().enumerate() {
        let _ = write!(
            text,
            "\n## {}\n\n{}\n\n| moment | the rep saw | recovered | lost |\n|---|---|---|---|\n",
            fault.name, fault.how
        );
        for ((_, moment), cell) in cells.iter().filter(|((of, _), _)| *of == row) {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                moment.name(),
                saw(cell),
                fault.ends.words(),
                cell.kept
            );
        }
    }
    text
}

fn saw(cell: &Played) -> String {
    let call = match cell.phase {
        CallPhase::Unknown => "the call is `unknown`, nothing is guessed".to_owned(),
        phase => format!("the call is `{}`", code_of(&phase)),
    };
    match &cell.told {
        Some(problem) => format!("`{}`; {call}", code_of(problem)),
        None => format!("nothing of it; {call}"),
    }
}

/// Its name in the picture.
fn code_of(value: &impl Serialize) -> String {
    let code = serde_json::to_value(value).unwrap();
    code.as_str().unwrap().to_owned()
}
