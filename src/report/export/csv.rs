//! Tables as RFC 4180 text.

/// Collects rows; a cell is quoted where it must be.
#[derive(Default)]
pub(super) struct Csv {
    text: String,
}

impl Csv {
    /// Adds a row.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        for (idx, cell) in cells.into_iter().enumerate() {
            if idx > 0 {
                self.text.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.text.push('\n');
    }
    fn cell(&mut self, cell: &str) {
        // A spreadsheet runs what starts like a formula; a leading apostrophe makes it text.
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.len() > 1;
        if !formula && !cell.contains([',', '"', '\n', '\r']) {
            self.text.push_str(cell);
            return;
        }
        self.text.push('"');
        if formula {
            self.text.push('\'');
        }
        self.text.push_str(&cell.replace('"', "\"\""));
        self.text.push('"');
    }
    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}
