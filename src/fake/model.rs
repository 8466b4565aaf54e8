//! What kinds of printers there are, by what they understand.

/// What a printer understands beside text, sizes and line feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Answers DLE EOT.
    pub status: bool,
    /// Answers GS r and GS I.
    pub fence: bool,
    /// Answers GS ( H function 48 when everything before it is on paper.
    pub process_id: bool,
    /// Says by itself that something changed (GS a).
    pub asb: bool,
    /// Empties its buffer on DLE DC4 function 8 and on DLE ENQ.
    pub clear: bool,
    /// Prints QR codes of its own (GS ( k).
    pub qr: bool,
    /// Has a knife.
    pub cutter: bool,
    /// Sets bit 7 of DLE EOT 1 while a ticket has not been torn off (Cashino KP-628E manual).
    pub tears: bool,
    /// Dots across the paper: 576 on 80 mm, 384 on 58 mm.
    pub dots: u32,
}

impl Model {
    /// An Epson TM of today: everything.
    pub const EPSON: Self = Self {
        status: true,
        fence: true,
        process_id: true,
        asb: true,
        clear: true,
        qr: true,
        cutter: true,
        tears: false,
        dots: 576,
    };
    /// A better clone: it can be asked, and it answers a fence.
    pub const GENERIC: Self = Self { process_id: false, asb: false, clear: false, ..Self::EPSON };
    /// A cheap clone: real-time status, neither QR codes nor a knife.
    pub const CHEAP: Self = Self { fence: false, qr: false, cutter: false, ..Self::GENERIC };
    /// Prints, and says nothing at all.
    pub const SILENT: Self = Self { status: false, fence: false, ..Self::GENERIC };
}

/// How fast a printer is. `None` costs no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed {
    /// Bytes a second taken out of the buffer.
    pub drain: Option<u32>,
    /// Millimetres of paper a second.
    pub paper: Option<u32>,
}

impl Speed {
    /// Everything happens at once, for tests that are not about time.
    pub const INSTANT: Self = Self { drain: None, paper: None };
    /// 150 mm a second, as a TM-T88III prints.
    pub const USUAL: Self = Self { drain: Some(40_000), paper: Some(150) };
}
