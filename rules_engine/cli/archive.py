"""An archive of contracts: unpacked into a work folder under limits, every file told of by its place in the archive."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError

ENDINGS = (".zip", ".tar.gz", ".tgz", ".tar")
FILES, FILE_BYTES, BYTES = 200_000, 256 * 1024**2, 2 * 1024**3
"""At most so many files, so many bytes of one, and so many of all."""
CHUNK = 1 << 20
UTF8 = 0x800
"""The mark of a zip entry whose name is UTF-8."""
ENCRYPTED = 0x1
BESIDE = "__MACOSX"
"""A folder that one system adds of itself."""
AGAIN: Words = ("pack the folder of contracts again, files only, with paths inside it.", "请重新打包合同文件夹，只含普通文件与其内部路径。")
SPLIT: Words = ("pack contracts and what they use only, or give the unpacked folder.", "请只打包合同及其引用的文件，或直接给出解包后的文件夹。")


def is_archive(path: Path) -> bool:
    """Whether a path is named as an archive and is a file."""
    return path.name.lower().endswith(ENDINGS) and path.is_file()


def archive_in(name: str) -> Path | None:
    """The archive that a path goes through (`contracts.zip/grain/a.contract`), or is; None where it goes through none."""
    path = Path(name)
    return next((place for place in (path, *path.parents) if is_archive(place)), None)


def unpack(archive: Path, folder: Path) -> None:
    """Put the files of an archive below a folder; raises `ContractError` for one that is damaged, too large, or leads out of it."""
    try:
        written = 0
        for name, stream in _entries(archive):
            with stream:
                written = _copied(stream, _place(archive, folder, name), archive, name, written)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise refused(archive, (f"it cannot be read: {said}", f"无法读取：{said}"), AGAIN) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise refused(archive, (f"it cannot be unpacked: {said}", f"无法解包：{said}"), AGAIN) from error


def _entries(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of every file, counted."""
    found = _zipped(archive) if archive.name.lower().endswith(".zip") else _tarred(archive)
    for number, entry in enumerate(found, 1):
        if number > FILES:
            raise refused(archive, (f"it holds more than {FILES:,} files", f"文件数超过 {FILES:,} 个"), SPLIT)
        yield entry


def _zipped(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as opened:
        for item in opened.infolist():
            kind = stat.S_IFMT(item.external_attr >> 16)
            if item.is_dir():
                continue
            if item.flag_bits & ENCRYPTED:
                raise refused(archive, (f"`{item.filename}` is encrypted", f"“{item.filename}”已加密"), AGAIN)
            if kind not in (0, stat.S_IFREG):
                raise refused(archive, (f"`{item.filename}` is no regular file", f"“{item.filename}”不是普通文件"), AGAIN)
            yield _named(item), opened.open(item)


def _named(item: zipfile.ZipInfo) -> str:
    """The name as it was meant: where it does not say UTF-8, UTF-8 if it is, else GB18030."""
    if item.flag_bits & UTF8 or item.filename.isascii():
        return item.filename
    data = item.filename.encode("cp437")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _tarred(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(archive) as opened:
        for item in opened:
            stream = opened.extractfile(item) if item.isreg() else None
            if stream is not None:
                yield item.name, stream
            elif not item.isdir():
                raise refused(archive, (f"`{item.name}` is no regular file", f"“{item.name}”不是普通文件"), AGAIN)


def _place(archive: Path, folder: Path, name: str) -> Path | None:
    """Where a file goes; None for what is left out. A name that leads out of the folder is refused."""
    path = PurePosixPath(name.removeprefix("./"))
    strange = "\\" in name or ":" in name or any(ord(sign) < 32 for sign in name)
    if strange or path.is_absolute() or ".." in path.parts or not path.parts:
        raise refused(archive, (f"`{name}` is no place inside it", f"“{name}”不是其内部的路径"), AGAIN)
    if path.parts[0] == BESIDE:
        return None
    place = folder / path
    if place.exists():
        raise refused(archive, (f"it holds `{name}` twice", f"“{name}”出现两次"), AGAIN)
    return place


def _copied(stream: IO[bytes], place: Path | None, archive: Path, name: str, written: int) -> int:
    """Copy one file, whatever its size is said to be; gives the bytes of all so far."""
    if place is None:
        return written
    place.parent.mkdir(parents=True, exist_ok=True)
    own = 0
    with place.open("xb") as target:
        while data := stream.read(CHUNK):
            own += len(data)
            if own > FILE_BYTES or written + own > BYTES:
                many = f"{(FILE_BYTES if own > FILE_BYTES else BYTES) // 1024**2:,} MiB"
                what = (f"`{name}` has more than {many}", f"“{name}”超过 {many}") if own > FILE_BYTES else (f"it holds more than {many}", f"内容超过 {many}")
                raise refused(archive, what, SPLIT)
            target.write(data)
    return written + own


def refused(archive: Path, why: Words, fix: Words) -> ContractError:
    """An archive that is not taken."""
    return ContractError([diagnostic("SE0886", "en", (), (f"{archive}: {why[0]}.", f"{archive}：{why[1]}。"), fix)])


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Archives and the folders they were unpacked to: what a file is called, and where it is."""

    places: tuple[tuple[str, str], ...] = ()

    def real(self, name: str) -> str:
        """Where a file of an archive is; the name itself for any other."""
        return _moved(Path(name).as_posix(), iter(self.places))

    def shown(self, name: str) -> str:
        """What a file is called: by its place in the archive."""
        return _moved(name, ((folder, archive) for archive, folder in self.places))

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Findings speak of files by their places in the archive."""
        try:
            yield
        except ContractError as error:
            told = [
                replace(
                    item,
                    places=tuple(replace(place, span=replace(place.span, file=self.shown(place.span.file))) for place in item.places),
                    why=self._in_words(item.why),
                )
                for item in error.diagnostics
            ]
            raise ContractError(told) from error

    def _in_words(self, text: str) -> str:
        for archive, folder in self.places:
            text = text.replace(folder, archive)
        return text


def _moved(name: str, places: Iterator[tuple[str, str]]) -> str:
    for start, other in places:
        if name == start or name.startswith(f"{start}/"):
            return other + name[len(start) :]
    return name


@contextmanager
def unpacked(names: list[str], work: Path) -> Iterator[Unpacked]:
    """The archives among some names, unpacked below a work folder that goes when the block ends."""
    from rules_engine.bulk.whole import held, removed

    archives = list(dict.fromkeys(place.as_posix() for name in names if (place := archive_in(name)) is not None))
    if not archives:
        yield Unpacked()
        return
    with held(work):
        removed(work)
        try:
            found = [(archive, (work / str(number)).as_posix()) for number, archive in enumerate(archives)]
            for archive, folder in found:
                Path(folder).mkdir(parents=True)
                unpack(Path(archive), Path(folder))
            yield Unpacked(tuple(found))
        finally:
            removed(work)
