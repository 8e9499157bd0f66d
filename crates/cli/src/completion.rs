//! What installs beside the program: completion scripts and the manual page.

use crate::arguments::Arguments;
use crate::failure::{Attempt, Failure};
use crate::output;
use clap::CommandFactory;
use clap_complete::Shell;

/// Prints the completion script of a shell.
pub fn script(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ykt", &mut script);
    output::bytes(&script)
}

/// Prints the manual page.
pub fn man() -> Result<(), Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut page).attempt("write the manual page")?;
    output::bytes(&page)
}
