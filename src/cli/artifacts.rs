//! Reads and writes files. Never overwrites unasked, never leaves half a file, never leaves its folder.
//!
//! A folder that splitter writes to holds a record (`.splitter.json`) of what was written, by hash. A
//! file that is there without being in the record, or that has another hash, is the user's.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::model::{Artifact, FormatError, Model, Plan, from_json};

/// Name of the record.
pub const RECORD: &str = ".splitter.json";
/// The facts.
pub const MODEL: &str = "model.json";
/// The proposal.
pub const PLAN: &str = "plan.json";
/// The page for people.
pub const REPORT: &str = "report.html";

/// Writes one file's content.
pub type Content<'a> = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + Sync + 'a>;

/// A folder that splitter writes to.
#[derive(Debug)]
pub struct OutDir {
    dir: PathBuf,
    record: Record,
    force: bool,
    merged: &'static [&'static str],
}

/// A file that is written and has not taken its place yet; where it never does, nothing of it stays.
#[derive(Debug)]
pub struct Staged {
    name: String,
    file: NamedTempFile,
    hash: String,
    made: MadeDirs,
}

/// What splitter wrote: relative path with `/` → accepted hashes (two while a write is under way).
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Record {
    format: String,
    major: u32,
    files: BTreeMap<String, Vec<String>>,
}

impl OutDir {
    /// The folder `dir`, which need not exist yet. With `force`, files of others are overwritten.
    ///
    /// # Errors
    /// Where a record exists and cannot be read.
    pub fn open(dir: &Path, force: bool) -> Result<Self, Error> {
        let path = dir.join(RECORD);
        let record = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| Error::Artifact { path, message: error.to_string() })
                .or_else(|error| if force { Ok(Record::default()) } else { Err(error) })?,
            // What is wrong with the folder itself is told when it is written to.
            Err(_) => Record::default(),
        };
        Ok(Self { dir: dir.into(), record, force, merged: &[] })
    }

    /// The same, where the new content of the files `merged` holds what was there before: they may have
    /// changed since splitter wrote them.
    pub fn merging(mut self, merged: &'static [&'static str]) -> Self {
        self.merged = merged;
        self
    }

    /// Makes sure that files of these names may be written: they are not there, or ours, or `force`.
    ///
    /// # Errors
    /// Where one is the user's, or would lie outside the folder.
    pub fn check<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        for name in names {
            self.check_one(name)?;
        }
        Ok(())
    }

    /// Names of the files that splitter wrote, sorted.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        self.record.files.keys().map(String::as_str)
    }

    /// Which of some files the user changed or removed since splitter wrote them.
    pub fn changed<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        let is_ours = |name: &&str| {
            let hash = self.path(name).ok().and_then(|path| hash_file(&path).ok());
            let known = self.record.files.get(*name);
            hash.is_some_and(|hash| known.is_some_and(|known| known.contains(&hash)))
        };
        names.into_iter().filter(|name| !is_ours(name)).collect()
    }

    /// Takes files away that splitter wrote, with the directories that this leaves empty, and writes the
    /// workspace's manifest anew. The record goes with the last file.
    ///
    /// # Errors
    /// Where the disk refuses; the same call then finishes the work.
    pub fn remove(mut self, names: &[String], manifest: Option<&str>) -> Result<(), Error> {
        let remove = |path: &Path| match fs::remove_file(path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Error::Write { path: path.into(), source })
            }
            _ => Ok(()),
        };
        for name in names {
            let path = self.path(name)?;
            remove(&path)?;
            self.record.files.remove(name);
            for dir in path.ancestors().skip(1).take_while(|dir| *dir != self.dir) {
                // Only succeeds on an empty directory, which is the point.
                _ = fs::remove_dir(dir);
            }
        }
        if let Some(text) = manifest {
            let path = self.path("Cargo.toml")?;
            let content: Content<'_> = Box::new(|out| out.write_all(text.as_bytes()));
            let failed = |source| Error::Write { path: path.clone(), source };
            let (file, hash) = stage(&path, &content).map_err(failed)?;
            self.record.files.insert("Cargo.toml".into(), vec![hash]);
            persist(file, &path)?;
        }
        let record = self.dir.join(RECORD);
        if self.record.files.is_empty() {
            remove(&record)?;
            _ = fs::remove_dir(&self.dir);
            return Ok(());
        }
        persist(self.stage_record()?, &record)
    }

    fn check_one(&self, name: &str) -> Result<(), Error> {
        let path = self.path(name)?;
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(Error::Write { path, source }),
        };
        if !metadata.is_file() {
            return Err(Error::Occupied { path });
        }
        if self.force {
            return Ok(());
        }
        let known = self.record.files.get(name);
        let hash = hash_file(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        match known {
            Some(hashes) if hashes.contains(&hash) || self.merged.contains(&name) => Ok(()),
            _ => Err(Error::Occupied { path }),
        }
    }

    /// The place of the file `name`: inside the folder, through no symbolic link.
    fn path(&self, name: &str) -> Result<PathBuf, Error> {
        let relative = Path::new(name);
        let mut path = self.dir.clone();
        for component in relative.components() {
            let Component::Normal(part) = component else {
                return Err(Error::Usage(format!(
                    "refused to write `{name}`: it leads out of {}",
                    self.dir.display()
                )));
            };
            path.push(part);
            let is_last = path == self.dir.join(relative);
            if !is_last && fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_dir()) {
                return Err(Error::Occupied { path });
            }
        }
        Ok(path)
    }

    /// Writes all files, or none: everything is written beside its place first, and moved there once
    /// all of it is on disk.
    ///
    /// # Errors
    /// Where a file is the user's, or the disk refuses; what was there is then still there.
    pub fn write(self, files: Vec<(String, Content<'_>)>) -> Result<(), Error> {
        self.write_with(Vec::new(), files)
    }

    /// Writes one file beside its place, for [`write_with`](Self::write_with) to move there.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn stage(&self, name: &str, content: &Content<'_>) -> Result<Staged, Error> {
        let path = self.path(name)?;
        let failed = |source| Error::Write { path: path.clone(), source };
        let mut made = MadeDirs::default();
        made.create(path.parent().unwrap_or(&self.dir)).map_err(failed)?;
        let (file, hash) = stage(&path, content).map_err(failed)?;
        Ok(Staged { name: name.to_owned(), file, hash, made })
    }

    /// As [`write`](Self::write), with files that were written `ahead`.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_with(mut self, ahead: Vec<Staged>, files: Vec<(String, Content<'_>)>) -> Result<(), Error> {
        self.check(ahead.iter().map(|staged| staged.name.as_str()))?;
        self.check(files.iter().map(|(name, _)| name.as_str()))?;
        self.check_record()?;
        let mut made = MadeDirs::default();
        let mut places = Vec::new();
        for (name, _) in &files {
            let path = self.path(name)?;
            let failed = |source| Error::Write { path: path.clone(), source };
            made.create(path.parent().unwrap_or(&self.dir)).map_err(failed)?;
            places.push(path);
        }
        let contents = files.par_iter().map(|(_, content)| content);
        let written: Vec<_> =
            places.par_iter().zip(contents).map(|(path, content)| stage(path, content)).collect();
        let mut staged = Vec::new();
        for ((name, _), (path, written)) in files.iter().zip(places.into_iter().zip(written)) {
            let (file, hash) = written.map_err(|source| Error::Write { path: path.clone(), source })?;
            staged.push((name.clone(), path, file, hash));
        }
        let mut made_ahead = Vec::new();
        for Staged { name, file, hash, made } in ahead {
            let path = self.path(&name)?;
            staged.push((name, path, file, hash));
            made_ahead.push(made);
        }

        self.record.format = "splitter-written".into();
        self.record.major = 1;
        for (name, _, _, hash) in &staged {
            // Until the move is done, either content may be there.
            let hashes = self.record.files.entry(name.clone()).or_default();
            hashes.retain(|known| known != hash);
            hashes.push(hash.clone());
        }
        let before = self.stage_record()?;
        for (name, _, _, hash) in &staged {
            self.record.files.insert(name.clone(), vec![hash.clone()]);
        }
        let after = self.stage_record()?;

        let record = self.dir.join(RECORD);
        persist(before, &record)?;
        for (_, path, file, _) in staged {
            persist(file, &path)?;
        }
        persist(after, &record)?;
        made_ahead.into_iter().chain([made]).for_each(MadeDirs::keep);
        Ok(())
    }

    /// A folder of others may hold a file of the record's name.
    fn check_record(&self) -> Result<(), Error> {
        let path = self.dir.join(RECORD);
        match fs::symlink_metadata(&path) {
            Ok(_) if self.record.format.is_empty() && !self.force => Err(Error::Occupied { path }),
            _ => Ok(()),
        }
    }

    fn stage_record(&self) -> Result<NamedTempFile, Error> {
        let path = self.dir.join(RECORD);
        let content: Content<'_> = Box::new(|out| {
            serde_json::to_writer_pretty(&mut *out, &self.record)?;
            out.write_all(b"\n")
        });
        match stage(&path, &content) {
            Ok((file, _)) => Ok(file),
            Err(source) => Err(Error::Write { path, source }),
        }
    }
}

/// Directories that were made on the way; taken away again where the write fails.
#[derive(Debug, Default)]
struct MadeDirs(Vec<PathBuf>);

impl MadeDirs {
    fn create(&mut self, dir: &Path) -> io::Result<()> {
        let missing: Vec<_> = dir
            .ancestors()
            .take_while(|dir| !dir.as_os_str().is_empty() && fs::symlink_metadata(dir).is_err())
            .collect();
        for dir in missing.into_iter().rev() {
            match fs::create_dir(dir) {
                Ok(()) => self.0.push(dir.into()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeDirs {
    fn drop(&mut self) {
        for dir in self.0.iter().rev() {
            // Only succeeds on an empty directory, which is the point.
            _ = fs::remove_dir(dir);
        }
    }
}

/// Writes `content` beside `path`; gives the file and the hash of what was written.
pub(super) fn stage(path: &Path, content: &Content<'_>) -> io::Result<(NamedTempFile, String)> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".splitter-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any file that the user makes; the umask still applies.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(dir)?;
    let mut out = BufWriter::with_capacity(1 << 16, Hashing { inner: file, hasher: blake3::Hasher::new() });
    content(&mut out)?;
    let out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok((out.inner, out.hasher.finalize().to_hex().to_string()))
}

/// Moves a staged file to its place.
pub(super) fn persist(file: NamedTempFile, path: &Path) -> Result<(), Error> {
    match file.persist(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Write { path: path.into(), source: error.error }),
    }
}

struct Hashing<W> {
    inner: W,
    hasher: blake3::Hasher,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn hash_file(path: &Path) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            n => hasher.update(&buffer[..n]),
        };
    }
}

/// The directory that is analysed: `path`, or where it is a manifest, its directory.
pub fn app_dir(path: &Path) -> PathBuf {
    if path.file_name().is_some_and(|name| name == "Cargo.toml") && path.is_file() {
        match path.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir.into(),
            _ => ".".into(),
        }
    } else {
        path.into()
    }
}

/// Where an analysis of `app` is kept unless `out` says otherwise.
pub fn out_dir(app: &Path, out: Option<&Path>) -> PathBuf {
    out.map_or_else(|| below(app, "target/splitter"), Path::to_path_buf)
}

/// A path below `dir`, without the `./` that nobody types.
pub fn below(dir: &Path, relative: &str) -> PathBuf {
    if dir == Path::new(".") { relative.into() } else { dir.join(relative) }
}

/// Reads the text of a file.
///
/// # Errors
/// Where it cannot be read.
pub fn read_text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.into(), source })
}

/// Reads the last analysis of `app` from `dir`.
///
/// # Errors
/// Where there is none, or another version wrote it.
pub fn read_analysis(app: &Path, dir: &Path) -> Result<(Model, Plan), Error> {
    Ok((read_artifact(app, &dir.join(MODEL))?, read_artifact(app, &dir.join(PLAN))?))
}

fn read_artifact<T: Artifact>(app: &Path, path: &Path) -> Result<T, Error> {
    if !path.exists() {
        let dir = path.parent().unwrap_or(path);
        return Err(Error::NoArtifact { path: dir.into(), app: app.into() });
    }
    from_json(&read_text(path)?).map_err(|error| match error {
        FormatError::Version { found, wanted } => Error::ArtifactVersion { path: path.into(), found, wanted },
        FormatError::Broken(message) => Error::Artifact { path: path.into(), message },
    })
}
