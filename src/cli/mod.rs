//! The command line: arguments, progress, reading and writing artifacts.
