//! Files that are added to in the profile, the trace's and the log's: numbered, bounded, oldest deleted first,
//! readable by their owner only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use trace::pseudonym::KEY_BYTES;

use crate::disk::replace_file;

/// The trace's folder in the profile.
pub const TRACE_FOLDER: &str = "trace";

/// Files kept; each may have its share of the bytes allowed.
const FILES: u64 = 8;

/// The key of the pseudonyms: never to be handed on with a trace.
const KEY_FILE: &str = "pseudonyms.key";

/// What the trace files' names end with.
pub const TRACE_ENDING: &str = ".jsonl";

/// The files of a folder with such an ending, oldest first. None where there is no such folder.
///
/// # Errors
/// Whatever the system says.
pub fn list(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    Ok(numbered(folder, ending)?
        .into_iter()
        .map(|(_, path)| path)
        .collect())
}

fn numbered(folder: &Path, ending: &str) -> io::Result<Vec<(u64, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let number = name.and_then(|name| name.strip_suffix(ending)?.parse().ok());
        files.extend(number.map(|number| (number, path.clone())));
    }
    files.sort();
    Ok(files)
}

/// The newest file of a folder, being written.
#[derive(Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    ending: &'static str,
    number: u64,
    file: BufWriter<File>,
    bytes: u64,
    bytes_per_file: u64,
}

impl Files {
    /// Goes on with the newest file, or begins the first.
    pub(crate) fn open(folder: &Path, bytes: u64, ending: &'static str) -> io::Result<Self> {
        make_private_folder(folder)?;
        let number = numbered(folder, ending)?.last().map_or(1, |(number, _)| *number);
        let (file, length) = append_to(&path_of(folder, number, ending))?;
        Ok(Self {
            folder: folder.to_owned(),
            ending,
            number,
            file: BufWriter::new(file),
            bytes: length,
            bytes_per_file: bytes / FILES,
        })
    }

    /// The file has its share.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= self.bytes_per_file
    }

    /// Begins the next file and deletes the oldest ones.
    pub(crate) fn rotate(&mut self) -> io::Result<()> {
        self.file.flush()?;
        let (file, length) = append_to(&path_of(&self.folder, self.number + 1, self.ending))?;
        self.number += 1;
        self.file = BufWriter::new(file);
        self.bytes = length;
        for (number, path) in numbered(&self.folder, self.ending)? {
            if number.saturating_add(FILES) <= self.number {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    pub(crate) fn write_line(&mut self, line: &str) -> io::Result<()> {
        self.write(line.as_bytes())?;
        self.write(b"\n")
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn path_of(folder: &Path, number: u64, ending: &str) -> PathBuf {
    folder.join(format!("{number:06}{ending}"))
}

/// Opens a file at its end. A line that a crash has cut off is ended, so that the next one stands alone.
fn append_to(path: &Path) -> io::Result<(File, u64)> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    if length > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
            return Ok((file, length + 1));
        }
    }
    Ok((file, length))
}

/// The folder's key, made at its first use. One that is not whole is replaced: pseudonyms are then new ones.
pub(crate) fn key(folder: &Path) -> io::Result<[u8; KEY_BYTES]> {
    make_private_folder(folder)?;
    let path = folder.join(KEY_FILE);
    match fs::read(&path).map(<[u8; KEY_BYTES]>::try_from) {
        Ok(Ok(key)) => return Ok(key),
        Ok(Err(_)) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let key: [u8; KEY_BYTES] = rand::random();
    replace_file(&path, &key)?;
    Ok(key)
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
